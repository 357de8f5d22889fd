// Of each slab, tdpbf16ps adds the even and the odd products apart, then both to the sum; each addition rounds to nearest even,
// subnormals are zeros (Intel SDM volume 2C, TDPBF16PS).
#if defined(__x86_64__)
#include <immintrin.h>
#include "CKernels.h"

#define ISA __attribute__((target("amx-tile,amx-bf16,avx512f")))
#define KERNEL ck_bf16_gemm_32x32_amx
#define MULTIPLY _tile_dpbf16ps
typedef float S;
typedef float V __attribute__((ext_vector_type(16)));

static inline __attribute__((always_inline)) ISA V get(const float *_Nonnull p, ptrdiff_t count) {
    return (V)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), p);
}
static inline __attribute__((always_inline)) ISA void put(float *_Nonnull p, ptrdiff_t count, V v) {
    _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1), (__m512)v);
}

#include "dot_write_bf16.h"

static inline __attribute__((always_inline)) ISA int stores_sums(const bf16_write_back *_Nonnull w) {
    return w->alpha == 1 && w->beta == 0;
}

#include "dot_amx.h"
#endif
