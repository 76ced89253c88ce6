/// What the scan's instruction sets offer its dispatch; no vector type crosses this line.
#ifndef ASSIGNER_PQ_SCAN_H
#define ASSIGNER_PQ_SCAN_H

#include "scan.h"

void assigner_pq_scan_scalar(const uint8_t *codes, const uint8_t *tables, size_t pairs, size_t blocks, uint16_t *sums);
int32_t assigner_dot_u4_i16_scalar(const uint8_t *codes, const int16_t *weights, size_t bytes);

#if defined(__x86_64__)
void assigner_pq_scan_avx2(const uint8_t *codes, const uint8_t *tables, size_t pairs, size_t blocks, uint16_t *sums);
int32_t assigner_dot_u4_i16_avx2(const uint8_t *codes, const int16_t *weights, size_t bytes);
#endif

#endif
