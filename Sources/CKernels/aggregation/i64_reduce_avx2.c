#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

// Four at a time are compared as signed numbers, and summed up as unsigned ones.
//
// - x is readable for n; out is writable for 4.
__attribute__((target("avx2"))) void ck_i64_reduce_avx2(const int64_t *x, size_t n, uint64_t flip, int64_t *out) {
    const __m256i base = _mm256_set1_epi64x((int64_t)flip), mask = _mm256_set1_epi64x(0xffffffff);
    const __m256i sign = _mm256_set1_epi64x(INT64_MIN);
    __m256i low[2], high[2], least[2], greatest[2];
    for (int j = 0; j < 2; j++) {
        low[j] = high[j] = _mm256_setzero_si256();
        least[j] = _mm256_set1_epi64x(INT64_MAX);
        greatest[j] = sign;
    }
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        for (int j = 0; j < 2; j++) {
            const __m256i u = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(x + i + 4 * j)), base);
            const __m256i key = _mm256_xor_si256(u, sign);
            low[j] = _mm256_add_epi64(low[j], _mm256_and_si256(u, mask));
            high[j] = _mm256_add_epi64(high[j], _mm256_srli_epi64(u, 32));
            least[j] = _mm256_blendv_epi8(least[j], key, _mm256_cmpgt_epi64(least[j], key));
            greatest[j] = _mm256_blendv_epi8(greatest[j], key, _mm256_cmpgt_epi64(key, greatest[j]));
        }
    }
    int64_t lows[4], highs[4], all[4][4];
    _mm256_storeu_si256((__m256i *)lows, _mm256_add_epi64(low[0], low[1]));
    _mm256_storeu_si256((__m256i *)highs, _mm256_add_epi64(high[0], high[1]));
    for (int j = 0; j < 2; j++) {
        _mm256_storeu_si256((__m256i *)all[j], least[j]);
        _mm256_storeu_si256((__m256i *)all[2 + j], greatest[j]);
    }
    uint64_t a = 0, b = 0;
    int64_t c = INT64_MAX, d = INT64_MIN;
    for (int lane = 0; lane < 4; lane++) {
        a += (uint64_t)lows[lane];
        b += (uint64_t)highs[lane];
        for (int j = 0; j < 2; j++) {
            c = all[j][lane] < c ? all[j][lane] : c;
            d = all[2 + j][lane] > d ? all[2 + j][lane] : d;
        }
    }
    for (; i < n; i++) {
        const uint64_t u = (uint64_t)x[i] ^ flip;
        const int64_t key = (int64_t)(u ^ 1ull << 63);
        a += u & 0xffffffff;
        b += u >> 32;
        c = key < c ? key : c;
        d = key > d ? key : d;
    }
    out[0] = (int64_t)a;
    out[1] = (int64_t)b;
    out[2] = c;
    out[3] = d;
}
#endif
