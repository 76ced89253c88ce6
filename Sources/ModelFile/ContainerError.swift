// SPDX-License-Identifier: Apache-2.0

import System

/// Why a container could not be opened, read, verified or written: the file, the section, the byte and the rule.
package struct ContainerError: Error, Equatable, Sendable {
  /// The file, as the caller named it; empty for a container that has no file yet.
  package let path: String
  /// The section concerned; nil for the header, the table or the file as a whole.
  package let section: String?
  /// The byte offset in the file; nil if the error has no single place.
  package let offset: Int?
  package let rule: Rule

  package init(path: String, section: String? = nil, offset: Int? = nil, rule: Rule) {
    self.path = path
    self.section = section
    self.offset = offset
    self.rule = rule
  }

  /// The rule that was broken. `code` is stable; the wording of `description` is not.
  package enum Rule: Equatable, Sendable {
    // Opening the file.
    case missingFile(errno: Int32)
    case inputOutput(call: String, errno: Int32)
    case notRegularFile
    /// The output file was refused.
    case output(OutputError.Rule)
    // Header.
    case tooShort(size: Int)
    case notAContainer
    case gitPointer
    case endianness(UInt32)
    case newerVersion(found: UInt32, supported: UInt32)
    case unknownVersion(UInt32)
    case unknownKind(UInt32)
    case reservedNotZero
    case tableBounds(String)
    case fileSize(recorded: UInt64, actual: Int)
    case headerChecksum(recorded: UInt64, actual: UInt64)
    // Table.
    case name(String)
    case duplicateName
    case unknownElementType(UInt32)
    case unknownEncoding(UInt32)
    case rank(UInt32)
    case sizeOverflow
    case sizeMismatch(recorded: UInt64, expected: Int)
    case misplaced(recorded: UInt64, expected: Int)
    case outOfBounds(end: UInt64, limit: Int)
    case inflation(claimed: UInt64, stored: Int)
    case tooLarge(size: Int, limit: Int)
    // Contents.
    case checksum(recorded: UInt64, actual: UInt64)
    case padding
    case frame(String)
    case metadata(String)
    case alias(name: String, target: String)
    // Contents that the reader of the file does not expect.
    case missingSection
    case wrongKind(expected: FileKind, found: FileKind)
    case wrongType(expected: ElementType, found: ElementType)
    case wrongShape(expected: [Int], found: [Int])
    case compressed
    case value(String)
  }
}

extension ContainerError {
  /// A failed system call on the file.
  init(path: String, _ error: SystemCallError) {
    self.init(
      path: path,
      rule: error.call == "open" && error.isMissingFile
        ? .missingFile(errno: error.errno) : .inputOutput(call: error.call, errno: error.errno))
  }

  init(_ error: OutputError) { self.init(path: error.path, rule: .output(error.rule)) }

  /// The exit code that tells a script what happened.
  package var exitStatus: ProcessExit {
    switch rule {
    case .missingFile: .missingFile
    case .inputOutput, .notRegularFile: .inputOutput
    case .output(let rule): rule.exitStatus
    default: .unfitFile
    }
  }

  /// Whether the file does not exist, rather than cannot be opened.
  package var isAbsentFile: Bool { rule == .missingFile(errno: SystemCallError.absent) }
}

extension ContainerError: CustomStringConvertible {
  /// For example `models/a.assigner: section "text/vocabulary", byte 4096: checksum is …, the table says …`.
  package var description: String {
    var place = path.isEmpty ? "" : path + ": "
    switch (section, offset) {
    case (let section?, let offset?): place += "section \"\(section)\", byte \(offset): "
    case (let section?, nil): place += "section \"\(section)\": "
    case (nil, let offset?): place += "byte \(offset): "
    case (nil, nil): break
    }
    return place + rule.description
  }
}

