#if defined(__aarch64__)
#include "CKernels.h"

#define ISA
#define KERNEL ck_f32_gemm_8x12_neon
#define STREAM ck_f32_gemm_stream_neon
#define INNER ck_f32_gemm_inner_neon
enum { WIDE = 3, SUMS = 24, LANES = 4 };
typedef float T;
typedef float V __attribute__((ext_vector_type(4)));
typedef ptrdiff_t mask;

static inline __attribute__((always_inline)) mask mask_of(ptrdiff_t count) { return count; }
static inline __attribute__((always_inline)) V load_masked(const T *_Nonnull p, mask count) {
    V v = (V)0;
    for (ptrdiff_t i = 0; i < count; i++) v[i] = p[i];
    return v;
}
static inline __attribute__((always_inline)) void store_masked(T *_Nonnull p, mask count, V v) {
    for (ptrdiff_t i = 0; i < count; i++) p[i] = v[i];
}
static inline __attribute__((always_inline)) V join(const T *_Nonnull const *_Nonnull p) {
    V v;
    __builtin_memcpy(&v, p[0], sizeof v);
    return v;
}
static inline __attribute__((always_inline)) void transpose(V *_Nonnull v) {
    V x0 = __builtin_shufflevector(v[0], v[1], 0, 4, 1, 5), x1 = __builtin_shufflevector(v[0], v[1], 2, 6, 3, 7);
    V x2 = __builtin_shufflevector(v[2], v[3], 0, 4, 1, 5), x3 = __builtin_shufflevector(v[2], v[3], 2, 6, 3, 7);
    v[0] = __builtin_shufflevector(x0, x2, 0, 1, 4, 5);
    v[1] = __builtin_shufflevector(x0, x2, 2, 3, 6, 7);
    v[2] = __builtin_shufflevector(x1, x3, 0, 1, 4, 5);
    v[3] = __builtin_shufflevector(x1, x3, 2, 3, 6, 7);
}

#include "gemm_panel.h"
#include "gemm_stream.h"
#include "gemm_inner.h"
#endif
