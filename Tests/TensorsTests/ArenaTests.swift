// SPDX-License-Identifier: Apache-2.0

import Tensors
import Testing

@Suite struct ArenaTests {
  @Test func blocksAreAlignedAndTakenBackAndAFullArenaThrows() throws {
    let arena = Arena(capacity: 256)
    let mark = arena.mark
    let view = try arena.floats(rows: 3, columns: 5)
    #expect(UInt(bitPattern: view.base) % 64 == 0)
    view.fill(2)
    #expect(view[2, 4] == 2)
    let bytes = try arena.int8(65)
    #expect(UInt(bitPattern: bytes) % 64 == 0)
    #expect(throws: TensorError.arenaExhausted(requested: 128, available: 64)) { try arena.int8(65) }
    arena.release(to: mark)
    #expect(try arena.floats(rows: 64, columns: 1).count == 64)
    #expect(arena.highWater == 256)
  }

  @Test func anEmptyArenaThrows() {
    #expect(throws: TensorError.self) { try Arena(capacity: 0).int8(1) }
  }
}
