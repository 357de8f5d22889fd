#if defined(__aarch64__)
#include "CKernels.h"

#define ISA
#define KERNEL ck_f64_gemm_6x8_neon
#define STREAM ck_f64_gemm_stream_neon
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

#include "gemm_panel.h"
#include "gemm_stream.h"
#endif
