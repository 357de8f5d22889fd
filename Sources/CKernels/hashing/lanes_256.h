// Words of several streams in vectors of 256 bits: loads, transposes and what else AVX2 and AVX-512VL have in common. Each defines
// CK_ROW first, the attribute that allows its instructions.
#ifndef CK_LANES_256_H
#define CK_LANES_256_H

#include <immintrin.h>

#include "CKernels.h"

#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

typedef uint32_t vec32 __attribute__((vector_size(32)));
typedef uint64_t vec64 __attribute__((vector_size(32)));
enum { lanes32 = 8, lanes64 = 4 };

CK_ROW_INLINE vec32 splat32(uint32_t x) { return (vec32)_mm256_set1_epi32((int)x); }
CK_ROW_INLINE vec64 splat64(uint64_t x) { return (vec64)_mm256_set1_epi64x((long long)x); }

CK_ROW_INLINE vec32 byte_swap32(vec32 x) {
    const __m256i reverse = _mm256_broadcastsi128_si256(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
    return (vec32)_mm256_shuffle_epi8((__m256i)x, reverse);
}

CK_ROW_INLINE vec64 byte_swap64(vec64 x) {
    const __m256i reverse = _mm256_broadcastsi128_si256(_mm_set_epi64x(0x08090a0b0c0d0e0f, 0x0001020304050607));
    return (vec64)_mm256_shuffle_epi8((__m256i)x, reverse);
}

// 16 bytes of each of two rows.
CK_ROW_INLINE __m256i load_rows(const uint8_t *low, const uint8_t *high) {
    return _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)low)), _mm_loadu_si128((const __m128i *)high), 1);
}

CK_ROW_INLINE void store_rows(__m256i x, void *low, void *high) {
    _mm_storeu_si128((__m128i *)low, _mm256_castsi256_si128(x));
    _mm_storeu_si128((__m128i *)high, _mm256_extracti128_si256(x, 1));
}

// words[i] = word i of all rows, for i in 0 ..< 4. Row r is at rows[r] + offset.
//
// Two rows share a register, so that the transpose never crosses 128 bits: register i has rows i and i + 4.
CK_ROW_INLINE void load_transposed32(vec32 words[4], const uint8_t *const *rows, size_t offset) {
    __m256i r[4];
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) r[i] = load_rows(rows[i] + offset, rows[i + 4] + offset);
    __m256i low01 = _mm256_unpacklo_epi32(r[0], r[1]), high01 = _mm256_unpackhi_epi32(r[0], r[1]);
    __m256i low23 = _mm256_unpacklo_epi32(r[2], r[3]), high23 = _mm256_unpackhi_epi32(r[2], r[3]);
    words[0] = (vec32)_mm256_unpacklo_epi64(low01, low23);
    words[1] = (vec32)_mm256_unpackhi_epi64(low01, low23);
    words[2] = (vec32)_mm256_unpacklo_epi64(high01, high23);
    words[3] = (vec32)_mm256_unpackhi_epi64(high01, high23);
}

// The reverse, to rows of `stride` words.
CK_ROW_INLINE void store_transposed32(const vec32 words[4], uint32_t *rows, size_t stride) {
    __m256i w[4] = {(__m256i)words[0], (__m256i)words[1], (__m256i)words[2], (__m256i)words[3]};
    __m256i low01 = _mm256_unpacklo_epi32(w[0], w[1]), high01 = _mm256_unpackhi_epi32(w[0], w[1]);
    __m256i low23 = _mm256_unpacklo_epi32(w[2], w[3]), high23 = _mm256_unpackhi_epi32(w[2], w[3]);
    __m256i r[4] = {
        _mm256_unpacklo_epi64(low01, low23), _mm256_unpackhi_epi64(low01, low23),
        _mm256_unpacklo_epi64(high01, high23), _mm256_unpackhi_epi64(high01, high23),
    };
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 4; i++) store_rows(r[i], rows + stride * i, rows + stride * (i + 4));
}

// words[i] = word i of all rows, for i in 0 ..< 2. Register i has rows i and i + 2.
CK_ROW_INLINE void load_transposed64(vec64 words[2], const uint8_t *const *rows, size_t offset) {
    __m256i even = load_rows(rows[0] + offset, rows[2] + offset), odd = load_rows(rows[1] + offset, rows[3] + offset);
    words[0] = (vec64)_mm256_unpacklo_epi64(even, odd);
    words[1] = (vec64)_mm256_unpackhi_epi64(even, odd);
}

CK_ROW_INLINE void store_transposed64(const vec64 words[2], uint64_t *rows, size_t stride) {
    __m256i even = _mm256_unpacklo_epi64((__m256i)words[0], (__m256i)words[1]);
    __m256i odd = _mm256_unpackhi_epi64((__m256i)words[0], (__m256i)words[1]);
    store_rows(even, rows, rows + 2 * stride);
    store_rows(odd, rows + stride, rows + 3 * stride);
}

#endif
