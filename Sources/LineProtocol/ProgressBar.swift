// SPDX-License-Identifier: Apache-2.0

import ModelFile
import System

/// A progress bar with rate and remaining time, redrawn in one line of a terminal. Silent if the output is no terminal.
package struct ProgressBar {
  private let output: Descriptor
  private let isShown: Bool
  private let clock = ContinuousClock()
  private var start: ContinuousClock.Instant
  private var lastDrawn: ContinuousClock.Instant?
  private var label = ""

  package init(output: Descriptor = .standardError) {
    self.output = output
    isShown = output.isTerminal
    start = clock.now
  }

  /// Shows the progress of the work with this label. A new label starts a new bar.
  ///
  /// - Parameter total: nil if the total is unknown.
  package mutating func show(_ label: String, done: Int, total: Int?) {
    guard isShown else { return }
    let now = clock.now
    if label != self.label {
      if !self.label.isEmpty { draw("\n") }
      (self.label, start, lastDrawn) = (label, now, nil)
    }
    if let lastDrawn, now - lastDrawn < .milliseconds(100), done < total ?? .max { return }
    lastDrawn = now
    draw("\r" + Self.line(label, done: done, total: total, elapsed: now - start) + "\u{1B}[K")
  }

  /// Keeps the last bar and starts a new line.
  package mutating func finish() {
    if isShown, !label.isEmpty { draw("\n") }
    label = ""
  }

  /// Not `say`: a bar contains control characters that move the cursor.
  private func draw(_ text: String) { try? output.write(Array(text.utf8)) }

  /// The text of a bar.
  static func line(_ label: String, done: Int, total: Int?, elapsed: Duration) -> String {
    let seconds = elapsed.seconds
    let rate = seconds > 0 ? Double(done) / seconds : 0
    let speed = "\(JSONText.decimal(rate, places: 1))/s"
    guard let total else { return "\(label) \(done) \(speed)" }
    let part = total > 0 ? min(1, Double(done) / Double(total)) : 1
    let width = 30
    let filled = Int(part * Double(width))
    let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
    let left = rate > 0 ? "\(time(Double(total - done) / rate)) left" : "–"
    return "\(label) [\(bar)] \(done)/\(total) \(speed) \(left)"
  }

  private static func time(_ seconds: Double) -> String {
    let whole = Int(min(1e9, max(0, seconds.rounded(.up))))
    let (minutes, rest) = (whole / 60, whole % 60)
    if minutes >= 60 { return "\(minutes / 60) h \(minutes % 60) min" }
    return minutes > 0 ? "\(minutes) min \(rest) s" : "\(rest) s"
  }
}
