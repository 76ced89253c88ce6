// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Which kernels run: chosen once from the processor, or forced by the environment variable `ASSIGNER_ISA`.
/// Every set gives the same bits, so this is a matter of speed and of testing only.
package struct InstructionSet: Sendable, Equatable {
  /// Its number in the kernels' list.
  private let code: Int32

  /// All that are known, on whatever processor.
  package static let all = (0..<Int32(ASSIGNER_ISA_COUNT)).map { InstructionSet(code: $0) }

  /// The set in use. Where `ASSIGNER_ISA` asks for what is absent this is the scalar one; `check()` tells.
  package static var active: InstructionSet { InstructionSet(code: assigner_isa()) }

  /// As `ASSIGNER_ISA` spells it: "scalar", "avx2", "neon", …
  package var name: String { assigner_isa_name(code).map { String(cString: $0) } ?? "" }

  /// Whether this processor, and the operating system's saved state, can run the set.
  package var isPresent: Bool { assigner_isa_present(code) != 0 }

  /// Programs call this once at start.
  ///
  /// - Throws: `TensorError.instructionSet` when `ASSIGNER_ISA` names a set that is unknown or absent.
  package static func check() throws(TensorError) {
    let complaint =
      switch assigner_isa_check() {
      case 0: String?.none
      case -2: "an instruction set that this processor lacks"
      default: "no instruction set that is known"
      }
    guard let complaint else { return }
    let names = all.filter(\.isPresent).map(\.name).joined(separator: ", ")
    throw .instructionSet("ASSIGNER_ISA names \(complaint); here it can be \(names)")
  }
}
