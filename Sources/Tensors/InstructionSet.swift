// SPDX-License-Identifier: Apache-2.0

import CKernels

/// The instruction set that the kernels use.
///
/// It is chosen once from the processor, or forced by the environment variable `ASSIGNER_ISA`. Every set gives the same bits, so
/// the choice matters only for speed and testing.
package struct InstructionSet: Sendable, Equatable {
  /// The number in the kernels' list.
  private let code: Int32

  /// All sets that the kernels know, on any processor.
  package static let all = (0..<Int32(ASSIGNER_ISA_COUNT)).map { InstructionSet(code: $0) }

  /// The set in use. If `ASSIGNER_ISA` names an absent set, this is the scalar one, and `check()` throws.
  package static var active: InstructionSet { InstructionSet(code: assigner_isa()) }

  /// The name that `ASSIGNER_ISA` takes: "scalar", "avx2", "neon", …
  package var name: String { assigner_isa_name(code).map { String(cString: $0) } ?? "" }

  /// Whether this processor can run the set and the operating system saves its registers.
  package var isPresent: Bool { assigner_isa_present(code) != 0 }

  /// Checks `ASSIGNER_ISA`. Programs call this once at the start.
  ///
  /// - Throws: `TensorError.instructionSet` if `ASSIGNER_ISA` names a set that is unknown or absent.
  package static func check() throws(TensorError) {
    let complaint =
      switch assigner_isa_check() {
      case 0: String?.none
      case -2: "an instruction set that this processor lacks"
      default: "an unknown instruction set"
      }
    guard let complaint else { return }
    let names = all.filter(\.isPresent).map(\.name).joined(separator: ", ")
    throw .instructionSet("ASSIGNER_ISA names \(complaint); set it to one of \(names)")
  }
}
