// SPDX-License-Identifier: Apache-2.0

/// Why an output file is not written: the file, and what to do instead.
package struct OutputError: Error, Equatable, Sendable {
  /// The path as the caller gave it.
  package let path: String
  package let rule: Rule

  package enum Rule: Equatable, Sendable {
    /// The command reads or writes this file already, by the given option or stream.
    case isUsed(by: String)
    case hasNoName
    /// A folder, a device, or a name in /dev.
    case isNoFile
    case hasNoFolder(String)
    /// A file of another kind is there.
    case isOtherKind(wanted: String)
    /// The file has other names (hard links): one name would get the new file, the others would keep the old one.
    case hasOtherNames
    case isLocked
    /// Another program replaced, made or removed the file while its new content was prepared.
    case isChanged
    case systemCall(SystemCallError)
  }

  package init(path: String, rule: Rule) { (self.path, self.rule) = (path, rule) }

  /// Runs code that throws this type or `SystemCallError`, and adds the path to the latter.
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
    case .isUsed(let use): "is also \(use) of this command and would be overwritten: name another file"
    case .hasNoName: "the name of the output is empty: name a file"
    case .isNoFile: "is a folder, a device or a name in /dev: name a regular file"
    case .hasNoFolder(let folder): "there is no folder \(folder): make it first, or name another file"
    case .isOtherKind(let wanted): "exists already and is not \(wanted): remove it first, or name another file"
    case .hasOtherNames:
      "has other names (hard links), which would keep the old content: remove them, or replace this name by a copy"
    case .isLocked: "another program is writing it: try again when that program is done"
    case .isChanged: "was replaced or removed by another program and is left unchanged: try again"
    case .systemCall(let error): error.description
    }
  }
}
