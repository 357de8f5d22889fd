#if defined(__x86_64__)
#include <immintrin.h>
#include "CKernels.h"

#define ISA __attribute__((target("avx2,fma")))
#define KERNEL ck_f64_gemm_4x12_avx2
#define STREAM ck_f64_gemm_stream_avx2
#define INNER ck_f64_gemm_inner_avx2
enum { WIDE = 3, SUMS = 12, LANES = 4 };
typedef double T;
typedef double V __attribute__((ext_vector_type(4)));
typedef __m256i mask;

static inline __attribute__((always_inline)) ISA mask mask_of(ptrdiff_t count) {
    return _mm256_cmpgt_epi64(_mm256_set1_epi64x(count), _mm256_setr_epi64x(0, 1, 2, 3));
}
static inline __attribute__((always_inline)) ISA V load_masked(const T *_Nonnull p, mask m) { return (V)_mm256_maskload_pd(p, m); }
static inline __attribute__((always_inline)) ISA void store_masked(T *_Nonnull p, mask m, V v) { _mm256_maskstore_pd(p, m, (__m256d)v); }
static inline __attribute__((always_inline)) ISA V join(const T *_Nonnull const *_Nonnull p) {
    return (V)_mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(p[0])), _mm_loadu_pd(p[1]), 1);
}
static inline __attribute__((always_inline)) ISA void transpose(V *_Nonnull v) {
    V low = (V)_mm256_unpacklo_pd((__m256d)v[0], (__m256d)v[1]);
    v[1] = (V)_mm256_unpackhi_pd((__m256d)v[0], (__m256d)v[1]);
    v[0] = low;
}

#include "gemm_panel.h"
#include "gemm_stream.h"
#include "gemm_inner.h"
#endif
