// SPDX-License-Identifier: Apache-2.0

import System

/// A session over a pipe: reads lines and writes one answer line for each, in order.
///
/// Before the session waits for more input, it writes all answers completely, so no answer is held back while the other
/// side waits. Lines that have already arrived may be answered together.
package struct LineSession {
  /// The options of a session.
  package struct Options: Sendable {
    package var format: AnswerFormat
    /// Also writes the neighbours and the features (JSON only).
    package var explain: Bool
    /// Stops at the first invalid line instead of continuing with the next.
    package var strict: Bool
    /// The maximum number of lines that are answered together.
    package var batch: Int
    /// Ends the session after this long without an input line, or without the reader taking an answer.
    package var patience: Duration?

    package init(
      format: AnswerFormat = .text, explain: Bool = false, strict: Bool = false, batch: Int = 1, patience: Duration? = nil
    ) {
      self.format = format
      self.explain = explain
      self.strict = strict
      self.batch = max(1, batch)
      self.patience = patience
    }
  }

  /// Why a session ended.
  package enum End: Equatable, Sendable {
    /// The input ended.
    case endOfInput
    /// SIGINT or SIGTERM arrived; the lines already read are answered.
    case stopped
    /// The reader of the answers closed the pipe.
    case closedPipe
    /// No line arrived for too long.
    case idle
    /// The reader took no answers for too long; some answers are lost.
    case stalled
    /// An invalid line, with `strict`.
    case badLine(LineFault)
  }

  private let options: Options
  private let input: Descriptor
  private let output: Descriptor
  private let messages: Descriptor
  private let signals: StopSignals
  private var splitter = LineSplitter()
  private var chunk = [UInt8](repeating: 0, count: 64 * 1024)
  private var lineNumber = 0
  private var isAtEnd = false
  private var lastLine = ContinuousClock.now

  /// After a stop signal, how long to wait for a reader that takes nothing.
  package static let patienceWhenStopping = Duration.seconds(2)
  /// The bytes that a pipe with free space takes without blocking (PIPE_BUF).
  private static let pipeSize = 4096

  package init(
    options: Options, signals: StopSignals, input: Descriptor = .standardInput, output: Descriptor = .standardOutput,
    messages: Descriptor = .standardError
  ) {
    self.options = options
    self.input = input
    self.output = output
    self.messages = messages
    self.signals = signals
  }

  /// Runs until the session ends; `End` lists the reasons.
  ///
  /// - Parameter answer: answers the requests, in their order. Its errors end the session and are rethrown.
  package mutating func run(_ answer: ([Request]) throws -> [Answer]) throws -> End {
    while true {
      if signals.isStopping { return .stopped }
      let lines = takeLines()
      if !lines.isEmpty {
        if let end = try reply(to: lines, answer) { return end }
        lastLine = .now
        continue
      }
      if isAtEnd { return .endOfInput }
      let deadline = options.patience.map { lastLine + $0 }
      switch try signals.waitToRead(input, until: deadline) {
      // Bytes without a line end do not reset the clock.
      case .ready:
        if let deadline, deadline < .now { return .idle }
        try read()
      case .stopping: return .stopped
      case .late: return .idle
      }
    }
  }

  private mutating func read() throws(SystemCallError) {
    let count = try input.read(into: &chunk)
    if count == 0 { isAtEnd = true } else { splitter.append(chunk[..<count]) }
  }

  /// The lines that have arrived, at most one batch. It reads no input, so a line never waits for the next one.
  private mutating func takeLines() -> [LineSplitter.Line] {
    var lines: [LineSplitter.Line] = []
    while lines.count < options.batch, let line = splitter.next() { lines.append(line) }
    if isAtEnd, lines.count < options.batch, let line = splitter.finish() { lines.append(line) }
    return lines
  }

  private mutating func reply(
    to lines: [LineSplitter.Line], _ answer: ([Request]) throws -> [Answer]
  ) throws -> End? {
    var requests: [Request] = []
    // For each line, the place of its answer or its fault.
    var slots: [Result<Int, LineFault>] = []
    var bad: LineFault?
    for line in lines {
      lineNumber += 1
      do {
        requests.append(try request(line))
        slots.append(.success(requests.count - 1))
      } catch {
        report(error)
        if options.strict {
          bad = error
          break
        }
        slots.append(.failure(error))
      }
    }
    let answers = requests.isEmpty ? [] : try answer(requests)
    var bytes: [UInt8] = []
    for slot in slots {
      switch slot {
      case .success(let place):
        bytes += options.format.line(answers[place], id: requests[place].id, explain: options.explain)
      case .failure(let fault): bytes += options.format.line(fault)
      }
    }
    return try deliver(bytes) ?? bad.map(End.badLine)
  }

  /// Writes the lines in pieces, so that it notices a signal while the reader takes nothing. Returns the reason if the
  /// session ends here.
  private func deliver(_ bytes: [UInt8]) throws(SystemCallError) -> End? {
    let size = output.isFile ? bytes.count : Self.pipeSize
    var rest = bytes[...]
    var start = ContinuousClock.now
    while !rest.isEmpty {
      let patience = signals.isStopping ? Self.patienceWhenStopping : options.patience
      switch try signals.waitToWrite(output, until: patience.map { start + $0 }) {
      case .ready: break
      case .stopping:
        start = .now
        continue
      case .late: return .stalled
      }
      do {
        rest = rest.dropFirst(try output.write(some: rest.prefix(size)))
      } catch {
        if error.isReaderGone { return .closedPipe }
        throw error
      }
      start = .now
    }
    return nil
  }

  private func request(_ line: LineSplitter.Line) throws(LineFault) -> Request {
    switch line {
    case .bytes(let bytes): return try Request(line: lineNumber, bytes: bytes)
    case .tooLong:
      throw LineFault(
        line: lineNumber, code: .lineTooLong, message: "the line is longer than \(splitter.limit) bytes")
    }
  }

  private func report(_ fault: LineFault) {
    messages.say("assigner: line \(fault.line): \(fault.message)\n")
  }
}
