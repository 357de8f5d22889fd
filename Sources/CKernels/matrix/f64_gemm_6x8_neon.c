#if defined(__aarch64__)
#include "CKernels.h"

#define ISA
#define KERNEL ck_f64_gemm_6x8_neon
#define STREAM ck_f64_gemm_stream_neon
#define INNER ck_f64_gemm_inner_neon
enum { WIDE = 4, SUMS = 24, LANES = 2 };
typedef double T;
typedef double V __attribute__((ext_vector_type(2)));
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
    V low = __builtin_shufflevector(v[0], v[1], 0, 2);
    v[1] = __builtin_shufflevector(v[0], v[1], 1, 3);
    v[0] = low;
}

#include "gemm_panel.h"
#include "gemm_stream.h"
#include "gemm_inner.h"
#endif
