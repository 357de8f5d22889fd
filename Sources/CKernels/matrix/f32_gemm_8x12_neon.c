#if defined(__aarch64__)
#include "CKernels.h"

#define ISA
#define KERNEL ck_f32_gemm_8x12_neon
#define STREAM ck_f32_gemm_stream_neon
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

#include "gemm_panel.h"
#include "gemm_stream.h"
#endif
