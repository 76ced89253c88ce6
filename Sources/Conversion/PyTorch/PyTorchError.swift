// SPDX-License-Identifier: Apache-2.0
/// Why a PyTorch file was refused.
package struct PyTorchError: Error, Equatable, Sendable, CustomStringConvertible {
  package let path: String
  /// Byte offset in the file, nil where no single place is to blame.
  package let offset: Int?
  /// The tensor concerned, nil for the file as a whole.
  package let tensor: String?
  package let rule: Rule

  init(path: String, offset: Int? = nil, tensor: String? = nil, rule: Rule) {
    self.path = path
    self.offset = offset
    self.tensor = tensor
    self.rule = rule
  }

  package enum Rule: Equatable, Sendable {
    /// The format of PyTorch before 1.6: pickles one behind the other, no archive.
    case legacyFormat
    /// The archive itself.
    case archive(String)
    /// The archive lacks a part, or one says what this program cannot read.
    case part(String)
    /// An instruction of the index outside the allow-list.
    case opcode(String)
    /// A class or function of the index outside the allow-list.
    case global(String)
    /// The index breaks the rules of pickles.
    case pickle(String)
    /// No dictionary of tensors, or more than one.
    case stateDictionary(String)
    /// A tensor that its storage does not hold.
    case view(String)
    case missingTensor
    case notAFloat(String)
    case notFinite(index: Int)
  }

  package var description: String {
    var place = path + ": "
    if let offset { place += "byte \(offset): " }
    if let tensor { place += "tensor \"\(tensor)\": " }
    return place + rule.description
  }
}

extension PyTorchError.Rule: CustomStringConvertible {
  package var description: String {
    switch self {
    case .legacyFormat:
      "is in the format of PyTorch before 1.6, which is not read; load it with PyTorch and save it again "
        + "(torch.save writes an archive since), or as safetensors"
    case .archive(let what): "archive: \(what)"
    case .part(let what): what
    case .opcode(let name):
      "index: instruction \(name) is not among those that torch.save writes for tensors; nothing of it was run"
    case .global(let name):
      "index: \(name) is not among the classes of a dictionary of tensors, and nothing of it was run; if the file can be "
        + "trusted, load it with PyTorch and save the state_dict alone"
    case .pickle(let what): "index: \(what)"
    case .stateDictionary(let what): what
    case .view(let what): what
    case .missingTensor: "is missing"
    case .notAFloat(let type): "has type \(type); weights are float64, float32, float16 or bfloat16"
    case .notFinite(let index): "element \(index) is infinite, not a number or too large for a float"
    }
  }
}
