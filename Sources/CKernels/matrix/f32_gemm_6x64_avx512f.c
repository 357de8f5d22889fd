#if defined(__x86_64__)
#include <immintrin.h>
#include "CKernels.h"

#define ISA __attribute__((target("avx512f")))
#define KERNEL ck_f32_gemm_6x64_avx512f
#define STREAM ck_f32_gemm_stream_avx512f
#define INNER ck_f32_gemm_inner_avx512f
enum { WIDE = 4, SUMS = 24, LANES = 16 };
typedef float T;
typedef float V __attribute__((ext_vector_type(16)));
typedef __mmask16 mask;

static inline __attribute__((always_inline)) ISA mask mask_of(ptrdiff_t count) { return (mask)((1u << count) - 1); }
static inline __attribute__((always_inline)) ISA V load_masked(const T *_Nonnull p, mask m) { return (V)_mm512_maskz_loadu_ps(m, p); }
static inline __attribute__((always_inline)) ISA void store_masked(T *_Nonnull p, mask m, V v) { _mm512_mask_storeu_ps(p, m, (__m512)v); }
static inline __attribute__((always_inline)) ISA V join(const T *_Nonnull const *_Nonnull p) {
    __m512 v = _mm512_castps128_ps512(_mm_loadu_ps(p[0]));
    v = _mm512_insertf32x4(v, _mm_loadu_ps(p[1]), 1);
    v = _mm512_insertf32x4(v, _mm_loadu_ps(p[2]), 2);
    return (V)_mm512_insertf32x4(v, _mm_loadu_ps(p[3]), 3);
}
static inline __attribute__((always_inline)) ISA void transpose(V *_Nonnull v) {
    __m512d x0 = (__m512d)_mm512_unpacklo_ps((__m512)v[0], (__m512)v[1]), x1 = (__m512d)_mm512_unpackhi_ps((__m512)v[0], (__m512)v[1]);
    __m512d x2 = (__m512d)_mm512_unpacklo_ps((__m512)v[2], (__m512)v[3]), x3 = (__m512d)_mm512_unpackhi_ps((__m512)v[2], (__m512)v[3]);
    v[0] = (V)_mm512_unpacklo_pd(x0, x2);
    v[1] = (V)_mm512_unpackhi_pd(x0, x2);
    v[2] = (V)_mm512_unpacklo_pd(x1, x3);
    v[3] = (V)_mm512_unpackhi_pd(x1, x3);
}

#include "gemm_panel.h"
#include "gemm_stream.h"
#include "gemm_inner.h"
#endif
