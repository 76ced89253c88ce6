// SPDX-License-Identifier: Apache-2.0
/// How one tensor of a checkpoint becomes one tensor of the model file.
struct TensorRule: Sendable {
  /// What is done to the values on the way.
  enum Transform: Sendable, Equatable {
    case none
    /// Drops rows at the beginning: BART keeps two unused rows before its positions.
    case droppingRows(Int)
    /// Adds row 0 of another tensor to every row: the only token type there is, folded into the positions. RoBERTa's
    /// positions begin with rows that are never read, and those are dropped.
    case addingFirstRow(of: String, rows: Int, dropping: Int)
    /// [1, n] becomes [n].
    case flattening
  }

  enum Storage: Sendable, Equatable {
    /// A matrix of a linear layer: int8 with one scale per row, packed, unless floats are asked for.
    case matrix
    /// An embedding's table, whose rows are looked up: int8, too; packed where it is multiplied with as well, as an output
    /// projection, otherwise row by row.
    case table(isMultiplied: Bool)
    /// Stays float32, for the reason given.
    case float(String)
  }

  let source: String
  let target: String
  /// In the checkpoint.
  let shape: [Int]
  let storage: Storage
  let transform: Transform
  /// Other names of the same tensor; a checkpoint has one of them at least, and those it has are equal.
  var ties: [String] = []
  /// Whether the tensor may be absent; all its elements are 0 then.
  var isOptional = false

  init(_ source: String, _ target: String, _ shape: [Int], _ storage: Storage, _ transform: Transform = .none) {
    self.source = source
    self.target = target
    self.shape = shape
    self.storage = storage
    self.transform = transform
  }

  /// In the model file.
  var targetShape: [Int] {
    switch transform {
    case .none: shape
    case .droppingRows(let count), .addingFirstRow(_, _, let count): [shape[0] - count] + shape.dropFirst()
    case .flattening: [shape.reduce(1, *)]
    }
  }

  /// A linear layer [output, input] with its bias.
  static func linear(_ source: String, _ target: String, _ output: Int, _ input: Int, _ storage: Storage = .matrix)
    -> [TensorRule]
  {
    [
      TensorRule(source + ".weight", target + ".weight", [output, input], storage),
      TensorRule(source + ".bias", target + ".bias", [output], .float(Reason.bias)),
    ]
  }

  /// A layer norm; checkpoints of BERT's first years call its two vectors gamma and beta.
  static func norm(_ source: String, _ target: String, _ size: Int) -> [TensorRule] {
    [("weight", "gamma"), ("bias", "beta")].map { name, older in
      var rule = TensorRule("\(source).\(name)", "\(target).\(name)", [size], .float(Reason.norm))
      rule.ties = ["\(source).\(older)"]
      return rule
    }
  }

  /// Why a tensor stays float.
  enum Reason {
    static let bias = "bias: added to int32 sums after scaling"
    static let norm = "layer norm: a few numbers that every activation passes"
    static let position = "positions: added to embeddings, not multiplied"
    static let schedule = "schedule: its differences matter near 0 and 1"
    static let diffusion = "diffusion projection: its error comes back in every step"
    static let rounding = "token embedding: rounding looks for the nearest row"
  }
}
