// Two products a lane by one vdpbf16ps: the odd one is added first, each sum rounds to nearest even, subnormals are zeros
// (Intel SDM volume 2C, VDPBF16PS).
#if defined(__x86_64__)
#include <immintrin.h>
#include "CKernels.h"

#define ISA __attribute__((target("avx512f,avx512bw,avx512bf16")))
#define KERNEL ck_bf16_gemm_8x48_avx512bf16
enum { WIDE = 3, HEIGHT = 8, LANES = 16 };
typedef float V __attribute__((ext_vector_type(16)));
#define A_GROUP __m512bh
#define B_GROUP __m512bh

static inline __attribute__((always_inline)) ISA __mmask16 mask_of(ptrdiff_t count) { return (__mmask16)((1u << count) - 1); }
static inline __attribute__((always_inline)) ISA V get(const float *_Nonnull p, ptrdiff_t count) {
    return (V)_mm512_maskz_loadu_ps(mask_of(count), p);
}
static inline __attribute__((always_inline)) ISA void put(float *_Nonnull p, ptrdiff_t count, V v) {
    _mm512_mask_storeu_ps(p, mask_of(count), (__m512)v);
}

static inline __attribute__((always_inline)) ISA __m512bh load_a(const uint8_t *_Nonnull p) {
    int32_t group;
    __builtin_memcpy(&group, p, sizeof group);
    return (__m512bh)_mm512_set1_epi32(group);
}
static inline __attribute__((always_inline)) ISA __m512bh load_b(const uint8_t *_Nonnull p) {
    return (__m512bh)_mm512_loadu_si512(p);
}
static inline __attribute__((always_inline)) ISA V dot(V sum, __m512bh a, __m512bh b) {
    return (V)_mm512_dpbf16_ps((__m512)sum, a, b);
}
static inline __attribute__((always_inline)) ISA V first_sum(const uint8_t *_Nonnull b, ptrdiff_t slabs) {
    (void)b, (void)slabs;
    return (V)0;
}

#include "dot_write_bf16.h"
#include "dot_panel.h"
#endif
