#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f")))
#define NAME(loop) ck_f64_##loop##_avx512f
#define LANES 8
#define V __m512d
#define LOAD(p) _mm512_loadu_pd(p)
#define STORE(p, v) _mm512_storeu_pd(p, v)
#define SPLAT(x) _mm512_set1_pd(x)
#define ADD(a, b) _mm512_add_pd(a, b)
#define SUB(a, b) _mm512_sub_pd(a, b)
#define MULADD(a, b, c) _mm512_fmadd_pd(a, b, c)
#define MIN(a, b) _mm512_min_pd(a, b)
#define MAX(a, b) _mm512_max_pd(a, b)
#define OR(a, b) _mm512_castsi512_pd(_mm512_or_si512(_mm512_castpd_si512(a), _mm512_castpd_si512(b)))
#define AND(a, b) _mm512_castsi512_pd(_mm512_and_si512(_mm512_castpd_si512(a), _mm512_castpd_si512(b)))
#define UNORDERED(a, b) \
    _mm512_castsi512_pd(_mm512_maskz_set1_epi64(_mm512_cmp_pd_mask(a, b, _CMP_UNORD_Q), -1))
#define ANY(v) (_mm512_test_epi64_mask(_mm512_castpd_si512(v), _mm512_castpd_si512(v)) != 0)
#define BITS(v) (uint64_t)_mm512_reduce_add_epi64(_mm512_castpd_si512(v))

#include "f64_reduce.h"
#endif
