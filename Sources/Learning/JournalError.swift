// SPDX-License-Identifier: Apache-2.0

import ModelFile

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What can go wrong with a journal beyond records that were cut off, which only cost themselves.
package enum JournalError: Error, Equatable, Sendable, CustomStringConvertible {
  /// It is not there, or may not be opened.
  case missing(path: String, errno: Int32)
  /// A folder or a pipe.
  case notRegular(path: String)
  /// A system call failed.
  case inputOutput(path: String, call: String, errno: Int32)
  /// The file does not begin as a journal does.
  case foreign(path: String, String)
  /// Its embeddings are those of another model.
  case otherModel(path: String, journal: String, model: String)
  /// Another program learns with it.
  case inUse(path: String)
  /// Somebody cut it while it was in use.
  case cut(path: String)

  package var description: String {
    switch self {
    case .missing(let path, let errno): "\(path): cannot be opened: \(Self.message(errno))"
    case .notRegular(let path): "\(path): is no regular file; name one for the journal"
    case .inputOutput(let path, let call, let errno): "\(path): \(call) failed: \(Self.message(errno))"
    case .foreign(let path, let rule): "\(path): \(rule); name another file for the journal"
    case .otherModel(let path, let journal, let model):
      "\(path): was learned with another model (\(journal)) than the one in use (\(model)): use that model, or begin another journal"
    case .inUse(let path): "\(path): another program learns with this journal; give each one a journal of its own"
    case .cut(let path): "\(path): was cut by another program while it was in use"
    }
  }

  /// The exit code that tells a script what happened.
  package var exitStatus: ProcessExit {
    switch self {
    case .missing: .missingFile
    case .foreign, .otherModel: .unfitFile
    case .notRegular, .inputOutput, .inUse, .cut: .inputOutput
    }
  }

  private static func message(_ errno: Int32) -> String { strerror(errno).map { String(cString: $0) } ?? "error \(errno)" }
}
