#if defined(__x86_64__)
#include <immintrin.h>
#include "CKernels.h"

#define ISA __attribute__((target("avx512f")))
#define KERNEL ck_f32_gemm_12x32_avx512f
#define STREAM ck_f32_gemm_stream_avx512f
enum { WIDE = 2, SUMS = 24, LANES = 16 };
typedef float T;
typedef float V __attribute__((ext_vector_type(16)));
typedef __mmask16 mask;

static inline __attribute__((always_inline)) ISA mask mask_of(ptrdiff_t count) { return (mask)((1u << count) - 1); }
static inline __attribute__((always_inline)) ISA V load_masked(const T *_Nonnull p, mask m) { return (V)_mm512_maskz_loadu_ps(m, p); }
static inline __attribute__((always_inline)) ISA void store_masked(T *_Nonnull p, mask m, V v) { _mm512_mask_storeu_ps(p, m, (__m512)v); }

#include "gemm_panel.h"
#include "gemm_stream.h"
#endif
