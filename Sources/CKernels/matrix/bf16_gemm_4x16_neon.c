// A bf16 number is the upper half of an f32: shifted up, or masked, it is one. Its product with another is exact in f32.
// bfdot, where a CPU has it, rounds to odd and flushes subnormals (Arm ARM, BFDOT); this row keeps IEEE 754.
#if defined(__aarch64__)
#include "CKernels.h"

#define ISA
#define KERNEL ck_bf16_gemm_4x16_neon
enum { WIDE = 4, HEIGHT = 4, LANES = 4 };
typedef float V __attribute__((ext_vector_type(4)));
typedef uint32_t bits __attribute__((ext_vector_type(4)));

typedef struct halves {
    V even, odd;
} halves;
#define A_GROUP halves
#define B_GROUP halves

static inline __attribute__((always_inline)) V get(const float *_Nonnull p, ptrdiff_t count) {
    V v = (V)0;
    if (count == LANES) __builtin_memcpy(&v, p, sizeof v);
    else
        for (ptrdiff_t i = 0; i < count; i++) v[i] = p[i];
    return v;
}
static inline __attribute__((always_inline)) void put(float *_Nonnull p, ptrdiff_t count, V v) {
    if (count == LANES) __builtin_memcpy(p, &v, sizeof v);
    else
        for (ptrdiff_t i = 0; i < count; i++) p[i] = v[i];
}

static inline __attribute__((always_inline)) halves widen(bits v) { return (halves){(V)(v << 16), (V)(v & 0xFFFF0000)}; }
static inline __attribute__((always_inline)) halves load_a(const uint8_t *_Nonnull p) {
    uint32_t group;
    __builtin_memcpy(&group, p, sizeof group);
    return widen((bits)group);
}
static inline __attribute__((always_inline)) halves load_b(const uint8_t *_Nonnull p) {
    bits v;
    __builtin_memcpy(&v, p, sizeof v);
    return widen(v);
}
static inline __attribute__((always_inline)) V dot(V sum, halves a, halves b) {
    sum = __builtin_elementwise_fma(a.even, b.even, sum);
    return __builtin_elementwise_fma(a.odd, b.odd, sum);
}
static inline __attribute__((always_inline)) V first_sum(const uint8_t *_Nonnull b, ptrdiff_t slabs) {
    (void)b, (void)slabs;
    return (V)0;
}

#include "dot_write_bf16.h"
#include "dot_panel.h"
#endif
