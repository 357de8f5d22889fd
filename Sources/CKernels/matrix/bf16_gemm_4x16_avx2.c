// A bf16 number is the upper half of an f32: shifted up, or masked, it is one. Its product with another is exact in f32.
#if defined(__x86_64__)
#include <immintrin.h>
#include "CKernels.h"

#define ISA __attribute__((target("avx2,fma")))
#define KERNEL ck_bf16_gemm_4x16_avx2
enum { WIDE = 2, HEIGHT = 4, LANES = 8 };
typedef float V __attribute__((ext_vector_type(8)));

typedef struct halves {
    V even, odd;
} halves;
#define A_GROUP halves
#define B_GROUP halves

static inline __attribute__((always_inline)) ISA __m256i mask_of(ptrdiff_t count) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
// By mask only where it must be: masked stores take some ten times as long on AMD's cores.
static inline __attribute__((always_inline)) ISA V get(const float *_Nonnull p, ptrdiff_t count) {
    if (count != LANES) return (V)_mm256_maskload_ps(p, mask_of(count));
    V v;
    __builtin_memcpy(&v, p, sizeof v);
    return v;
}
static inline __attribute__((always_inline)) ISA void put(float *_Nonnull p, ptrdiff_t count, V v) {
    if (count != LANES) _mm256_maskstore_ps(p, mask_of(count), (__m256)v);
    else __builtin_memcpy(p, &v, sizeof v);
}

static inline __attribute__((always_inline)) ISA halves widen(__m256i v) {
    return (halves){(V)_mm256_slli_epi32(v, 16), (V)_mm256_and_si256(v, _mm256_set1_epi32((int)0xFFFF0000))};
}
static inline __attribute__((always_inline)) ISA halves load_a(const uint8_t *_Nonnull p) {
    int32_t group;
    __builtin_memcpy(&group, p, sizeof group);
    return widen(_mm256_set1_epi32(group));
}
static inline __attribute__((always_inline)) ISA halves load_b(const uint8_t *_Nonnull p) {
    return widen(_mm256_loadu_si256((const __m256i_u *)p));
}
static inline __attribute__((always_inline)) ISA V dot(V sum, halves a, halves b) {
    sum = __builtin_elementwise_fma(a.even, b.even, sum);
    return __builtin_elementwise_fma(a.odd, b.odd, sum);
}
static inline __attribute__((always_inline)) ISA V first_sum(const uint8_t *_Nonnull b, ptrdiff_t slabs) {
    (void)b, (void)slabs;
    return (V)0;
}

#include "dot_write_bf16.h"
#include "dot_panel.h"
#endif
