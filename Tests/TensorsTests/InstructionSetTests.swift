// SPDX-License-Identifier: Apache-2.0

import CKernels
import Foundation
import Tensors
import Testing

@Suite struct InstructionSetTests {
  @Test func onlyPresentSetsHaveKernels() {
    for isa in 0..<Int32(ASSIGNER_ISA_COUNT) {
      #expect((assigner_ops_for(isa) != nil) == (assigner_isa_present(isa) != 0))
    }
    #expect(assigner_ops_for(-1) == nil && assigner_ops_for(Int32(ASSIGNER_ISA_COUNT)) == nil)
    #expect(assigner_isa_name(Int32(ASSIGNER_ISA_COUNT)) == nil)
  }

  @Test func theBestPresentSetIsTaken() {
    let forced = ProcessInfo.processInfo.environment["ASSIGNER_ISA"] ?? ""
    let best = InstructionSet.all.last(where: \.isPresent)
    #expect(InstructionSet.active.name == (forced.isEmpty ? best?.name : forced))
  }

  @Test func eachSetHasANameOfItsOwn() {
    let names = InstructionSet.all.map(\.name)
    #expect(Set(names).count == names.count && names.first == "scalar" && !names.contains(""))
  }
}
