// SPDX-License-Identifier: Apache-2.0

import CZlib

/// Unpacks a gzip file (RFC 1952) of one or several members with the system's zlib, as its bytes come in and as much as there is
/// room for, so that neither the file nor its contents need be in memory. Zeros behind the last member, as tapes pad, are passed
/// over. zlib compares checksum and length of every member.
///
///     let inflate = Inflate(path: "corpus.jsonl.gz")
///     repeat {
///       let (taken, made) = try inflate.unpack(input, into: &output)
///       …
///     } while …
///     try inflate.finish()
package final class Inflate {
  private enum Place {
    /// Before a member, or behind the last one.
    case between
    case inMember
  }

  /// For errors.
  private let path: String
  // zlib's state points back at its stream, which must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private var place = Place.between
  /// Members begun, and bytes of the file taken.
  private var member = 0
  private var offset = 0

  /// - Parameter path: for errors.
  package init(path: String) {
    self.path = path
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Unpacks what comes next. To be called again, with what was not taken, until all is taken and less is made than there was room
  /// for.
  ///
  /// - Returns: how many bytes of `input` were taken, and how many were written to the beginning of `output`.
  /// - Throws: `PackingError` naming file, member and byte.
  package func unpack(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(PackingError) -> (taken: Int, made: Int) {
    var (taken, made) = (0, 0)
    while true {
      if place == .between {
        let rest = input[taken...]
        let padding = member == 0 ? 0 : rest.prefix { $0 == 0 }.count
        taken += padding
        offset += padding
        guard taken < input.count else { return (taken, made) }
        try begin()
      }
      let step = try inflate(
        UnsafeRawBufferPointer(rebasing: input[taken...]), UnsafeMutableRawBufferPointer(rebasing: output[made...]))
      taken += step.taken
      made += step.made
      offset += step.taken
      if place == .inMember, taken == input.count || made == output.count || step == (0, 0) { return (taken, made) }
    }
  }

  /// The same for arrays; fills `output` from its beginning.
  package func unpack(_ input: ArraySlice<UInt8>, into output: inout [UInt8]) throws(PackingError) -> (taken: Int, made: Int) {
    try input.withUnsafeBytes { input in
      output.withUnsafeMutableBytes { output in
        Result { () throws(PackingError) in try unpack(input, into: output) }
      }
    }.get()
  }

  /// Says that the file has no more bytes.
  ///
  /// - Throws: `PackingError` where the last member is not whole.
  package func finish() throws(PackingError) {
    guard place == .between, member > 0 else { throw damaged("the file is cut here") }
  }

  private func begin() throws(PackingError) {
    member += 1
    // 16 more than the largest window: gzip's frame, nothing else.
    let status =
      stream.pointee.state == nil
      ? inflateInit2_(stream, 16 + 15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) : inflateReset(stream)
    guard status == Z_OK else { throw damaged("zlib cannot begin (\(status))") }
    place = .inMember
  }

  private func inflate(
    _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
  ) throws(PackingError) -> (taken: Int, made: Int) {
    let (room, given) = (UInt32(clamping: output.count), UInt32(clamping: input.count))
    // zlib wants a place even where there is no room.
    var nothing: UInt8 = 0
    let status = withUnsafeMutablePointer(to: &nothing) { nothing in
      // zlib reads its input only.
      stream.pointee.next_in = UnsafeMutablePointer(
        mutating: input.assumingMemoryBound(to: UInt8.self).baseAddress ?? UnsafePointer(nothing))
      stream.pointee.avail_in = given
      stream.pointee.next_out = output.assumingMemoryBound(to: UInt8.self).baseAddress ?? nothing
      stream.pointee.avail_out = room
      return CZlib.inflate(stream, Z_NO_FLUSH)
    }
    let (taken, made) = (Int(given - stream.pointee.avail_in), Int(room - stream.pointee.avail_out))
    switch status {
    case Z_STREAM_END: place = .between
    // The last: no step is possible without more input or room.
    case Z_OK, Z_BUF_ERROR: break
    default:
      offset += taken
      throw damaged(Self.reason(stream.pointee.msg.map { String(cString: $0) }, status))
    }
    return (taken, made)
  }

  /// zlib's words, and ours for those that a reader of a corpus would not know.
  private static func reason(_ words: String?, _ status: Int32) -> String {
    switch words {
    case "incorrect header check": "no gzip member begins here"
    case "incorrect data check": "the checksum does not match"
    case "incorrect length check": "the length does not match"
    case let words?: words
    case nil: "zlib cannot go on (\(status))"
    }
  }

  private func damaged(_ what: String) -> PackingError {
    PackingError(path: path, rule: .damaged(member: max(member, 1), byte: offset, what))
  }
}
