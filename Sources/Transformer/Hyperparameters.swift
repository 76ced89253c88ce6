// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// One object of the metadata. Values are range-checked, so that no product of two sizes can overflow later.
package struct Hyperparameters {
  let file: ContainerFile
  let path: [String]
  let object: JSONValue

  /// - Parameter path: the object's path from the metadata's root: ["generator", "encoder"].
  package init(file: ContainerFile, path: [String]) throws(ContainerError) {
    self.file = file
    self.path = path
    guard let object = file.metadata.value(at: path) else {
      throw file.failure(.metadata("\(path.joined(separator: ".")) is missing"), section: "metadata")
    }
    self.object = object
  }

  package func contains(_ name: String) -> Bool { object[name] != nil }

  package func integer(_ name: String, in range: ClosedRange<Int>) throws(ContainerError) -> Int {
    do { return try object.integer(name, in: range) } catch { throw failure(error) }
  }

  package func number(_ name: String) throws(ContainerError) -> Double {
    do { return try object.number(name) } catch { throw failure(error) }
  }

  package func bool(_ name: String) throws(ContainerError) -> Bool {
    do { return try object.bool(name) } catch { throw failure(error) }
  }

  package func text(_ name: String, default absent: String) throws(ContainerError) -> String {
    guard contains(name) else { return absent }
    do { return try object.string(name) } catch { throw failure(error) }
  }

  /// The enumeration's value whose raw value is the string at `name`.
  package func choice<Value: RawRepresentable<String> & CaseIterable>(
    _ name: String, of type: Value.Type = Value.self
  ) throws(ContainerError) -> Value {
    let found: String
    do { found = try object.string(name) } catch { throw failure(error) }
    guard let value = Value(rawValue: found) else {
      throw failure("\(name) is \"\(found)\"; this program knows \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return value
  }

  /// Requires that a setting, if present, has the only value that this program supports.
  package func require(_ name: String, _ only: String) throws(ContainerError) {
    guard contains(name) else { return }
    let found: String
    do { found = try object.string(name) } catch { throw failure(error) }
    if found != only { throw failure("\(name) is \"\(found)\"; this program knows only \"\(only)\"") }
  }

  /// The string at `name`, which must be one of `known`.
  package func choice(_ name: String, of known: [String], default absent: String) throws(ContainerError) -> String {
    guard contains(name) else { return absent }
    let found: String
    do { found = try object.string(name) } catch { throw failure(error) }
    guard known.contains(found) else {
      throw failure("\(name) is \"\(found)\"; this program knows \(known.map { "\"\($0)\"" }.joined(separator: ", "))")
    }
    return found
  }

  package func failure(_ message: String) -> ContainerError {
    file.failure(.metadata("\(path.joined(separator: ".")): \(message)"), section: "metadata")
  }

  private func failure(_ error: JSONError) -> ContainerError { failure("\(error)") }
}
