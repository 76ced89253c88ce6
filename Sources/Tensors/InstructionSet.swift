import CKernels

/// Which kernels run: chosen once from the processor, or forced by the environment variable `ASSIGNER_ISA`.
/// Every set gives the same bits, so this is a matter of speed and of testing only.
public enum InstructionSet: String, CaseIterable, Sendable {
  case scalar
  case avx2

  /// The set in use. Where `ASSIGNER_ISA` asks for what is absent this is `.scalar`; `check()` tells.
  public static var active: InstructionSet { InstructionSet(code: assigner_isa()) }

  /// Whether this processor, and the operating system's saved state, can run the set.
  public var isPresent: Bool { assigner_isa_present(code) != 0 }

  /// Programs call this once at start.
  ///
  /// - Throws: `TensorError.instructionSet` when `ASSIGNER_ISA` names a set that is unknown or absent.
  public static func check() throws(TensorError) {
    switch assigner_isa_check() {
    case 0: return
    case -2: throw .instructionSet("ASSIGNER_ISA asks for an instruction set that this processor lacks")
    default:
      let names = allCases.map(\.rawValue).joined(separator: ", ")
      throw .instructionSet("ASSIGNER_ISA names no instruction set; known are \(names)")
    }
  }

  private init(code: Int32) {
    self = code == Int32(ASSIGNER_ISA_AVX2) ? .avx2 : .scalar
  }

  private var code: Int32 {
    switch self {
    case .scalar: Int32(ASSIGNER_ISA_SCALAR)
    case .avx2: Int32(ASSIGNER_ISA_AVX2)
    }
  }
}
