import ModelFile

/// A safetensors file, mapped and wholly validated at opening: header length within the file and the format's cap, no
/// duplicate key, every size equal to shape times type, no hole, no overlap, nothing behind the last tensor.
final class SafetensorsFile: Sendable {
  struct Tensor: Equatable, Sendable {
    let type: SafetensorsType
    let shape: [Int]
    /// Of the data behind the header.
    let range: Range<Int>
    var count: Int { (range.upperBound - range.lowerBound) / type.size }
  }

  let path: String
  let tensors: [String: Tensor]
  private let file: MappedFile
  private let dataOffset: Int

  convenience init(path: String) throws(ConversionError) {
    let file: MappedFile
    do {
      file = try MappedFile(path: path)
    } catch {
      throw .file(error)
    }
    try self.init(file, path: path)
  }

  /// - Parameter path: for errors.
  init(_ file: MappedFile, path: String) throws(ConversionError) {
    defer { withExtendedLifetime(file) {} }
    do {
      (tensors, dataOffset) = try Self.header(file.bytes, path: path)
    } catch {
      throw .safetensors(error)
    }
    self.path = path
    self.file = file
  }

  /// A tensor's elements as floats, row-major; all finite.
  func floats(_ name: String) throws(SafetensorsError) -> [Float] {
    guard let tensor = tensors[name] else { throw SafetensorsError(path: path, tensor: name, rule: .missingTensor) }
    defer { withExtendedLifetime(file) {} }
    let data = UnsafeRawBufferPointer(
      rebasing: file.bytes[dataOffset + tensor.range.lowerBound..<dataOffset + tensor.range.upperBound])
    let values: [Float]
    switch tensor.type {
    case .float32: values = Self.elements(data, UInt32.self) { Float(bitPattern: $0) }
    case .float16: values = Self.elements(data, UInt16.self) { float(half: $0) }
    case .bfloat16: values = Self.elements(data, UInt16.self) { float(brain: $0) }
    default: throw SafetensorsError(path: path, tensor: name, rule: .notAFloat(tensor.type.rawValue))
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw SafetensorsError(path: path, tensor: name, rule: .notFinite(index: index))
    }
    return values
  }

  /// Unaligned little-endian words; `data.count` is a multiple of their size.
  private static func elements<Word: FixedWidthInteger & BitwiseCopyable>(
    _ data: UnsafeRawBufferPointer, _ word: Word.Type, _ convert: (Word) -> Float
  ) -> [Float] {
    let width = MemoryLayout<Word>.size
    return [Float](unsafeUninitializedCapacity: data.count / width) { buffer, count in
      for index in 0..<data.count / width {
        let bits = Word(littleEndian: data.loadUnaligned(fromByteOffset: index * width, as: Word.self))
        buffer.initializeElement(at: index, to: convert(bits))
      }
      count = data.count / width
    }
  }
}
