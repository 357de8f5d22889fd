#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

// - x is readable for n; out is writable for 4.
__attribute__((target("avx512f"))) void ck_i64_reduce_avx512f(const int64_t *x, size_t n, uint64_t flip, int64_t *out) {
    const __m512i base = _mm512_set1_epi64((int64_t)flip), mask = _mm512_set1_epi64(0xffffffff);
    __m512i low[2], high[2], least[2], greatest[2];
    for (int j = 0; j < 2; j++) {
        low[j] = high[j] = greatest[j] = _mm512_setzero_si512();
        least[j] = _mm512_set1_epi64(-1);
    }
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        for (int j = 0; j < 2; j++) {
            const __m512i u = _mm512_xor_si512(_mm512_loadu_si512(x + i + 8 * j), base);
            low[j] = _mm512_add_epi64(low[j], _mm512_and_si512(u, mask));
            high[j] = _mm512_add_epi64(high[j], _mm512_srli_epi64(u, 32));
            least[j] = _mm512_min_epu64(least[j], u);
            greatest[j] = _mm512_max_epu64(greatest[j], u);
        }
    }
    uint64_t a = (uint64_t)_mm512_reduce_add_epi64(_mm512_add_epi64(low[0], low[1]));
    uint64_t b = (uint64_t)_mm512_reduce_add_epi64(_mm512_add_epi64(high[0], high[1]));
    uint64_t c = _mm512_reduce_min_epu64(_mm512_min_epu64(least[0], least[1]));
    uint64_t d = _mm512_reduce_max_epu64(_mm512_max_epu64(greatest[0], greatest[1]));
    for (; i < n; i++) {
        const uint64_t u = (uint64_t)x[i] ^ flip;
        a += u & 0xffffffff;
        b += u >> 32;
        c = u < c ? u : c;
        d = u > d ? u : d;
    }
    out[0] = (int64_t)a;
    out[1] = (int64_t)b;
    out[2] = (int64_t)(c ^ 1ull << 63);
    out[3] = (int64_t)(d ^ 1ull << 63);
}
#endif
