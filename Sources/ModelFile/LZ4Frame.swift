// SPDX-License-Identifier: Apache-2.0

import CLZ4

/// LZ4 frames of known inflated size, for cold sections.
enum LZ4Frame {
  struct Failure: Error, Equatable {
    let message: String
  }

  /// Compresses bytes to one frame at a high level, because cold sections are written once and read often.
  static func compress(_ bytes: UnsafeRawBufferPointer) throws(Failure) -> [UInt8] {
    var preferences = LZ4F_preferences_t()
    preferences.frameInfo.contentSize = UInt64(bytes.count)
    preferences.compressionLevel = 9
    let bound = LZ4F_compressFrameBound(bytes.count, &preferences)
    var failure: Failure?
    let frame = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      let size = LZ4F_compressFrame(buffer.baseAddress, bound, bytes.baseAddress, bytes.count, &preferences)
      if LZ4F_isError(size) != 0 {
        failure = Failure(message: name(of: size))
      } else {
        count = size
      }
    }
    if let failure { throw failure }
    return frame
  }

  /// Inflates a frame, which must take all of `frame` and give exactly `size` bytes. The caller has bounded `size`.
  static func inflate(_ frame: UnsafeRawBufferPointer, size: Int) throws(Failure) -> [UInt8] {
    var failure: Failure?
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      let buffer = UnsafeMutableRawBufferPointer(buffer)
      failure = inflate(frame, size: size) { written in UnsafeMutableRawBufferPointer(rebasing: buffer[written..<size]) }
      count = failure == nil ? size : 0
    }
    if let failure { throw failure }
    return bytes
  }

  /// Checks a frame without keeping the inflated bytes.
  static func check(_ frame: UnsafeRawBufferPointer, size: Int) throws(Failure) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
    defer { buffer.deallocate() }
    let failure = inflate(frame, size: size) { written in
      UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, size - written)])
    }
    if let failure { throw failure }
  }

  /// - Parameter room: returns the buffer for the bytes after the first n; not empty while n is less than `size`.
  private static func inflate(
    _ frame: UnsafeRawBufferPointer, size: Int, room: (Int) -> UnsafeMutableRawBufferPointer
  ) -> Failure? {
    var context: OpaquePointer?
    guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0, let context else {
      return Failure(message: "not enough memory for the decoder")
    }
    defer { LZ4F_freeDecompressionContext(context) }
    var read = 0
    var written = 0
    // One byte beyond the end tells a frame that is too long from one that fits.
    var spill: UInt8 = 0
    while true {
      var taken = frame.count - read
      var made: Int
      let hint: Int
      if written < size {
        let buffer = room(written)
        made = buffer.count
        hint = LZ4F_decompress(context, buffer.baseAddress, &made, frame.baseAddress?.advanced(by: read), &taken, nil)
        if LZ4F_isError(hint) == 0 { written += made }
      } else {
        made = 1
        hint = LZ4F_decompress(context, &spill, &made, frame.baseAddress?.advanced(by: read), &taken, nil)
        if LZ4F_isError(hint) == 0, made > 0 { return Failure(message: "inflates to more than \(size) bytes") }
      }
      if LZ4F_isError(hint) != 0 { return Failure(message: name(of: hint)) }
      read += taken
      if hint == 0 { break }
      if taken == 0 && made == 0 { return Failure(message: "ends early, after \(written) of \(size) bytes") }
    }
    if read != frame.count { return Failure(message: "is followed by \(frame.count - read) extra bytes") }
    if written != size { return Failure(message: "inflates to \(written) bytes, not \(size)") }
    return nil
  }

  private static func name(of code: Int) -> String {
    String(cString: LZ4F_getErrorName(code))
  }
}
