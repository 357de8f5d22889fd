#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f")))

// The lower halves of products by a constant: one of 64 bits takes AVX-512DQ, and is three multiplications there as well.
TARGET static inline __m512i product(__m512i x, uint64_t factor) {
    const __m512i low = _mm512_set1_epi64((long long)factor), high = _mm512_set1_epi64((long long)(factor >> 32));
    const __m512i cross = _mm512_add_epi64(_mm512_mul_epu32(x, high), _mm512_mul_epu32(_mm512_srli_epi64(x, 32), low));
    return _mm512_add_epi64(_mm512_mul_epu32(x, low), _mm512_slli_epi64(cross, 32));
}

TARGET static inline __m512i mixed(__m512i h) {
    h = _mm512_xor_si512(h, _mm512_srli_epi64(h, 33));
    h = product(h, 0xff51afd7ed558ccdull);
    h = _mm512_xor_si512(h, _mm512_srli_epi64(h, 33));
    h = product(h, 0xc4ceb9fe1a85ec53ull);
    return _mm512_xor_si512(h, _mm512_srli_epi64(h, 33));
}

// MurmurHash3 of eight bytes, as HLLHash.swift has it, of eight words at a time.
TARGET static inline void hash(__m512i word, __m512i *low, __m512i *high) {
    const __m512i seed = _mm512_set1_epi64(9001), eight = _mm512_set1_epi64(8);
    __m512i k = product(word, 0x87c37b91114253d5ull);
    k = product(_mm512_rol_epi64(k, 31), 0x4cf5ad432745937full);
    __m512i h1 = _mm512_xor_si512(_mm512_xor_si512(seed, k), eight), h2 = _mm512_xor_si512(seed, eight);
    h1 = _mm512_add_epi64(h1, h2);
    h2 = _mm512_add_epi64(h2, h1);
    h1 = mixed(h1);
    h2 = mixed(h2);
    *low = _mm512_add_epi64(h1, h2);
    *high = _mm512_add_epi64(h2, *low);
}

TARGET static inline __m512i canonical(__m512i word) {
    const __m512d value = _mm512_castsi512_pd(word);
    const __mmask8 zero = _mm512_cmp_pd_mask(value, _mm512_setzero_pd(), _CMP_EQ_OQ);
    const __mmask8 none = _mm512_cmp_pd_mask(value, value, _CMP_UNORD_Q);
    word = _mm512_mask_mov_epi64(word, zero, _mm512_setzero_si512());
    return _mm512_mask_mov_epi64(word, none, _mm512_set1_epi64(0x7ff8ll << 48));
}

// - words is readable for n, ranks for mask + 1.
TARGET size_t ck_hll_scan_avx512f(const uint64_t *words, size_t n, const uint8_t *ranks, uint64_t mask, bool is_double,
                                   uint64_t *high, uint64_t *slot) {
    uint64_t lows[8], highs[8];
    for (size_t i = 0; i < n; i += 8) {
        const size_t count = n - i < 8 ? n - i : 8;
        __m512i word = _mm512_maskz_loadu_epi64((__mmask8)((1u << count) - 1), words + i), a, b;
        if (is_double) word = canonical(word);
        hash(word, &a, &b);
        _mm512_storeu_si512(lows, _mm512_and_si512(a, _mm512_set1_epi64((long long)mask)));
        _mm512_storeu_si512(highs, b);
        for (size_t j = 0; j < count; j++) {
            // As many leading zeros as the rank that is there are one more than it.
            if (__builtin_expect((highs[j] >> 1) >> (63 - ranks[lows[j]]) == 0, 0)) {
                *high = highs[j];
                *slot = lows[j];
                return i + j;
            }
        }
    }
    return n;
}
#endif
