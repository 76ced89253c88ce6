// SPDX-License-Identifier: Apache-2.0
/// The elements of a raw section, in the memory map without a copy, or a copy of an array. It keeps its memory alive.
///
/// A loop over many elements should end with `withExtendedLifetime` of the value that holds the elements: the optimiser may
/// otherwise release the owner before the last element is read.
package struct Elements<Element: SectionElement>: @unchecked Sendable {
  // Sendable because the memory behind the pointer, which the owner keeps alive, never changes.
  private let pointer: UnsafeBufferPointer<Element>
  private let owner: MappedFile

  /// - Throws: the errors of `ContainerFile.elements`.
  package init(
    _ name: String, of file: ContainerFile, shape: [Int]? = nil
  ) throws(ContainerError) {
    pointer = try file.elements(name, shape: shape)
    owner = file.file
  }

  package init(_ array: [Element]) {
    owner = array.withUnsafeBytes { MappedFile(Array($0)) }
    pointer = owner.bytes.bindMemory(to: Element.self)
  }

  package var count: Int { pointer.count }

  /// Element `index`, which must be in 0 ..< count.
  @inline(__always)
  package subscript(index: Int) -> Element { pointer[index] }

  /// A copy of all elements.
  package var array: [Element] { withExtendedLifetime(owner) { Array(pointer) } }
}

extension Elements: Equatable where Element: Equatable {
  package static func == (first: Self, second: Self) -> Bool { first.array == second.array }
}
