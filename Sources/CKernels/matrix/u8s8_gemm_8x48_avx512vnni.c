// Four products of bytes a lane by one vpdpbusd, exact modulo 2^32.
#if defined(__x86_64__)
#include <immintrin.h>
#include "CKernels.h"

#define ISA __attribute__((target("avx512f,avx512vnni")))
#define KERNEL ck_u8s8_gemm_8x48_avx512vnni
enum { WIDE = 3, HEIGHT = 8, LANES = 16 };
typedef uint32_t V __attribute__((ext_vector_type(16)));   // without sign: sums wrap around
#define A_GROUP __m512i
#define B_GROUP __m512i

static inline __attribute__((always_inline)) ISA __mmask16 mask_of(ptrdiff_t count) { return (__mmask16)((1u << count) - 1); }
static inline __attribute__((always_inline)) ISA V get(const int32_t *_Nonnull p, ptrdiff_t count) {
    return (V)_mm512_maskz_loadu_epi32(mask_of(count), p);
}
static inline __attribute__((always_inline)) ISA void put(int32_t *_Nonnull p, ptrdiff_t count, V v) {
    _mm512_mask_storeu_epi32(p, mask_of(count), (__m512i)v);
}

static inline __attribute__((always_inline)) ISA __m512i load_a(const uint8_t *_Nonnull p) {
    int32_t group;
    __builtin_memcpy(&group, p, sizeof group);
    return _mm512_set1_epi32(group);
}
static inline __attribute__((always_inline)) ISA __m512i load_b(const uint8_t *_Nonnull p) { return _mm512_loadu_si512(p); }
static inline __attribute__((always_inline)) ISA V dot(V sum, __m512i a, __m512i b) {
    return (V)_mm512_dpbusd_epi32((__m512i)sum, a, b);
}
static inline __attribute__((always_inline)) ISA V first_sum(const uint8_t *_Nonnull b, ptrdiff_t slabs) {
    (void)b, (void)slabs;
    return (V)0;
}

#include "dot_write_u8s8.h"
#include "dot_panel.h"
#endif
