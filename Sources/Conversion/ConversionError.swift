// SPDX-License-Identifier: Apache-2.0

import ModelFile
import System

/// Why a checkpoint cannot be converted. Nothing is written after such an error.
package enum ConversionError: Error, Equatable, Sendable {
  /// A file could not be read or written.
  case file(ContainerError)
  /// A Git LFS pointer in place of the file.
  case gitPointer(path: String)
  case safetensors(SafetensorsError)
  case pytorch(PyTorchError)
  /// A sharded checkpoint whose index and files do not agree.
  case shards(path: String, String)
  /// A folder without a file of weights; with the names that were tried.
  case noTensors(path: String, [String])
  /// A JSON file is broken, lacks a value, or has a value that this program does not support.
  case json(path: String, JSONError)
  /// Tensors that the architecture does not have.
  case unknownTensors(path: String, [String])
  case missingTensors(path: String, [String])
  case shape(path: String, tensor: String, expected: [Int], found: [Int])
  /// Tensors of a SeqDiffuSeq checkpoint whose use was never published.
  case unpublished(path: String, [String])
  /// A SeqDiffuSeq checkpoint without its noise schedule.
  case noSchedule(path: String)
  /// Not a NumPy file, or not a noise schedule.
  case numpy(path: String, String)
  /// Two tensors differ that must be equal in this architecture.
  case tied(path: String, tensor: String, String)
  /// An adapter that is not merged into its network.
  case unmerged(path: String)
  /// A vocabulary does not fit its network.
  case vocabulary(path: String, String)
  case ranking(path: String, String)
  /// The noise schedule is invalid.
  case schedule(path: String, String)
  /// Input scales that do not fit the network.
  case inputScale(path: String, tensor: String, String)
  /// Empty separators, or separators for a generator that is not a BART.
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
      "\(path): \(Self.list(names, "unknown tensor")): not part of SeqDiffuSeq; it is not published how ASSIGNER feeds the "
        + "embeddings of retrieved hashtags to its network, so a checkpoint that was trained with them cannot be run"
    case .noSchedule(let path):
      "\(path): this is a SeqDiffuSeq checkpoint: give its noise schedule with --schedule, the newest alpha_cumprod_step_N.npy "
        + "that was written before the weights"
    case .numpy(let path, let what): "\(path): \(what)"
    case .unmerged(let path):
      "\(path): adapters are not supported; merge it into the network (PEFT's merge_and_unload) and save the whole network"
    case .vocabulary(let path, let what): "\(path): \(what)"
    case .tied(let path, let tensor, let other):
      "\(path): tensor \"\(tensor)\": differs from \"\(other)\"; the two are tied in this architecture and must be equal"
    case .schedule(let path, let what): "\(path): tensor \"diffusion.alpha_bar\": \(what)"
    case .inputScale(let path, let tensor, let what): "\(path): tensor \"\(tensor)\": \(what)"
    case .ranking(let path, let what): "\(path): ranking: \(what)"
    case .separators: "--source-separator and --target-separator must not be empty, and are for a BART generator only"
    case .noNetwork: "no checkpoint is given; name a retriever, a selector, a generator, or several of them"
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
