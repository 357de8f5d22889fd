#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,fma")))
#define NAME(loop) ck_f64_##loop##_avx2
#define LANES 4
#define V __m256d
#define LOAD(p) _mm256_loadu_pd(p)
#define STORE(p, v) _mm256_storeu_pd(p, v)
#define SPLAT(x) _mm256_set1_pd(x)
#define ADD(a, b) _mm256_add_pd(a, b)
#define SUB(a, b) _mm256_sub_pd(a, b)
#define MULADD(a, b, c) _mm256_fmadd_pd(a, b, c)
#define MIN(a, b) _mm256_min_pd(a, b)
#define MAX(a, b) _mm256_max_pd(a, b)
#define OR(a, b) _mm256_or_pd(a, b)
#define AND(a, b) _mm256_and_pd(a, b)
#define UNORDERED(a, b) _mm256_cmp_pd(a, b, _CMP_UNORD_Q)
#define ANY(v) (!_mm256_testz_si256(_mm256_castpd_si256(v), _mm256_castpd_si256(v)))
#define BITS(v) bits(v)

TARGET static uint64_t bits(__m256d v) {
    uint64_t lanes[4];
    _mm256_storeu_si256((__m256i *)lanes, _mm256_castpd_si256(v));
    return lanes[0] + lanes[1] + lanes[2] + lanes[3];
}

#include "f64_reduce.h"
#endif
