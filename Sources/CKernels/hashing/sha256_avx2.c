// SHA-256, one stream, for CPUs without SHA extensions: rounds in general registers, where BMI2's rotations do not destroy their
// source, and beside them the message schedule of sixteen rounds later, in vectors of four words.
#if defined(__x86_64__)
#include <immintrin.h>

#include "CKernels.h"
#include "keep_in_memory.h"

#define CK_ROW __attribute__((target("avx2,bmi2")))
#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

typedef uint32_t quad __attribute__((vector_size(16)));

CK_ROW_INLINE uint32_t rotr(uint32_t x, int n) { return x >> n | x << (32 - n); }
CK_ROW_INLINE quad rotr_quad(quad x, int n) { return x >> n | x << (32 - n); }
CK_ROW_INLINE quad load_quad(const void *p) { return (quad)_mm_loadu_si128(p); }
CK_ROW_INLINE void store_quad(void *p, quad x) { _mm_storeu_si128(p, (__m128i)x); }

// Round t of section 6.2.2, with t modulo 8 a constant: instead of moving a ... h by one place, their places turn.
//
// Maj(a, b, c) = b ^ ((a ^ b) & (b ^ c)), and a ^ b is the b ^ c of the round that follows, kept in `bc`.
CK_ROW_INLINE void sha256_round(uint32_t s[8], uint32_t wk, uint32_t *bc, int t) {
    uint32_t a = s[(0 - t) & 7], b = s[(1 - t) & 7], *d = &s[(3 - t) & 7];
    uint32_t e = s[(4 - t) & 7], f = s[(5 - t) & 7], g = s[(6 - t) & 7], *h = &s[(7 - t) & 7];
    uint32_t ab = a ^ b;
    *h += wk + (((f ^ g) & e) ^ g) + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25));
    *d += *h;
    *h += (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((ab & *bc) ^ b);
    *bc = ab;
}

// The first two words of a quad twice each, turned right by 17 and 19 and shifted by 10: s1 of both, in places 0 and 2.
CK_ROW_INLINE quad sigma1_of_two(__m128i twice) {
    // Of a word beside itself, a 64-bit shift is a rotation of the lower half.
    __m128i sum = _mm_xor_si128(_mm_srli_epi64(twice, 17), _mm_srli_epi64(twice, 19));
    return (quad)_mm_xor_si128(sum, _mm_srli_epi32(twice, 10));
}

// W[t ..< t + 4] for t = 4 * i in the place of those 16 before them. Two of them need s1 of the other two.
CK_ROW_INLINE void sha256_schedule(quad w[4], int i) {
    const __m128i to_low = _mm_set_epi8(-1, -1, -1, -1, -1, -1, -1, -1, 11, 10, 9, 8, 3, 2, 1, 0);
    const __m128i to_high = _mm_set_epi8(11, 10, 9, 8, 3, 2, 1, 0, -1, -1, -1, -1, -1, -1, -1, -1);
    quad w15 = (quad)_mm_alignr_epi8((__m128i)w[(i + 1) & 3], (__m128i)w[i], 4);
    quad w7 = (quad)_mm_alignr_epi8((__m128i)w[(i + 3) & 3], (__m128i)w[(i + 2) & 3], 4);
    quad sum = w[i] + w7 + (rotr_quad(w15, 7) ^ rotr_quad(w15, 18) ^ w15 >> 3);
    quad low = sigma1_of_two(_mm_shuffle_epi32((__m128i)w[(i + 3) & 3], 0xfa));
    sum += (quad)_mm_shuffle_epi8((__m128i)low, to_low);
    quad high = sigma1_of_two(_mm_shuffle_epi32((__m128i)sum, 0x50));
    w[i] = sum + (quad)_mm_shuffle_epi8((__m128i)high, to_high);
}

CK_ROW void ck_sha256_avx2(CK_SHA256_PARAMETERS) {
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    uint32_t s[8];
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) s[i] = state[i];

    for (; blocks > 0; blocks--, data += 64) {
        CK_KEEP_IN_MEMORY(constants);
        quad w[4];  // W of sixteen rounds
        // W + K of them: by memory from one kind of register to the other costs less than word by word.
        uint32_t wk[16];
        __asm__("" : "=m"(wk));
        uint32_t bc = s[1] ^ s[2];
#pragma clang loop unroll(full)
        for (int i = 0; i < 4; i++) {
            w[i] = (quad)_mm_shuffle_epi8((__m128i)load_quad(data + 16 * i), big_endian);
            store_quad(wk + 4 * i, w[i] + load_quad(constants + 4 * i));
        }
#pragma clang loop unroll(disable)
        for (const uint32_t *k = constants + 16; k != constants + 64; k += 16) {
#pragma clang loop unroll(full)
            for (int i = 0; i < 4; i++) {
#pragma clang loop unroll(full)
                for (int t = 4 * i; t < 4 * i + 4; t++) sha256_round(s, wk[t], &bc, t);
                sha256_schedule(w, i);
                store_quad(wk + 4 * i, w[i] + load_quad(k + 4 * i));
            }
        }
#pragma clang loop unroll(full)
        for (int t = 0; t < 16; t++) sha256_round(s, wk[t], &bc, t);
#pragma clang loop unroll(full)
        for (int i = 0; i < 8; i++) state[i] = s[i] += state[i];
    }
}
#endif
