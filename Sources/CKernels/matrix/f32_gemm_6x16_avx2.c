#if defined(__x86_64__)
#include <immintrin.h>
#include "CKernels.h"

#define ISA __attribute__((target("avx2,fma")))
#define KERNEL ck_f32_gemm_6x16_avx2
#define STREAM ck_f32_gemm_stream_avx2
#define INNER ck_f32_gemm_inner_avx2
enum { WIDE = 2, SUMS = 12, LANES = 8 };
typedef float T;
typedef float V __attribute__((ext_vector_type(8)));
typedef __m256i mask;

static inline __attribute__((always_inline)) ISA mask mask_of(ptrdiff_t count) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
static inline __attribute__((always_inline)) ISA V load_masked(const T *_Nonnull p, mask m) { return (V)_mm256_maskload_ps(p, m); }
static inline __attribute__((always_inline)) ISA void store_masked(T *_Nonnull p, mask m, V v) { _mm256_maskstore_ps(p, m, (__m256)v); }
static inline __attribute__((always_inline)) ISA V join(const T *_Nonnull const *_Nonnull p) {
    return (V)_mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(p[0])), _mm_loadu_ps(p[1]), 1);
}
static inline __attribute__((always_inline)) ISA void transpose(V *_Nonnull v) {
    __m256d x0 = (__m256d)_mm256_unpacklo_ps((__m256)v[0], (__m256)v[1]), x1 = (__m256d)_mm256_unpackhi_ps((__m256)v[0], (__m256)v[1]);
    __m256d x2 = (__m256d)_mm256_unpacklo_ps((__m256)v[2], (__m256)v[3]), x3 = (__m256d)_mm256_unpackhi_ps((__m256)v[2], (__m256)v[3]);
    v[0] = (V)_mm256_unpacklo_pd(x0, x2);
    v[1] = (V)_mm256_unpackhi_pd(x0, x2);
    v[2] = (V)_mm256_unpacklo_pd(x1, x3);
    v[3] = (V)_mm256_unpackhi_pd(x1, x3);
}

#include "gemm_panel.h"
#include "gemm_stream.h"
#include "gemm_inner.h"
#endif
