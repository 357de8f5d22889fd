#if defined(__x86_64__)
#include <immintrin.h>
#include "CKernels.h"

#define ISA __attribute__((target("amx-tile,amx-int8,avx512f")))
#define KERNEL ck_u8s8_gemm_32x32_amx
#define MULTIPLY _tile_dpbusd
typedef int32_t S;
typedef uint32_t V __attribute__((ext_vector_type(16)));   // without sign: sums wrap around

static inline __attribute__((always_inline)) ISA V get(const int32_t *_Nonnull p, ptrdiff_t count) {
    return (V)_mm512_maskz_loadu_epi32((__mmask16)((1u << count) - 1), p);
}
static inline __attribute__((always_inline)) ISA void put(int32_t *_Nonnull p, ptrdiff_t count, V v) {
    _mm512_mask_storeu_epi32(p, (__mmask16)((1u << count) - 1), (__m512i)v);
}

#include "dot_write_u8s8.h"

// The terms are seldom all zero, and to find out costs as much as to add them.
static inline __attribute__((always_inline)) ISA int stores_sums(const u8s8_write_back *_Nonnull w) {
    (void)w;
    return 0;
}

#include "dot_amx.h"
#endif
