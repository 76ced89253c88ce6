// SPDX-License-Identifier: Apache-2.0

extension OutputFile {
  /// What a command writes, and so what it may replace.
  package struct Kind: Sendable {
    /// With its article.
    let name: String
    /// Whether it may go to a pipe or a device.
    let takesStreams: Bool
    /// Tells by its first 64 bytes and its size whether a file is of this kind; not asked of an empty one.
    let accepts: @Sendable (_ head: [UInt8], _ size: Int) -> Bool

    package init(name: String, takesStreams: Bool, accepts: @escaping @Sendable (_ head: [UInt8], _ size: Int) -> Bool) {
      (self.name, self.takesStreams, self.accepts) = (name, takesStreams, accepts)
    }

    /// Lines of text, the first of which begins with one of these.
    package static func lines(_ name: String, beginningWith starts: String...) -> Kind {
      Kind(name: name, takesStreams: true) { head, _ in starts.contains { head.starts(with: $0.utf8) } }
    }

    /// Rows of 4-byte numbers and nothing else.
    package static func numbers(rowsOf width: Int) -> Kind {
      Kind(name: "a file of rows of \(width) numbers", takesStreams: true) { _, size in size.isMultiple(of: 4 * width) }
    }
  }
}
