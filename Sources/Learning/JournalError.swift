// SPDX-License-Identifier: Apache-2.0

import System

/// What can go wrong with a journal, beyond failing system calls and records that were cut off, which only cost themselves.
package enum JournalError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A folder or a pipe.
  case notRegular(path: String)
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
    case .notRegular(let path): "\(path): is no regular file; name one for the journal"
    case .foreign(let path, let rule): "\(path): \(rule); name another file for the journal"
    case .otherModel(let path, let journal, let model):
      "\(path): was learned with another model (\(journal)) than the one in use (\(model)); use that model, or begin another journal"
    case .inUse(let path): "\(path): another program learns with this journal; give each one a journal of its own"
    case .cut(let path): "\(path): was cut by another program while it was in use"
    }
  }

  /// The exit code that tells a script what happened.
  package var exitStatus: ProcessExit {
    switch self {
    case .foreign, .otherModel: .unfitFile
    case .notRegular, .inUse, .cut: .inputOutput
    }
  }
}
