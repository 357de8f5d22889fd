// SHA-256, sixteen streams, one in each 32-bit lane of AVX-512: a register holds one word of all of them.
//
// A block costs 64 * 17 + 48 * 11 instructions of rounds and schedule, and 96 more to load, transpose and byte-swap it.
#if defined(__x86_64__)
#include <immintrin.h>

#include "CKernels.h"
#include "sha256.h"

#define CK_AVX512 __attribute__((target("avx512f,avx512bw")))
#define CK_AVX512_INLINE CK_AVX512 __attribute__((always_inline)) static inline

enum { lanes = 16 };

// The three-input functions of FIPS 180-4 section 4.1.2, as truth tables of VPTERNLOG.
enum { choose = 0xca, majority = 0xe8, parity = 0x96 };

// words[i] = word i of rows 0 ..< 16, for i in 0 ..< 4. Row r is at rows[r] + offset.
//
// Four rows share a register, so that the transpose never crosses 128 bits: register i has rows i, i + 4, i + 8, i + 12.
CK_AVX512_INLINE void load_transposed(__m512i words[4], const uint8_t *const *rows, size_t offset) {
    __m512i r[4];
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
        r[i] = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *)(rows[i] + offset)));
        r[i] = _mm512_inserti32x4(r[i], _mm_loadu_si128((const __m128i *)(rows[i + 4] + offset)), 1);
        r[i] = _mm512_inserti32x4(r[i], _mm_loadu_si128((const __m128i *)(rows[i + 8] + offset)), 2);
        r[i] = _mm512_inserti32x4(r[i], _mm_loadu_si128((const __m128i *)(rows[i + 12] + offset)), 3);
    }
    __m512i low01 = _mm512_unpacklo_epi32(r[0], r[1]), high01 = _mm512_unpackhi_epi32(r[0], r[1]);
    __m512i low23 = _mm512_unpacklo_epi32(r[2], r[3]), high23 = _mm512_unpackhi_epi32(r[2], r[3]);
    words[0] = _mm512_unpacklo_epi64(low01, low23);
    words[1] = _mm512_unpackhi_epi64(low01, low23);
    words[2] = _mm512_unpacklo_epi64(high01, high23);
    words[3] = _mm512_unpackhi_epi64(high01, high23);
}

// The reverse of load_transposed, to rows of 8 words.
CK_AVX512_INLINE void store_transposed(const __m512i words[4], uint32_t *rows) {
    __m512i low01 = _mm512_unpacklo_epi32(words[0], words[1]), high01 = _mm512_unpackhi_epi32(words[0], words[1]);
    __m512i low23 = _mm512_unpacklo_epi32(words[2], words[3]), high23 = _mm512_unpackhi_epi32(words[2], words[3]);
    __m512i r[4] = {
        _mm512_unpacklo_epi64(low01, low23), _mm512_unpackhi_epi64(low01, low23),
        _mm512_unpacklo_epi64(high01, high23), _mm512_unpackhi_epi64(high01, high23),
    };
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
        _mm_storeu_si128((__m128i *)(rows + 8 * i), _mm512_castsi512_si128(r[i]));
        _mm_storeu_si128((__m128i *)(rows + 8 * (i + 4)), _mm512_extracti32x4_epi32(r[i], 1));
        _mm_storeu_si128((__m128i *)(rows + 8 * (i + 8)), _mm512_extracti32x4_epi32(r[i], 2));
        _mm_storeu_si128((__m128i *)(rows + 8 * (i + 12)), _mm512_extracti32x4_epi32(r[i], 3));
    }
}

CK_AVX512_INLINE __m512i xor3(__m512i a, __m512i b, __m512i c) { return _mm512_ternarylogic_epi32(a, b, c, parity); }

// Round t of section 6.2.2, with t modulo 16 a constant: instead of moving a ... h by one place, their places turn.
CK_AVX512_INLINE void round16(__m512i s[8], __m512i w, uint32_t k, int t) {
    __m512i a = s[(0 - t) & 7], b = s[(1 - t) & 7], c = s[(2 - t) & 7], *d = &s[(3 - t) & 7];
    __m512i e = s[(4 - t) & 7], f = s[(5 - t) & 7], g = s[(6 - t) & 7], *h = &s[(7 - t) & 7];
    __m512i sum1 = xor3(_mm512_ror_epi32(e, 6), _mm512_ror_epi32(e, 11), _mm512_ror_epi32(e, 25));
    __m512i sum0 = xor3(_mm512_ror_epi32(a, 2), _mm512_ror_epi32(a, 13), _mm512_ror_epi32(a, 22));
    __m512i t1 = _mm512_add_epi32(_mm512_add_epi32(*h, w), _mm512_set1_epi32((int)k));
    t1 = _mm512_add_epi32(t1, _mm512_ternarylogic_epi32(e, f, g, choose));
    t1 = _mm512_add_epi32(t1, sum1);
    *d = _mm512_add_epi32(*d, t1);
    *h = _mm512_add_epi32(t1, _mm512_add_epi32(sum0, _mm512_ternarylogic_epi32(a, b, c, majority)));
}

// W[t] in the place of W[t - 16], with t modulo 16.
CK_AVX512_INLINE void schedule16(__m512i w[16], int t) {
    __m512i w2 = w[(t + 14) & 15], w7 = w[(t + 9) & 15], w15 = w[(t + 1) & 15];
    __m512i sigma1 = xor3(_mm512_ror_epi32(w2, 17), _mm512_ror_epi32(w2, 19), _mm512_srli_epi32(w2, 10));
    __m512i sigma0 = xor3(_mm512_ror_epi32(w15, 7), _mm512_ror_epi32(w15, 18), _mm512_srli_epi32(w15, 3));
    w[t] = _mm512_add_epi32(_mm512_add_epi32(w[t], w7), _mm512_add_epi32(sigma0, sigma1));
}

CK_AVX512 void ck_sha256_x16_avx512(CK_SHA256_LANES_PARAMETERS) {
    const __m512i big_endian = _mm512_broadcast_i32x4(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
    const uint8_t *rows[lanes];
    for (int lane = 0; lane < lanes; lane++) rows[lane] = (const uint8_t *)(states + 8 * lane);
    __m512i s[8];
    load_transposed(s, rows, 0);
    load_transposed(s + 4, rows, 16);

    for (size_t block = 0; block < blocks; block++) {
        CK_KEEP_IN_MEMORY(constants);
        __m512i before[8], w[16];
#pragma clang loop unroll(full)
        for (int i = 0; i < 8; i++) before[i] = s[i];
#pragma clang loop unroll(full)
        for (int i = 0; i < 4; i++) load_transposed(w + 4 * i, data, 64 * block + 16 * (size_t)i);
#pragma clang loop unroll(full)
        for (int t = 0; t < 16; t++) {
            w[t] = _mm512_shuffle_epi8(w[t], big_endian);
            round16(s, w[t], constants[t], t);
        }
#pragma clang loop unroll(disable)
        for (int start = 16; start < 64; start += 16) {
#pragma clang loop unroll(full)
            for (int t = 0; t < 16; t++) {
                schedule16(w, t);
                round16(s, w[t], constants[start + t], t);
            }
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < 8; i++) s[i] = _mm512_add_epi32(s[i], before[i]);
    }
    store_transposed(s, states);
    store_transposed(s + 4, states + 4);
}
#endif
