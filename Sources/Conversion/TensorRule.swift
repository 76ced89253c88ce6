// SPDX-License-Identifier: Apache-2.0
/// How one tensor of a checkpoint is converted to one tensor of the model file.
struct TensorRule: Sendable {
  /// A change of the values.
  enum Transform: Sendable, Equatable {
    case none
    /// Drops rows at the beginning: BART has two unused rows before its positions.
    case droppingRows(Int)
    /// Adds row 0 of another tensor to every row: this folds the only token type into the positions. Also drops the unused
    /// rows at the beginning of RoBERTa's positions.
    case addingFirstRow(of: String, rows: Int, dropping: Int)
    /// [1, n] becomes [n].
    case flattening
  }

  enum Storage: Sendable, Equatable {
    /// The matrix of a linear layer: int8 with one scale per row, packed. Float32 if the user asks for it.
    case matrix
    /// An embedding table, whose rows are looked up: int8, row by row. Packed if it is also multiplied, as an output
    /// projection.
    case table(isMultiplied: Bool)
    /// Word embeddings that are only looked up: a table, or 4 bits if the user asks for them (`TableWidth`).
    case words
    /// Float32, for the given reason.
    case float(String)
  }

  let source: String
  let target: String
  /// The shape in the checkpoint.
  let shape: [Int]
  let storage: Storage
  let transform: Transform
  /// Other names of the same tensor. A checkpoint has at least one of the names, and its tensors with these names are equal.
  var ties: [String] = []
  /// Whether the tensor may be absent. All its elements are then 0.
  var isOptional = false

  init(_ source: String, _ target: String, _ shape: [Int], _ storage: Storage, _ transform: Transform = .none) {
    self.source = source
    self.target = target
    self.shape = shape
    self.storage = storage
    self.transform = transform
  }

  /// The shape in the model file.
  var targetShape: [Int] {
    switch transform {
    case .none: shape
    case .droppingRows(let count), .addingFirstRow(_, _, let count): [shape[0] - count] + shape.dropFirst()
    case .flattening: [shape.reduce(1, *)]
    }
  }

  /// The rules for a linear layer: its weight [output, input] and its bias.
  static func linear(_ source: String, _ target: String, _ output: Int, _ input: Int, _ storage: Storage = .matrix)
    -> [TensorRule]
  {
    [
      TensorRule(source + ".weight", target + ".weight", [output, input], storage),
      TensorRule(source + ".bias", target + ".bias", [output], .float(Reason.bias)),
    ]
  }

  /// The rules for a layer norm. Old BERT checkpoints call its two vectors gamma and beta.
  static func norm(_ source: String, _ target: String, _ size: Int) -> [TensorRule] {
    [("weight", "gamma"), ("bias", "beta")].map { name, older in
      var rule = TensorRule("\(source).\(name)", "\(target).\(name)", [size], .float(Reason.norm))
      rule.ties = ["\(source).\(older)"]
      return rule
    }
  }

  /// Why a tensor stays float32.
  enum Reason {
    static let bias = "bias: added to int32 sums after scaling"
    static let norm = "layer norm: few numbers, which scale every activation"
    static let position = "positions: added to embeddings, not multiplied"
    static let schedule = "schedule: small differences near 0 and 1 matter"
    static let diffusion = "diffusion projection: its error adds up over the steps"
    static let gate = "copying: one output, which weighs all words"
    static let rounding = "token embedding: rounding searches the nearest row"
  }
}
