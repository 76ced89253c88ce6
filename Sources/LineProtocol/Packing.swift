// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The compression format of a file of lines, recognised by its first bytes. No text starts with these bytes.
package enum Packing: Sendable, Equatable, CaseIterable {
  case gzip, zip, xz, zstd, bzip2, lz4, sevenZip, compress

  /// The number of bytes that identify every format and a Git LFS pointer.
  package static let longestMark = max(10, GitPointer.markSize)

  /// - Parameter start: the first bytes of a file; `longestMark` of them, or the whole of a shorter file.
  /// - Returns: nil for a file that is not compressed.
  package init?(start: some Collection<UInt8>) {
    let packing = Self.allCases.first { packing in packing.marks.contains { start.starts(with: $0) } }
    guard let packing else { return nil }
    self = packing
  }

  private var marks: [[UInt8]] {
    switch self {
    case .gzip: [[0x1F, 0x8B]]
    // A local header, or the end record of an archive without entries.
    case .zip: [[0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6]]
    case .xz: [[0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]]
    case .zstd: [[0x28, 0xB5, 0x2F, 0xFD]]
    // A text may start with "BZh", but not with a level and the digits of π or √π after it.
    case .bzip2:
      (1...9).flatMap { level in
        [[0x31, 0x41, 0x59, 0x26, 0x53, 0x59], [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]].map {
          [0x42, 0x5A, 0x68, 0x30 + level] + $0
        }
      }
    case .lz4: [[0x04, 0x22, 0x4D, 0x18]]
    case .sevenZip: [[0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]]
    case .compress: [[0x1F, 0x9D], [0x1F, 0xA0]]
    }
  }

  /// The name of the format. `unpackingCommand` writes the contents of a file to standard output.
  package var name: String {
    switch self {
    case .gzip: "gzip"
    case .zip: "zip"
    case .xz: "xz"
    case .zstd: "zstd"
    case .bzip2: "bzip2"
    case .lz4: "lz4"
    case .sevenZip: "7z"
    case .compress: "compress"
    }
  }

  package var unpackingCommand: String {
    switch self {
    case .gzip, .compress: "gzip -dc"
    case .zip: "unzip -p"
    case .xz: "xz -dc"
    case .zstd: "zstd -dc"
    case .bzip2: "bzip2 -dc"
    case .lz4: "lz4 -dc"
    case .sevenZip: "7z x -so"
    }
  }
}

/// A compressed file that cannot be read.
package struct PackingError: Error, Equatable, Sendable, CustomStringConvertible {
  package let path: String
  package let rule: Rule

  package enum Rule: Equatable, Sendable {
    /// The format is not gzip, the only one that this program unpacks.
    case unsupported(Packing)
    case gitPointer
    /// A gzip file is damaged in this member, counted from 1, at this byte of the file.
    case damaged(member: Int, byte: Int, String)
  }

  package init(path: String, rule: Rule) {
    self.path = path
    self.rule = rule
  }

  package var description: String {
    switch rule {
    case .unsupported(let packing):
      "\(path): is packed with \(packing.name), which cannot be read here; unpack it first: \(packing.unpackingCommand) FILE, "
        + "then pass its output as a file, or through a pipe with -"
    case .gitPointer: "\(path): \(GitPointer.complaint)"
    case .damaged(let member, let byte, let what):
      "\(path): gzip member \(member), byte \(byte): \(what); get a complete copy (check: gzip -t FILE)"
    }
  }
}
