#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

// A pair of integers is one vector of 128 bits, so that a row costs one load and one store of its group, and waits for no carry and for
// no rounding of the row before.
__attribute__((target("avx2"))) static inline void add(int64_t *sums, uint32_t group, __m128i pair) {
    __m128i *at = (__m128i *)(sums + 2 * (size_t)group);
    const __m128i seen = _mm_set_epi64x(1, 0);
    _mm_storeu_si128(at, _mm_or_si128(_mm_add_epi64(_mm_loadu_si128(at), pair), seen));
}

// - groups and values are readable for n; sums is writable for every group among them, rest for n.
__attribute__((target("avx2"))) size_t ck_f64_group_sum_avx2(const uint32_t *groups, const double *values, size_t n,
                                                             const double *bias, int64_t *sums, uint32_t *rest) {
    const __m256d first = _mm256_set1_pd(bias[0]), second = _mm256_set1_pd(bias[1]), limit = _mm256_set1_pd(bias[2]);
    const __m256d sign = _mm256_set1_pd(-0.0);
    size_t left = 0, i = 0;
    for (; i + 4 <= n; i += 4) {
        const __m256d v = _mm256_loadu_pd(values + i);
        const __m256d a = _mm256_add_pd(first, v);
        const __m256d r = _mm256_sub_pd(v, _mm256_sub_pd(a, first));
        const __m256d b = _mm256_add_pd(second, r);
        const __m256d over = _mm256_sub_pd(r, _mm256_sub_pd(b, second));
        const __m256d wrong = _mm256_or_pd(_mm256_cmp_pd(over, _mm256_setzero_pd(), _CMP_NEQ_UQ),
                                           _mm256_cmp_pd(_mm256_andnot_pd(sign, v), limit, _CMP_NLT_UQ));
        if (__builtin_expect(_mm256_movemask_pd(wrong), 0)) {
            for (size_t j = 0; j < 4; j++) rest[left++] = (uint32_t)(i + j);
            continue;
        }
        const __m256i high = _mm256_sub_epi64(_mm256_castpd_si256(a), _mm256_castpd_si256(first));
        const __m256i low = _mm256_sub_epi64(_mm256_castpd_si256(b), _mm256_castpd_si256(second));
        const __m256i twice = _mm256_add_epi64(low, low);
        const __m256i even = _mm256_unpacklo_epi64(high, twice), odd = _mm256_unpackhi_epi64(high, twice);
        add(sums, groups[i], _mm256_castsi256_si128(even));
        add(sums, groups[i + 1], _mm256_castsi256_si128(odd));
        add(sums, groups[i + 2], _mm256_extracti128_si256(even, 1));
        add(sums, groups[i + 3], _mm256_extracti128_si256(odd, 1));
    }
    for (; i < n; i++) rest[left++] = (uint32_t)i;
    return left;
}
#endif
