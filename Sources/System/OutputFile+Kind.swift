// SPDX-License-Identifier: Apache-2.0

extension OutputFile {
  /// The kind of file that a command writes, and may therefore replace.
  package struct Kind: Sendable {
    /// The name for messages, with its article.
    let name: String
    /// Whether the output may be a pipe or a device.
    let takesStreams: Bool
    /// Tells from the first 64 bytes and the size whether a file is of this kind. Not called for an empty file.
    let accepts: @Sendable (_ head: [UInt8], _ size: Int) -> Bool

    package init(name: String, takesStreams: Bool, accepts: @escaping @Sendable (_ head: [UInt8], _ size: Int) -> Bool) {
      (self.name, self.takesStreams, self.accepts) = (name, takesStreams, accepts)
    }

    /// Lines of text; the first line begins with one of `starts`.
    package static func lines(_ name: String, beginningWith starts: String...) -> Kind {
      Kind(name: name, takesStreams: true) { head, _ in starts.contains { head.starts(with: $0.utf8) } }
    }

    /// Rows of `width` 4-byte numbers and nothing else.
    package static func numbers(rowsOf width: Int) -> Kind {
      Kind(name: "a file of rows of \(width) numbers", takesStreams: true) { _, size in size.isMultiple(of: 4 * width) }
    }
  }
}
