// SPDX-License-Identifier: Apache-2.0

import System

/// The conversation over the pipe: lines in, one line out for each, in order.
///
/// Answers are written whole, and all of them before the session waits for more input: nothing is ever held back while
/// the other side waits. Lines that are already there may be answered together.
package struct LineSession {
  /// How a session behaves.
  package struct Options: Sendable {
    package var format: AnswerFormat
    /// Writes the neighbours and the features along (JSON only).
    package var explain: Bool
    /// Stops at the first bad line instead of answering around it.
    package var strict: Bool
    /// How many waiting lines are handed over together at most.
    package var batch: Int
    /// Ends the session where no line came, or no answer was taken, for so long.
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
    /// The input is used up.
    case endOfInput
    /// SIGINT or SIGTERM came; the lines in hand have been answered.
    case stopped
    /// Whoever read the answers has gone.
    case closedPipe
    /// No line came for too long.
    case idle
    /// Nobody took the answers for too long; some are lost.
    case stalled
    /// A bad line, with `strict`.
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

  /// How long a reader may take nothing once it is time to stop.
  package static let patienceWhenStopping = Duration.seconds(2)
  /// What a pipe takes without blocking, where it has room (PIPE_BUF).
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

  /// Runs until the input ends, a stop signal comes, or the reader goes away.
  ///
  /// - Parameter answer: answers some requests, in their order. Its errors end the session and are passed on.
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
      // Bytes alone, without an end of a line, do not count.
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

  /// The lines that have been read, up to a batch. Reads nothing: a line that is there never waits for another.
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
    // What each line gets: the place of its answer, or its fault.
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

  /// Writes the lines, piece by piece, so that a signal is heard while the reader takes none. Returns why the session ends
  /// where it does.
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
