// SPDX-License-Identifier: Apache-2.0

import CZlib

/// Unpacks a gzip file (RFC 1952) of one or more members with the system's zlib.
///
/// It works on pieces of any size, so neither the file nor its contents need be in memory. Zeros after the last member, as
/// padding on tapes, are ignored. zlib checks the checksum and length of every member.
///
///     let inflate = Inflate(path: "corpus.jsonl.gz")
///     repeat {
///       let (taken, made) = try inflate.unpack(input, into: &output)
///       …
///     } while …
///     try inflate.finish()
package final class Inflate {
  private enum Place {
    /// Before a member, or after the last one.
    case between
    case inMember
  }

  /// For errors.
  private let path: String
  // zlib's state points to its stream, which must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private var place = Place.between
  /// Members started, and bytes of the file consumed.
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

  /// Unpacks the next piece.
  ///
  /// Call it again with the remaining input until all input is consumed and the output is not filled.
  ///
  /// - Returns: the number of bytes consumed from `input`, and the number written to the start of `output`.
  /// - Throws: `PackingError` with the file, member and byte.
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

  /// Unpacks from and to arrays; fills `output` from its start.
  package func unpack(_ input: ArraySlice<UInt8>, into output: inout [UInt8]) throws(PackingError) -> (taken: Int, made: Int) {
    try input.withUnsafeBytes { input in
      output.withUnsafeMutableBytes { output in
        Result { () throws(PackingError) in try unpack(input, into: output) }
      }
    }.get()
  }

  /// Ends the file.
  ///
  /// - Throws: `PackingError` if the last member is incomplete.
  package func finish() throws(PackingError) {
    guard place == .between, member > 0 else { throw damaged("the file ends too early") }
  }

  private func begin() throws(PackingError) {
    member += 1
    // Adding 16 to the window size selects the gzip format only.
    let status =
      stream.pointee.state == nil
      ? inflateInit2_(stream, 16 + 15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) : inflateReset(stream)
    guard status == Z_OK else { throw damaged("zlib cannot start (error \(status))") }
    place = .inMember
  }

  private func inflate(
    _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
  ) throws(PackingError) -> (taken: Int, made: Int) {
    let (room, given) = (UInt32(clamping: output.count), UInt32(clamping: input.count))
    // zlib needs a valid pointer even for zero bytes.
    var nothing: UInt8 = 0
    let status = withUnsafeMutablePointer(to: &nothing) { nothing in
      // zlib does not write to its input.
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
    // Z_BUF_ERROR: zlib needs more input or output space.
    case Z_OK, Z_BUF_ERROR: break
    default:
      offset += taken
      throw damaged(Self.reason(stream.pointee.msg.map { String(cString: $0) }, status))
    }
    return (taken, made)
  }

  /// zlib's message, or plainer words for its usual ones.
  private static func reason(_ words: String?, _ status: Int32) -> String {
    switch words {
    case "incorrect header check": "no gzip member begins here"
    case "incorrect data check": "the checksum does not match"
    case "incorrect length check": "the length does not match"
    case let words?: words
    case nil: "zlib cannot continue (error \(status))"
    }
  }

  private func damaged(_ what: String) -> PackingError {
    PackingError(path: path, rule: .damaged(member: max(member, 1), byte: offset, what))
  }
}
