// SPDX-License-Identifier: Apache-2.0
/// Why a PyTorch file was refused.
package struct PyTorchError: Error, Equatable, Sendable, CustomStringConvertible {
  package let path: String
  /// The byte in the file; nil if the error has no single place.
  package let offset: Int?
  /// The tensor concerned; nil for the whole file.
  package let tensor: String?
  package let rule: Rule

  init(path: String, offset: Int? = nil, tensor: String? = nil, rule: Rule) {
    self.path = path
    self.offset = offset
    self.tensor = tensor
    self.rule = rule
  }

  package enum Rule: Equatable, Sendable {
    /// The format of PyTorch before 1.6: a series of pickles, not an archive.
    case legacyFormat
    /// The zip archive is damaged or unsupported.
    case archive(String)
    /// A part of the archive is missing, or this program does not support it.
    case part(String)
    /// The index has an instruction that is not in the allow-list.
    case opcode(String)
    /// The index names a class or function that is not in the allow-list.
    case global(String)
    /// The index is no valid pickle.
    case pickle(String)
    /// The index has no dictionary of tensors, or several.
    case stateDictionary(String)
    /// A tensor reaches beyond its storage.
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
      "is in the format of PyTorch before 1.6, which is not supported; load it with a newer PyTorch and save it again, with "
        + "torch.save or as safetensors"
    case .archive(let what): "archive: \(what)"
    case .part(let what): what
    case .opcode(let name):
      "index: instruction \(name) is not one that torch.save writes for tensors; no code was run"
    case .global(let name):
      "index: \(name) is not a class of a dictionary of tensors; no code was run; if you trust the file, load it with PyTorch and "
        + "save only the state_dict"
    case .pickle(let what): "index: \(what)"
    case .stateDictionary(let what): what
    case .view(let what): what
    case .missingTensor: "is missing"
    case .notAFloat(let type): "has type \(type); weights are float64, float32, float16 or bfloat16"
    case .notFinite(let index): "element \(index) is infinite, not a number or too large for a float"
    }
  }
}
