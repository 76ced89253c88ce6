// SPDX-License-Identifier: Apache-2.0

/// Why a file is not written: which one, and what to do instead.
package struct OutputError: Error, Equatable, Sendable {
  /// As the caller named it.
  package let path: String
  package let rule: Rule

  package enum Rule: Equatable, Sendable {
    /// The command reads it, or writes it already: by this option or stream.
    case isUsed(by: String)
    case hasNoName
    /// A folder, a device, or a name among devices.
    case isNoFile
    case hasNoFolder(String)
    /// There is something else than what would be written.
    case isOtherKind(wanted: String)
    /// It has more names, by hard links: one of them would get the new file, the others keep the old one.
    case hasOtherNames
    case isLocked
    /// It was replaced, made or removed while its new content was made of the old one.
    case isChanged
    case systemCall(SystemCallError)
  }

  package init(path: String, rule: Rule) { (self.path, self.rule) = (path, rule) }

  /// Runs what throws errors of this type and of system calls, which get the path.
  static func naming<Result>(_ path: String, _ body: () throws -> Result) throws(OutputError) -> Result {
    do {
      return try body()
    } catch let error as OutputError {
      throw error
    } catch let error as SystemCallError {
      throw OutputError(path: path, rule: .systemCall(error))
    } catch {
      preconditionFailure("only the two errors above are thrown")
    }
  }

  /// The exit code that tells a script what happened.
  package var exitStatus: ProcessExit { rule.exitStatus }
}

extension OutputError.Rule {
  package var exitStatus: ProcessExit {
    switch self {
    case .isUsed, .hasNoName: .usage
    default: .inputOutput
    }
  }
}

extension OutputError: CustomStringConvertible {
  package var description: String { path.isEmpty ? rule.description : "\(path): \(rule)" }
}

extension OutputError.Rule: CustomStringConvertible {
  package var description: String {
    switch self {
    case .isUsed(let use): "is \(use) of this command and is not written over: name another file"
    case .hasNoName: "an output without a name: name a file"
    case .isNoFile: "is a folder, a device or a name among devices, where no file is made: name another file"
    case .hasNoFolder(let folder): "there is no folder \(folder): make it first, or name another file"
    case .isOtherKind(let wanted): "is there already and is not \(wanted): remove it first, or name another file"
    case .hasOtherNames:
      "has other names (hard links), which would keep the old content: remove them, or make it a file of its own by copying it"
    case .isLocked: "another program is writing it: try again when that is done"
    case .isChanged: "was replaced or removed by another program, so it is left as it is: try again"
    case .systemCall(let error): error.description
    }
  }
}
