#if defined(__x86_64__)
#include <immintrin.h>
#include "CKernels.h"

#define ISA __attribute__((target("avx2,fma")))
#define KERNEL ck_f32_gemm_6x16_avx2
#define STREAM ck_f32_gemm_stream_avx2
enum { WIDE = 2, SUMS = 12, LANES = 8 };
typedef float T;
typedef float V __attribute__((ext_vector_type(8)));
typedef __m256i mask;

static inline __attribute__((always_inline)) ISA mask mask_of(ptrdiff_t count) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
static inline __attribute__((always_inline)) ISA V load_masked(const T *_Nonnull p, mask m) { return (V)_mm256_maskload_ps(p, m); }
static inline __attribute__((always_inline)) ISA void store_masked(T *_Nonnull p, mask m, V v) { _mm256_maskstore_ps(p, m, (__m256)v); }

#include "gemm_panel.h"
#include "gemm_stream.h"
#endif
