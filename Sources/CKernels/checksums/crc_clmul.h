// Blocks of 128 bits and their carry-less products on x86-64: the vocabulary in which crc_fold.h is written.
// CK_ROW, the instruction set of the row, is to be defined first.
#ifndef CK_CRC_CLMUL_H
#define CK_CRC_CLMUL_H

#include <immintrin.h>

#include "CKernels.h"

#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

typedef __m128i block;

CK_ROW_INLINE block load_block(const uint8_t *data) { return _mm_loadu_si128((const __m128i *)data); }
CK_ROW_INLINE block load_words(const uint64_t *words) { return _mm_loadu_si128((const __m128i *)words); }
CK_ROW_INLINE block make_block(uint64_t low, uint64_t high) { return _mm_set_epi64x((long long)high, (long long)low); }
CK_ROW_INLINE uint64_t low_word(block a) { return (uint64_t)_mm_cvtsi128_si64(a); }
CK_ROW_INLINE uint64_t high_word(block a) { return (uint64_t)_mm_extract_epi64(a, 1); }
CK_ROW_INLINE block xor_blocks(block a, block b) { return _mm_xor_si128(a, b); }
CK_ROW_INLINE block multiply_low_low(block a, block b) { return _mm_clmulepi64_si128(a, b, 0x00); }
CK_ROW_INLINE block multiply_low_high(block a, block b) { return _mm_clmulepi64_si128(a, b, 0x10); }

// Byte i is byte indices[i] of a, or byte i of b where indices[i] is 0x80.
CK_ROW_INLINE block select_bytes(block a, block b, const uint8_t *indices) {
    __m128i places = load_block(indices);
    return _mm_blendv_epi8(_mm_shuffle_epi8(a, places), b, places);
}

// a, as many blocks on as the constants are for, where `next` stands.
CK_ROW_INLINE block fold_block(block a, block distance, block next) {
    __m128i low = _mm_clmulepi64_si128(a, distance, 0x00), high = _mm_clmulepi64_si128(a, distance, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, next), high);
}

#endif