extension ContainerError.Rule: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missingFile(let errno): "cannot be opened: \(SystemCallError(call: "open", errno: errno).explanation)"
    case .inputOutput(let call, let errno): SystemCallError(call: call, errno: errno).description
    case .notRegularFile: "is not a regular file"
    case .output(let rule): rule.description
    case .tooShort(let size): "has \(size) bytes; the header alone takes \(ContainerLayout.headerSize)"
    case .notAContainer: "is not an assigner file (it does not begin with \"ASSIGNER\")"
    case .gitPointer: GitPointer.complaint
    case .endianness(let found): "endianness marker is \(hex(UInt64(found))), not \(hex(UInt64(ContainerLayout.endianness)))"
    case .newerVersion(let found, let supported):
      "has format version \(found); this program reads up to version \(supported): install a newer assigner"
    case .unknownVersion(let found): "has format version \(found), which does not exist"
    case .unknownKind(let found): "has kind \(found); the known kinds are 1 (model) and 2 (index)"
    case .reservedNotZero: "a reserved field is not zero"
    case .tableBounds(let what): "section table: \(what)"
    case .fileSize(let recorded, let actual):
      UInt64(actual) < recorded
        ? "file is cut: it has \(actual) of \(recorded) bytes" : "file has \(actual) bytes, its header says \(recorded)"
    case .headerChecksum(let recorded, let actual):
      "header and table have checksum \(hex(actual)), the header says \(hex(recorded))"
    case .name(let what): "name \(what)"
    case .duplicateName: "occurs twice"
    case .unknownElementType(let found): "has unknown element type \(found)"
    case .unknownEncoding(let found): "has unknown encoding \(found)"
    case .rank(let found): "has rank \(found); the range is 1 to \(ContainerLayout.maximumRank)"
    case .sizeOverflow: "shape times element size is too large"
    case .sizeMismatch(let recorded, let expected): "has \(recorded) bytes; its shape and type require \(expected)"
    case .misplaced(let recorded, let expected): "begins at byte \(recorded) instead of \(expected)"
    case .outOfBounds(let end, let limit): "ends at byte \(end), beyond byte \(limit)"
    case .inflation(let claimed, let stored):
      "claims to inflate from \(stored) to \(claimed) bytes, more than is possible or allowed"
    case .tooLarge(let size, let limit): "has \(size) bytes; the limit is \(limit)"
    case .checksum(let recorded, let actual): "checksum is \(hex(actual)), the table says \(hex(recorded))"
    case .padding: "padding is not zero"
    case .frame(let what): "LZ4 frame: \(what)"
    case .metadata(let what): "metadata: \(what)"
    case .alias(let name, let target): "alias \"\(name)\" points to \"\(target)\", which is not a section, or \"\(name)\" is one"
    case .missingSection: "is missing"
    case .wrongKind(let expected, let found): "is an assigner \(found); a \(expected) is needed"
    case .wrongType(let expected, let found): "has element type \(found), not \(expected)"
    case .wrongShape(let expected, let found): "has shape \(found), not \(expected)"
    case .compressed: "is a cold (compressed) section and cannot be used in place"
    case .value(let what): what
    }
  }

  /// A short stable name for tests and machine-readable output.
  package var code: String {
    switch self {
    case .missingFile: "missing-file"
    case .inputOutput: "input-output"
    case .notRegularFile: "not-regular-file"
    case .output: "output"
    case .tooShort: "too-short"
    case .notAContainer: "not-a-container"
    case .gitPointer: "git-pointer"
    case .endianness: "endianness"
    case .newerVersion: "newer-version"
    case .unknownVersion: "unknown-version"
    case .unknownKind: "unknown-kind"
    case .reservedNotZero: "reserved-not-zero"
    case .tableBounds: "table-bounds"
    case .fileSize: "file-size"
    case .headerChecksum: "header-checksum"
    case .name: "name"
    case .duplicateName: "duplicate-name"
    case .unknownElementType: "unknown-element-type"
    case .unknownEncoding: "unknown-encoding"
    case .rank: "rank"
    case .sizeOverflow: "size-overflow"
    case .sizeMismatch: "size-mismatch"
    case .misplaced: "misplaced"
    case .outOfBounds: "out-of-bounds"
    case .inflation: "inflation"
    case .tooLarge: "too-large"
    case .checksum: "checksum"
    case .padding: "padding"
    case .frame: "frame"
    case .metadata: "metadata"
    case .alias: "alias"
    case .missingSection: "missing-section"
    case .wrongKind: "wrong-kind"
    case .wrongType: "wrong-type"
    case .wrongShape: "wrong-shape"
    case .compressed: "compressed"
    case .value: "value"
    }
  }

  private func hex(_ value: UInt64) -> String {
    "0x" + String(value, radix: 16)
  }
}
