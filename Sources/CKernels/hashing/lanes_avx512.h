// Words of several streams in vectors of AVX-512: the vocabulary of lanes_avx2.h, twice as wide, with rotations and
// functions of three inputs in one instruction each.
#ifndef CK_LANES_AVX512_H
#define CK_LANES_AVX512_H

#include <immintrin.h>

#include "CKernels.h"

#define CK_ROW __attribute__((target("avx512f,avx512bw")))
#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

typedef uint32_t vec32 __attribute__((vector_size(64)));
typedef uint64_t vec64 __attribute__((vector_size(64)));
enum { lanes32 = 16, lanes64 = 8 };

CK_ROW_INLINE vec32 splat32(uint32_t x) { return (vec32)_mm512_set1_epi32((int)x); }
CK_ROW_INLINE vec64 splat64(uint64_t x) { return (vec64)_mm512_set1_epi64((long long)x); }

#define CK_TERNARY32(x, y, z, table) \
    ((vec32)_mm512_ternarylogic_epi32((__m512i)(x), (__m512i)(y), (__m512i)(z), table))
#define CK_TERNARY64(x, y, z, table) \
    ((vec64)_mm512_ternarylogic_epi64((__m512i)(x), (__m512i)(y), (__m512i)(z), table))

#include "lanes_ternary.h"

CK_ROW_INLINE vec32 byte_swap32(vec32 x) {
    const __m512i reverse = _mm512_broadcast_i32x4(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
    return (vec32)_mm512_shuffle_epi8((__m512i)x, reverse);
}

CK_ROW_INLINE vec64 byte_swap64(vec64 x) {
    const __m512i reverse = _mm512_broadcast_i32x4(_mm_set_epi64x(0x08090a0b0c0d0e0f, 0x0001020304050607));
    return (vec64)_mm512_shuffle_epi8((__m512i)x, reverse);
}

// 16 bytes of each of four rows, `step` apart.
CK_ROW_INLINE __m512i load_rows(const uint8_t *const *rows, size_t step, size_t offset) {
    __m512i r = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *)(rows[0] + offset)));
    r = _mm512_inserti32x4(r, _mm_loadu_si128((const __m128i *)(rows[step] + offset)), 1);
    r = _mm512_inserti32x4(r, _mm_loadu_si128((const __m128i *)(rows[2 * step] + offset)), 2);
    return _mm512_inserti32x4(r, _mm_loadu_si128((const __m128i *)(rows[3 * step] + offset)), 3);
}

// To rows `bytes` apart.
CK_ROW_INLINE void store_rows(__m512i x, void *first, size_t bytes) {
    char *row = first;
    _mm_storeu_si128((__m128i *)row, _mm512_castsi512_si128(x));
    _mm_storeu_si128((__m128i *)(row + bytes), _mm512_extracti32x4_epi32(x, 1));
    _mm_storeu_si128((__m128i *)(row + 2 * bytes), _mm512_extracti32x4_epi32(x, 2));
    _mm_storeu_si128((__m128i *)(row + 3 * bytes), _mm512_extracti32x4_epi32(x, 3));
}

// words[i] = word i of all rows, for i in 0 ..< 4. Row r is at rows[r] + offset.
//
// Four rows share a register, so that the transpose never crosses 128 bits: register i has rows i, i + 4, i + 8, i + 12.
CK_ROW_INLINE void load_transposed32(vec32 words[4], const uint8_t *const *rows, size_t offset) {
    __m512i r[4];
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) r[i] = load_rows(rows + i, 4, offset);
    __m512i low01 = _mm512_unpacklo_epi32(r[0], r[1]), high01 = _mm512_unpackhi_epi32(r[0], r[1]);
    __m512i low23 = _mm512_unpacklo_epi32(r[2], r[3]), high23 = _mm512_unpackhi_epi32(r[2], r[3]);
    words[0] = (vec32)_mm512_unpacklo_epi64(low01, low23);
    words[1] = (vec32)_mm512_unpackhi_epi64(low01, low23);
    words[2] = (vec32)_mm512_unpacklo_epi64(high01, high23);
    words[3] = (vec32)_mm512_unpackhi_epi64(high01, high23);
}

// The reverse, to rows of `stride` words.
CK_ROW_INLINE void store_transposed32(const vec32 words[4], uint32_t *rows, size_t stride) {
    __m512i w[4] = {(__m512i)words[0], (__m512i)words[1], (__m512i)words[2], (__m512i)words[3]};
    __m512i low01 = _mm512_unpacklo_epi32(w[0], w[1]), high01 = _mm512_unpackhi_epi32(w[0], w[1]);
    __m512i low23 = _mm512_unpacklo_epi32(w[2], w[3]), high23 = _mm512_unpackhi_epi32(w[2], w[3]);
    __m512i r[4] = {
        _mm512_unpacklo_epi64(low01, low23), _mm512_unpackhi_epi64(low01, low23),
        _mm512_unpacklo_epi64(high01, high23), _mm512_unpackhi_epi64(high01, high23),
    };
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 4; i++) store_rows(r[i], rows + stride * i, 4 * stride * sizeof *rows);
}

// words[i] = word i of all rows, for i in 0 ..< 2. Register i has rows i, i + 2, i + 4, i + 6.
CK_ROW_INLINE void load_transposed64(vec64 words[2], const uint8_t *const *rows, size_t offset) {
    __m512i even = load_rows(rows, 2, offset), odd = load_rows(rows + 1, 2, offset);
    words[0] = (vec64)_mm512_unpacklo_epi64(even, odd);
    words[1] = (vec64)_mm512_unpackhi_epi64(even, odd);
}

CK_ROW_INLINE void store_transposed64(const vec64 words[2], uint64_t *rows, size_t stride) {
    __m512i even = _mm512_unpacklo_epi64((__m512i)words[0], (__m512i)words[1]);
    __m512i odd = _mm512_unpackhi_epi64((__m512i)words[0], (__m512i)words[1]);
    store_rows(even, rows, 2 * stride * sizeof *rows);
    store_rows(odd, rows + stride, 2 * stride * sizeof *rows);
}

#endif
