#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx2")))

// 35 (exponent + 1075 - 1023) and the bucket within the octave: the operations of DDBuckets.place, one by one, without a fused one.
TARGET static inline __m256i place(__m256i bits, __m256i exponent) {
    const __m256i one = _mm256_set1_epi64x(0x3ffll << 52);
    const __m256d s = _mm256_sub_pd(
        _mm256_castsi256_pd(_mm256_or_si256(_mm256_and_si256(bits, _mm256_set1_epi64x((1ll << 52) - 1)), one)),
        _mm256_castsi256_pd(one));
    __m256d cubic = _mm256_sub_pd(_mm256_mul_pd(_mm256_set1_pd(6), s), _mm256_set1_pd(21));
    cubic = _mm256_add_pd(_mm256_mul_pd(cubic, s), _mm256_set1_pd(50));
    cubic = _mm256_add_pd(_mm256_mul_pd(cubic, s), _mm256_set1_pd(0x1.8p52));
    const __m256i within = _mm256_and_si256(_mm256_castpd_si256(cubic), _mm256_set1_epi64x(63));
    const __m256i octave = _mm256_mul_epu32(_mm256_add_epi64(exponent, _mm256_set1_epi64x(1075 - 1023)),
                                            _mm256_set1_epi64x(35));
    return _mm256_add_epi64(octave, within);
}

// - values is readable for n; above and below are writable for their counts.
TARGET size_t ck_dd_count_avx2(const double *values, size_t n, const int64_t *first, const int64_t *count,
                               uint64_t *above, uint64_t *below, size_t *negatives) {
    size_t i = 0, negative = 0;
    for (; i + 4 <= n; i += 4) {
        const __m256i bits = _mm256_loadu_si256((const __m256i *)(values + i));
        const __m256d sign = _mm256_castsi256_pd(bits);
        const __m256i exponent = _mm256_and_si256(_mm256_srli_epi64(bits, 52), _mm256_set1_epi64x(0x7ff));
        const __m256d start = _mm256_blendv_pd(_mm256_castsi256_pd(_mm256_set1_epi64x(first[0])),
                                               _mm256_castsi256_pd(_mm256_set1_epi64x(first[1])), sign);
        const __m256d end = _mm256_blendv_pd(_mm256_castsi256_pd(_mm256_set1_epi64x(count[0])),
                                             _mm256_castsi256_pd(_mm256_set1_epi64x(count[1])), sign);
        const __m256d array = _mm256_blendv_pd(_mm256_castsi256_pd(_mm256_set1_epi64x((int64_t)(uintptr_t)above)),
                                               _mm256_castsi256_pd(_mm256_set1_epi64x((int64_t)(uintptr_t)below)), sign);
        const __m256i at = _mm256_sub_epi64(place(bits, exponent), _mm256_castpd_si256(start));
        // Right where 0 <= at < end and 0 < exponent < 0x7ff.
        const __m256i right = _mm256_and_si256(
            _mm256_andnot_si256(_mm256_cmpgt_epi64(_mm256_setzero_si256(), at),
                                _mm256_cmpgt_epi64(_mm256_castpd_si256(end), at)),
            _mm256_and_si256(_mm256_cmpgt_epi64(exponent, _mm256_setzero_si256()),
                             _mm256_cmpgt_epi64(_mm256_set1_epi64x(0x7ff), exponent)));
        if (__builtin_expect(_mm256_movemask_pd(_mm256_castsi256_pd(right)) != 15, 0)) break;
        const __m256i address = _mm256_add_epi64(_mm256_castpd_si256(array), _mm256_slli_epi64(at, 3));
        const __m128i low = _mm256_castsi256_si128(address), high = _mm256_extracti128_si256(address, 1);
        ++*(uint64_t *)(uintptr_t)_mm_cvtsi128_si64(low);
        ++*(uint64_t *)(uintptr_t)_mm_extract_epi64(low, 1);
        ++*(uint64_t *)(uintptr_t)_mm_cvtsi128_si64(high);
        ++*(uint64_t *)(uintptr_t)_mm_extract_epi64(high, 1);
        negative += (size_t)__builtin_popcount((unsigned)_mm256_movemask_pd(sign));
    }
    *negatives = negative;
    return i;
}
#endif
