#if defined(__x86_64__)
#include <immintrin.h>
#include "CKernels.h"

#define ISA __attribute__((target("avx512f")))
#define KERNEL ck_f64_gemm_6x32_avx512f
#define STREAM ck_f64_gemm_stream_avx512f
#define INNER ck_f64_gemm_inner_avx512f
enum { WIDE = 4, SUMS = 24, LANES = 8 };
typedef double T;
typedef double V __attribute__((ext_vector_type(8)));
typedef __mmask8 mask;

static inline __attribute__((always_inline)) ISA mask mask_of(ptrdiff_t count) { return (mask)((1u << count) - 1); }
static inline __attribute__((always_inline)) ISA V load_masked(const T *_Nonnull p, mask m) { return (V)_mm512_maskz_loadu_pd(m, p); }
static inline __attribute__((always_inline)) ISA void store_masked(T *_Nonnull p, mask m, V v) { _mm512_mask_storeu_pd(p, m, (__m512d)v); }
static inline __attribute__((always_inline)) ISA V join(const T *_Nonnull const *_Nonnull p) {
    __m512 v = _mm512_castps128_ps512((__m128)_mm_loadu_pd(p[0]));
    v = _mm512_insertf32x4(v, (__m128)_mm_loadu_pd(p[1]), 1);
    v = _mm512_insertf32x4(v, (__m128)_mm_loadu_pd(p[2]), 2);
    return (V)_mm512_insertf32x4(v, (__m128)_mm_loadu_pd(p[3]), 3);
}
static inline __attribute__((always_inline)) ISA void transpose(V *_Nonnull v) {
    V low = (V)_mm512_unpacklo_pd((__m512d)v[0], (__m512d)v[1]);
    v[1] = (V)_mm512_unpackhi_pd((__m512d)v[0], (__m512d)v[1]);
    v[0] = low;
}

#include "gemm_panel.h"
#include "gemm_stream.h"
#include "gemm_inner.h"
#endif
