// Four products of bytes a lane by one sdot, which takes both with sign: A's bytes are taken less 128, and 128 times the sum of
// each column of B is where its sums start.
#if defined(__aarch64__)
#include <arm_neon.h>
#include "CKernels.h"

#define ISA __attribute__((target("dotprod")))
#define KERNEL ck_u8s8_gemm_4x16_dotprod
enum { WIDE = 4, HEIGHT = 4, LANES = 4 };
typedef uint32_t V __attribute__((ext_vector_type(4)));   // without sign: sums wrap around
#define A_GROUP int8x16_t
#define B_GROUP int8x16_t

static inline __attribute__((always_inline)) ISA V get(const int32_t *_Nonnull p, ptrdiff_t count) {
    V v = (V)0;
    if (count == LANES) __builtin_memcpy(&v, p, sizeof v);
    else
        for (ptrdiff_t i = 0; i < count; i++) v[i] = (uint32_t)p[i];
    return v;
}
static inline __attribute__((always_inline)) ISA void put(int32_t *_Nonnull p, ptrdiff_t count, V v) {
    if (count == LANES) __builtin_memcpy(p, &v, sizeof v);
    else
        for (ptrdiff_t i = 0; i < count; i++) p[i] = (int32_t)v[i];
}

static inline __attribute__((always_inline)) ISA int8x16_t load_a(const uint8_t *_Nonnull p) {
    uint32_t group;
    __builtin_memcpy(&group, p, sizeof group);
    return vreinterpretq_s8_u32(vdupq_n_u32(group ^ 0x80808080));
}
static inline __attribute__((always_inline)) ISA int8x16_t load_b(const uint8_t *_Nonnull p) {
    return vreinterpretq_s8_u8(vld1q_u8(p));
}
static inline __attribute__((always_inline)) ISA V dot(V sum, int8x16_t a, int8x16_t b) {
    return (V)vdotq_s32((int32x4_t)sum, a, b);
}
static inline __attribute__((always_inline)) ISA V first_sum(const uint8_t *_Nonnull b, ptrdiff_t slabs) {
    int32x4_t sum = vdupq_n_s32(0);
    for (ptrdiff_t group = 0; group < slabs * 16; group++) sum = vdotq_s32(sum, load_b(b + group * 64), vdupq_n_s8(1));
    return (V)sum * 128;
}

#include "dot_write_u8s8.h"
#include "dot_panel.h"
#endif
