// SPDX-License-Identifier: Apache-2.0
/// Scans of the index. They use integers only, so every instruction set gives the same sums.
#ifndef ASSIGNER_SCAN_H
#define ASSIGNER_SCAN_H

#include <stddef.h>
#include <stdint.h>

/// Rows in one block of product-quantiser codes.
#define ASSIGNER_SCAN_BLOCK 32

/// Sums of table entries for whole blocks of rows ("fast scan", André, Kermarrec and Le Scouarnec, VLDB 2015: a table
/// of 16 bytes fits a register, so one shuffle looks up 16 or 32 rows).
///
///     sums[r] = sum over m of tables[16 m + code(r, m)],   r in 0 ..< 32 blocks
///
/// @param codes  blocks × (pairs × 32) bytes. Byte r of pair p of a block holds code(r, 2p) in its low half and
///               code(r, 2p + 1) in its high half.
/// @param tables 2 pairs × 16 bytes, one table for each sub-quantiser.
/// @param pairs  sub-quantisers / 2, at most 128, so that a sum (at most 256 × 255) fits 16 bits.
/// @param sums   32 blocks, written.
/// @param least  the threshold of `found`.
/// @param found  one word per block, written: bit r is set if the sum of the block's row r is at least `least`.
void assigner_pq_scan(const uint8_t *codes, const uint8_t *tables, size_t pairs, size_t blocks, uint16_t *sums,
                      uint16_t least, uint32_t *found);

/// The exact product of a row of 4-bit codes and a row of 16-bit weights.
///
/// Byte i holds the code of weight i in its low half and the code of weight `bytes` + i in its high half.
///
///     sum over i in 0 ..< bytes of low(i) weights[i] + high(i) weights[bytes + i]
///
/// The caller ensures that 15 × sum |weights| fits 32 bits.
int32_t assigner_dot_u4_i16(const uint8_t *codes, const int16_t *weights, size_t bytes);

/// Prefetches memory that will be read soon. It reads nothing itself, so any address may be given.
static inline void assigner_prefetch(const void *place) { __builtin_prefetch(place); }

/// The scan on a given instruction set (ASSIGNER_ISA_…), for tests. The caller checks `assigner_isa_present` first.
void assigner_pq_scan_on(int isa, const uint8_t *codes, const uint8_t *tables, size_t pairs, size_t blocks,
                         uint16_t *sums, uint16_t least, uint32_t *found);
int32_t assigner_dot_u4_i16_on(int isa, const uint8_t *codes, const int16_t *weights, size_t bytes);

#endif
