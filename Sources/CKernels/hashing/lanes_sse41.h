// Words of four streams in vectors of SSE4.1: the part of the vocabulary of lanes_avx2.h that its rows need.
#ifndef CK_LANES_SSE41_H
#define CK_LANES_SSE41_H

#include <immintrin.h>

#include "CKernels.h"

#define CK_ROW __attribute__((target("sse4.1")))
#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

typedef uint32_t vec32 __attribute__((vector_size(16)));
enum { lanes32 = 4 };

CK_ROW_INLINE vec32 splat32(uint32_t x) { return (vec32)_mm_set1_epi32((int)x); }

CK_ROW_INLINE vec32 rotr32(vec32 x, int n) {
    switch (n) {
        case 8: return (vec32)_mm_shuffle_epi8((__m128i)x, _mm_set_epi64x(0x0c0f0e0d080b0a09, 0x0407060500030201));
        case 16: return (vec32)_mm_shuffle_epi8((__m128i)x, _mm_set_epi64x(0x0d0c0f0e09080b0a, 0x0504070601000302));
        default: return x >> n | x << (32 - n);
    }
}

// The transpose of four rows of four words is its own reverse.
CK_ROW_INLINE void transpose32(__m128i r[4]) {
    __m128i low01 = _mm_unpacklo_epi32(r[0], r[1]), high01 = _mm_unpackhi_epi32(r[0], r[1]);
    __m128i low23 = _mm_unpacklo_epi32(r[2], r[3]), high23 = _mm_unpackhi_epi32(r[2], r[3]);
    r[0] = _mm_unpacklo_epi64(low01, low23);
    r[1] = _mm_unpackhi_epi64(low01, low23);
    r[2] = _mm_unpacklo_epi64(high01, high23);
    r[3] = _mm_unpackhi_epi64(high01, high23);
}

// words[i] = word i of all rows, for i in 0 ..< 4. Row r is at rows[r] + offset.
CK_ROW_INLINE void load_transposed32(vec32 words[4], const uint8_t *const *rows, size_t offset) {
    __m128i r[4];
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) r[i] = _mm_loadu_si128((const __m128i *)(rows[i] + offset));
    transpose32(r);
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) words[i] = (vec32)r[i];
}

// The reverse, to rows of `stride` words.
CK_ROW_INLINE void store_transposed32(const vec32 words[4], uint32_t *rows, size_t stride) {
    __m128i r[4] = {(__m128i)words[0], (__m128i)words[1], (__m128i)words[2], (__m128i)words[3]};
    transpose32(r);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 4; i++) _mm_storeu_si128((__m128i *)(rows + stride * i), r[i]);
}

#endif
