// SPDX-License-Identifier: Apache-2.0
/// The kind of a container. The raw values are on disk: never renumber them.
package enum FileKind: UInt32, Sendable, CaseIterable, CustomStringConvertible {
  /// The weights, vocabularies and ranking of a model.
  case model = 1
  /// An index of a corpus: codes, hashtags and their embeddings.
  case index = 2

  package var description: String {
    switch self {
    case .model: "model"
    case .index: "index"
    }
  }
}

/// The type of a section's elements, little-endian. The raw values are on disk: never renumber them.
package enum ElementType: UInt32, Sendable, CaseIterable, CustomStringConvertible {
  case uint8 = 1
  case int8 = 2
  case uint16 = 3
  case int16 = 4
  case uint32 = 5
  case int32 = 6
  case uint64 = 7
  case int64 = 8
  case float32 = 9

  /// Bytes of one element.
  package var size: Int {
    switch self {
    case .uint8, .int8: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64: 8
    }
  }

  package var description: String {
    switch self {
    case .uint8: "uint8"
    case .int8: "int8"
    case .uint16: "uint16"
    case .int16: "int16"
    case .uint32: "uint32"
    case .int32: "int32"
    case .uint64: "uint64"
    case .int64: "int64"
    case .float32: "float32"
    }
  }
}

/// A Swift type in which a section can be read directly from the map: of fixed width, with every bit pattern valid.
package protocol SectionElement: BitwiseCopyable, Sendable {
  static var elementType: ElementType { get }
}

extension UInt8: SectionElement { package static var elementType: ElementType { .uint8 } }
extension Int8: SectionElement { package static var elementType: ElementType { .int8 } }
extension UInt16: SectionElement { package static var elementType: ElementType { .uint16 } }
extension Int16: SectionElement { package static var elementType: ElementType { .int16 } }
extension UInt32: SectionElement { package static var elementType: ElementType { .uint32 } }
extension Int32: SectionElement { package static var elementType: ElementType { .int32 } }
extension UInt64: SectionElement { package static var elementType: ElementType { .uint64 } }
extension Int64: SectionElement { package static var elementType: ElementType { .int64 } }
extension Float: SectionElement { package static var elementType: ElementType { .float32 } }
