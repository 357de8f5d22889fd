#if defined(__x86_64__)
#include <immintrin.h>
#include "CKernels.h"

#define ISA __attribute__((target("avx512f")))
#define KERNEL ck_f64_gemm_12x16_avx512f
#define STREAM ck_f64_gemm_stream_avx512f
enum { WIDE = 2, SUMS = 24, LANES = 8 };
typedef double T;
typedef double V __attribute__((ext_vector_type(8)));
typedef __mmask8 mask;

static inline __attribute__((always_inline)) ISA mask mask_of(ptrdiff_t count) { return (mask)((1u << count) - 1); }
static inline __attribute__((always_inline)) ISA V load_masked(const T *_Nonnull p, mask m) { return (V)_mm512_maskz_loadu_pd(m, p); }
static inline __attribute__((always_inline)) ISA void store_masked(T *_Nonnull p, mask m, V v) { _mm512_mask_storeu_pd(p, m, (__m512d)v); }

#include "gemm_panel.h"
#include "gemm_stream.h"
#endif
