// SHA-512, one stream: rounds in general registers, and beside them the message schedule of sixteen rounds later, in vectors of
// four words, which AVX-512 rotates in one instruction and adds modulo 2 three at a time.
//
// Zen 4, clang 21, 16 KiB in L1: 0.83 GB/s, where the row for AVX2 does 0.79; in vectors of two words 0.83, too, of more instructions.
#if defined(__x86_64__)
#include <immintrin.h>

#include "CKernels.h"
#include "keep_in_memory.h"

#define CK_ROW __attribute__((target("avx512f,avx512bw,avx512vl,avx2,bmi2")))
#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline
#include "sha512_round.h"

CK_ROW_INLINE __m256i add(__m256i x, __m256i y) { return _mm256_add_epi64(x, y); }

CK_ROW_INLINE __m256i xor3(__m256i x, __m256i y, __m256i z) { return _mm256_ternarylogic_epi64(x, y, z, 0x96); }

CK_ROW_INLINE __m256i sigma0(__m256i x) {
    return xor3(_mm256_ror_epi64(x, 1), _mm256_ror_epi64(x, 8), _mm256_srli_epi64(x, 7));
}

CK_ROW_INLINE __m256i sigma1(__m256i x) {
    return xor3(_mm256_ror_epi64(x, 19), _mm256_ror_epi64(x, 61), _mm256_srli_epi64(x, 6));
}

// W[t] ... W[t + 3] for t = 4 * i in the place of those 16 before them. The last two need the first two of them.
CK_ROW_INLINE void sha512_schedule(__m256i w[4], int i) {
    __m256i w15 = _mm256_alignr_epi64(w[(i + 1) & 3], w[i], 1);
    __m256i w7 = _mm256_alignr_epi64(w[(i + 3) & 3], w[(i + 2) & 3], 1);
    __m256i sum = add(add(w[i], w7), sigma0(w15));
    sum = add(sum, _mm256_maskz_permutex_epi64(0x3, sigma1(w[(i + 3) & 3]), 0xEE));
    w[i] = add(sum, _mm256_maskz_permutex_epi64(0xC, sigma1(sum), 0x44));
}

CK_ROW_INLINE void store_sum(uint64_t wk[4], __m256i w, const uint64_t *k) {
    _mm256_storeu_si256((__m256i *)wk, add(w, _mm256_loadu_si256((const __m256i *)k)));
}

CK_ROW void ck_sha512_avx512vl(CK_SHA512_PARAMETERS) {
    const __m256i big_endian = _mm256_broadcastsi128_si256(_mm_set_epi64x(0x08090a0b0c0d0e0f, 0x0001020304050607));
    uint64_t s[8];
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) s[i] = state[i];

    for (; blocks > 0; blocks--, data += 128) {
        CK_KEEP_IN_MEMORY(constants);
        __m256i w[4];  // W of sixteen rounds
        // W + K of them: by memory from one kind of register to the other costs less than word by word.
        uint64_t wk[16];
        __asm__("" : "=m"(wk));
        uint64_t bc = s[1] ^ s[2];
#pragma clang loop unroll(full)
        for (int i = 0; i < 4; i++) {
            w[i] = _mm256_shuffle_epi8(_mm256_loadu_si256((const __m256i *)(data + 32 * i)), big_endian);
            store_sum(wk + 4 * i, w[i], constants + 4 * i);
        }
#pragma clang loop unroll(disable)
        for (const uint64_t *k = constants + 16; k != constants + 80; k += 16) {
#pragma clang loop unroll(full)
            for (int i = 0; i < 4; i++) {
                sha512_round(s, wk[4 * i], &bc, 4 * i);
                sha512_round(s, wk[4 * i + 1], &bc, 4 * i + 1);
                sha512_schedule(w, i);
                sha512_round(s, wk[4 * i + 2], &bc, 4 * i + 2);
                sha512_round(s, wk[4 * i + 3], &bc, 4 * i + 3);
                store_sum(wk + 4 * i, w[i], k + 4 * i);
            }
        }
#pragma clang loop unroll(full)
        for (int t = 0; t < 16; t++) sha512_round(s, wk[t], &bc, t);
#pragma clang loop unroll(full)
        for (int i = 0; i < 8; i++) state[i] = s[i] += state[i];
    }
}
#endif
