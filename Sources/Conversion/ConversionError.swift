// SPDX-License-Identifier: Apache-2.0

import ModelFile
import System

/// Why a checkpoint did not become a model file. Nothing is written where one is thrown.
package enum ConversionError: Error, Equatable, Sendable {
  /// A file could not be read or written.
  case file(ContainerError)
  /// What stands where Git LFS has the file.
  case gitPointer(path: String)
  case safetensors(SafetensorsError)
  case pytorch(PyTorchError)
  /// A sharded checkpoint whose index and files do not agree.
  case shards(path: String, String)
  /// A folder with no file of tensors; the names that were looked for.
  case noTensors(path: String, [String])
  /// A JSON file is broken, lacks a value or has one that this program cannot run.
  case json(path: String, JSONError)
  /// Tensors that no network of this architecture has.
  case unknownTensors(path: String, [String])
  case missingTensors(path: String, [String])
  case shape(path: String, tensor: String, expected: [Int], found: [Int])
  /// Tensors of a reference checkpoint whose use was never published.
  case unpublished(path: String, [String])
  /// A reference checkpoint without its noise schedule.
  case noSchedule(path: String)
  /// A NumPy file that is none, or no noise schedule.
  case numpy(path: String, String)
  /// Two tensors that are one in this architecture differ.
  case tied(path: String, tensor: String, String)
  /// A part that is kept beside its network.
  case unmerged(path: String)
  /// A vocabulary does not fit its network.
  case vocabulary(path: String, String)
  case ranking(path: String, String)
  /// The noise schedule is none.
  case schedule(path: String, String)
  /// Input scales that do not fit the network.
  case inputScale(path: String, tensor: String, String)
  /// Separators for a generator that has no use for them, or empty ones.
  case separators
  /// No network was given.
  case noNetwork
}

extension ConversionError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .file(let error): error.description
    case .gitPointer(let path): "\(path): \(GitPointer.complaint)"
    case .safetensors(let error): error.description
    case .pytorch(let error): error.description
    case .shards(let path, let what): "\(path): \(what)"
    case .noTensors(let path, let names): "\(path): has none of \(names.joined(separator: ", "))"
    case .json(let path, let error): "\(path): \(error)"
    case .unknownTensors(let path, let names): "\(path): \(Self.list(names, "unknown tensor"))"
    case .missingTensors(let path, let names): "\(path): \(Self.list(names, "missing tensor"))"
    case .shape(let path, let tensor, let expected, let found):
      "\(path): tensor \"\(tensor)\": has shape \(found); the configuration makes \(expected)"
    case .unpublished(let path, let names):
      "\(path): \(Self.list(names, "unknown tensor")): not part of SeqDiffuSeq; how ASSIGNER feeds the vectors of retrieved "
        + "hashtags to its network is not published, so that a checkpoint trained with them cannot be run"
    case .noSchedule(let path):
      "\(path): a checkpoint of SeqDiffuSeq: give its noise schedule with --schedule, the newest alpha_cumprod_step_N.npy that "
        + "was written before the weights"
    case .numpy(let path, let what): "\(path): \(what)"
    case .unmerged(let path):
      "\(path): an adapter changes the network and is not applied here; merge it (PEFT's merge_and_unload) and save the whole"
    case .vocabulary(let path, let what): "\(path): \(what)"
    case .tied(let path, let tensor, let other):
      "\(path): tensor \"\(tensor)\": differs from \"\(other)\", with which it should be one"
    case .schedule(let path, let what): "\(path): tensor \"diffusion.alpha_bar\": \(what)"
    case .inputScale(let path, let tensor, let what): "\(path): tensor \"\(tensor)\": \(what)"
    case .ranking(let path, let what): "\(path): ranking: \(what)"
    case .separators: "separators are given, neither of them empty, for a BART as RIGHT's generator, and for nothing else"
    case .noNetwork: "no checkpoint is given; a model file holds a retriever, a selector, a generator, or some of them"
    }
  }

  package var exitStatus: ProcessExit {
    switch self {
    case .file(let error): error.exitStatus
    case .noNetwork, .separators: .usage
    case .noTensors: .missingFile
    default: .unfitFile
    }
  }

  private static func list(_ names: [String], _ what: String) -> String {
    let shown = names.prefix(20).map { "\"\($0)\"" }.joined(separator: ", ")
    let rest = names.count > 20 ? " and \(names.count - 20) more" : ""
    return "\(what)\(names.count == 1 ? "" : "s") \(shown)\(rest)"
  }
}
