// Peak of multiply-add. Two units of latency 4 (5 on Haswell) need 8 (10) chains; 16 registers leave room for 12.
#if defined(__x86_64__)
#include "machine_ceilings.h"

#include "chains.h"

#include <immintrin.h>

#define SEPARATE(a, x, y) ((a) * (x) + (y))
#define AVX2 __attribute__((target("avx2,fma")))
#define AVX512F __attribute__((target("avx512f")))

// ISO C lets a * b + c fuse within an expression, and clang does where the target has it; SSE2 has not.
CM_DEFINE_FMA(cm_f32_fma_sse2, __m128, 4, 12, , SEPARATE)
CM_DEFINE_FMA(cm_f64_fma_sse2, __m128d, 2, 12, , SEPARATE)
CM_DEFINE_FMA(cm_f32_fma_avx2, __m256, 8, 12, AVX2, _mm256_fmadd_ps)
CM_DEFINE_FMA(cm_f64_fma_avx2, __m256d, 4, 12, AVX2, _mm256_fmadd_pd)
CM_DEFINE_FMA(cm_f32_fma_avx512f, __m512, 16, 24, AVX512F, _mm512_fmadd_ps)
CM_DEFINE_FMA(cm_f64_fma_avx512f, __m512d, 8, 24, AVX512F, _mm512_fmadd_pd)
#endif
