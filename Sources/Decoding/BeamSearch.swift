// SPDX-License-Identifier: Apache-2.0

import Tensors

/// Greedy and beam search (Graves, "Sequence Transduction with Recurrent Neural Networks", 2012), equal to `generate` of Hugging
/// Face transformers 5 without sampling. Each step takes the 2 × beams best continuations of all running sequences. Those among
/// the first `beams` that end are finished; the best `beams` of those that do not end run on.
///
/// The vocabulary should have at least 2 × beams tokens; with fewer, some beams stay empty.
package struct BeamSearch {
  private let options: BeamOptions
  private let control: ControlTokens
  private let trellis: Trellis
  /// [beams, V]
  private let logits: FloatView
  /// The tokens of one sequence; below, one row of V floats.
  private let sequence: UnsafeMutablePointer<Int32>
  private let row: UnsafeMutablePointer<Float>
  private var candidates: Candidates
  private var finished: FinishedSequences
  /// Scores of the running sequences.
  private var running: [Float] = [0]

  /// The best `options.sequences` sequences, best first; fewer if the network's scores are NaN.
  ///
  /// Allocates its buffers and the result once; a step allocates nothing. Needs `scratch(vocabularySize:options:steps:)` bytes of
  /// arena in addition to what the scorer needs.
  ///
  /// Complexity: (maximum length) × beams × (V + the network's step).
  package static func run(
    _ scorer: inout some NextTokenScorer, options: BeamOptions, control: ControlTokens, arena: Arena
  ) throws(TensorError) -> [DecodedSequence] {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    var search = try BeamSearch(
      options: options.clamped(steps: scorer.maximumSteps), control: control, vocabularySize: scorer.vocabularySize,
      arena: arena)
    var step = 0
    while try search.advance(&scorer, step: step, arena: arena) { step += 1 }
    return search.result()
  }

  private init(options: BeamOptions, control: ControlTokens, vocabularySize: Int, arena: Arena) throws(TensorError) {
    self.options = options
    self.control = control
    let (beams, length) = (options.beams, options.maximumLength)
    trellis = try Trellis(width: beams, steps: length, arena: arena)
    logits = try arena.floats(rows: beams, columns: vocabularySize)
    sequence = try arena.integers(length)
    row = try arena.floats(rows: 1, columns: vocabularySize).base
    candidates = Candidates(limit: beams == 1 ? 1 : 2 * beams)
    finished = FinishedSequences(limit: beams)
    running.reserveCapacity(beams)
    trellis.set(step: 0, slot: 0, token: control.start, parent: 0, logProbability: 0)
  }

  /// Adds one token to the sequences of `step` + 1 tokens. Returns false when the search is over.
  private mutating func advance(
    _ scorer: inout some NextTokenScorer, step: Int, arena: Arena
  ) throws(TensorError) -> Bool {
    let length = step + 1
    let isLast = length + 1 == options.maximumLength
    let (tokens, parents) = trellis.step(step, count: running.count)
    candidates.removeAll()
    let first = step == 0 ? control.forcedFirst : nil
    if let forced = isLast ? control.forcedLast ?? first : first {
      // The last step's scores are not used then, so the network need not run.
      if !isLast { try scorer.score(tokens, parents: parents, into: logits.rows(from: 0, count: running.count), arena: arena) }
      for beam in running.indices {
        candidates.insert(
          Candidate(score: running[beam], beam: Int32(truncatingIfNeeded: beam), token: forced, logProbability: 0))
      }
    } else {
      try scorer.score(tokens, parents: parents, into: logits.rows(from: 0, count: running.count), arena: arena)
      for beam in running.indices { offer(beam, step: step) }
    }
    choose(step: step, isLast: isLast)
    if running.isEmpty { return false }
    return !finished.isFull || mayImprove(generated: length)
  }

  /// Adds the continuations of one running sequence to the candidates.
  private mutating func offer(_ beam: Int, step: Int) {
    let scores = logits.row(beam)
    let count = logits.columns
    let largest = scores[Kernels.argmax(scores, count: count)]
    row.update(from: scores, count: count)
    let sum = Kernels.softmax(row, count: count)
    let normalizer = (largest: largest, logSum: Float(DeterministicMath.log(Double(max(sum, 1)))))
    ban(scores, beam: beam, step: step)
    candidates.insert(scores, count: count, normalizer: normalizer, beam: beam, score: running[beam])
  }

  /// Sets the scores of forbidden tokens to minus infinity. The log-probabilities of the others do not change.
  private func ban(_ scores: UnsafeMutablePointer<Float>, beam: Int, step: Int) {
    let (length, n) = (step + 1, options.noRepeat)
    func ban(_ token: Int32) {
      if token >= 0, Int(token) < logits.columns { scores[Int(token)] = -.infinity }
    }
    if length < options.minimumLength { ban(control.end) }
    guard n > 0, length >= n else { return }
    trellis.read(step: step, slot: beam, into: sequence)
    // An n-gram whose first n - 1 tokens are the sequence's last n - 1 would be repeated by its own last token.
    for start in 0...length - n where (0..<n - 1).allSatisfy({ sequence[start + $0] == sequence[length - n + 1 + $0] }) {
      ban(sequence[start + n - 1])
    }
  }

  /// Finishes the candidates that end, and continues the best others.
  private mutating func choose(step: Int, isLast: Bool) {
    running.removeAll(keepingCapacity: true)
    for (rank, candidate) in candidates.best.enumerated() {
      if isLast || candidate.token == control.end {
        guard rank < options.beams else { continue }
        let score = candidate.score / power(step + 1)
        finished.insert(FinishedSequences.Entry(score: score, step: step, candidate: candidate))
      } else if running.count < options.beams {
        trellis.set(
          step: step + 1, slot: running.count, token: candidate.token, parent: candidate.beam,
          logProbability: candidate.logProbability)
        running.append(candidate.score)
      }
    }
  }

  /// Whether a running sequence may still beat the worst finished one. `generated` tokens follow the start so far.
  private func mayImprove(generated: Int) -> Bool {
    let length: Int
    switch options.earlyStopping {
    case .whenFull: return false
    case .whenBehind: length = generated
    case .never: length = options.lengthPenalty > 0 ? options.maximumLength - 1 : generated
    }
    return running[0] / power(length) > finished.worst
  }

  /// length^lengthPenalty
  private func power(_ length: Int) -> Float {
    if options.lengthPenalty == 0 { return 1 }
    if options.lengthPenalty == 1 { return Float(length) }
    return Float(DeterministicMath.exp(options.lengthPenalty * DeterministicMath.log(Double(length))))
  }

  private func result() -> [DecodedSequence] {
    finished.entries.prefix(options.sequences).map { entry in
      var tokens = [Int32](repeating: 0, count: entry.step + 1)
      var logProbabilities = [Float](repeating: 0, count: entry.step + 1)
      trellis.read(
        step: entry.step, slot: Int(entry.candidate.beam), into: &tokens, logProbabilities: &logProbabilities)
      return DecodedSequence(
        tokens: tokens.dropFirst() + [entry.candidate.token], score: entry.score,
        logProbabilities: logProbabilities.dropFirst() + [entry.candidate.logProbability])
    }
  }

  /// Arena bytes of a search over a vocabulary.
  ///
  /// - Parameter steps: the scorer's `maximumSteps`.
  package static func scratch(vocabularySize: Int, options: BeamOptions, steps: Int) -> Int {
    let options = options.clamped(steps: steps)
    return Trellis.scratch(width: options.beams, steps: options.maximumLength)
      + Arena.bytes(options.beams * vocabularySize, Float.self) + Arena.bytes(vocabularySize, Float.self)
      + Arena.bytes(options.maximumLength, Int32.self)
  }
}
