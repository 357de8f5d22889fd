// Keccak, one stream, each word in a vector of its own: for the rotations and functions of three inputs of AVX-512, and its 32
// registers. A round is 90 instructions on three ports, against some 150 on four in general registers.
#if defined(__x86_64__)
#include <immintrin.h>

#include "CKernels.h"

#define CK_ROW __attribute__((target("avx512f,avx512bw,avx512vl")))
#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

typedef uint32_t vec32 __attribute__((vector_size(16)));
typedef uint64_t vec64 __attribute__((vector_size(16)));
enum { lanes64 = 1 };  // the upper half of a vector is of no account

CK_ROW_INLINE vec64 splat64(uint64_t x) { return (vec64)_mm_set1_epi64x((long long)x); }

#define CK_TERNARY32(x, y, z, table) ((vec32)_mm_ternarylogic_epi32((__m128i)(x), (__m128i)(y), (__m128i)(z), table))
#define CK_TERNARY64(x, y, z, table) ((vec64)_mm_ternarylogic_epi64((__m128i)(x), (__m128i)(y), (__m128i)(z), table))
#include "lanes_ternary.h"

CK_ROW_INLINE void load_transposed64(vec64 words[2], const uint8_t *const *rows, size_t offset) {
    __m128i both = _mm_loadu_si128((const __m128i *)(rows[0] + offset));
    words[0] = (vec64)both;
    words[1] = (vec64)_mm_unpackhi_epi64(both, both);
}

CK_ROW_INLINE void store_transposed64(const vec64 words[2], uint64_t *rows, size_t stride) {
    (void)stride;
    _mm_storeu_si128((__m128i *)rows, _mm_unpacklo_epi64((__m128i)words[0], (__m128i)words[1]));
}

#include "keccak_lanes.h"

CK_ROW void ck_keccak_avx512vl(CK_KECCAK_PARAMETERS) { keccak_absorb(state, &data, blocks, block_bytes, constants); }
#endif
