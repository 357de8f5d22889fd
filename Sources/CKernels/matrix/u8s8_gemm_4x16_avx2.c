// Four products of bytes a lane by two vpmaddwd: of the even bytes and of the odd ones, widened to 16 bits. Exact, where
// vpmaddubsw would saturate: two products of a byte without sign and one with reach 65,280 in magnitude.
#if defined(__x86_64__)
#include <immintrin.h>
#include "CKernels.h"

#define ISA __attribute__((target("avx2")))
#define KERNEL ck_u8s8_gemm_4x16_avx2
enum { WIDE = 2, HEIGHT = 4, LANES = 8 };
typedef uint32_t V __attribute__((ext_vector_type(8)));   // without sign: sums wrap around

typedef struct halves {
    __m256i even, odd;
} halves;
#define A_GROUP halves
#define B_GROUP halves

static inline __attribute__((always_inline)) ISA __m256i mask_of(ptrdiff_t count) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
// By mask only where it must be: masked stores take some ten times as long on AMD's cores.
static inline __attribute__((always_inline)) ISA V get(const int32_t *_Nonnull p, ptrdiff_t count) {
    if (count != LANES) return (V)_mm256_maskload_epi32(p, mask_of(count));
    V v;
    __builtin_memcpy(&v, p, sizeof v);
    return v;
}
static inline __attribute__((always_inline)) ISA void put(int32_t *_Nonnull p, ptrdiff_t count, V v) {
    if (count != LANES) _mm256_maskstore_epi32(p, mask_of(count), (__m256i)v);
    else __builtin_memcpy(p, &v, sizeof v);
}

static inline __attribute__((always_inline)) ISA halves load_a(const uint8_t *_Nonnull p) {
    int32_t group;
    __builtin_memcpy(&group, p, sizeof group);
    __m256i v = _mm256_set1_epi32(group);
    return (halves){_mm256_and_si256(v, _mm256_set1_epi16(0xFF)), _mm256_srli_epi16(v, 8)};
}
static inline __attribute__((always_inline)) ISA halves load_b(const uint8_t *_Nonnull p) {
    __m256i v = _mm256_loadu_si256((const __m256i_u *)p);
    return (halves){_mm256_srai_epi16(_mm256_slli_epi16(v, 8), 8), _mm256_srai_epi16(v, 8)};
}
static inline __attribute__((always_inline)) ISA V dot(V sum, halves a, halves b) {
    return sum + (V)_mm256_madd_epi16(a.even, b.even) + (V)_mm256_madd_epi16(a.odd, b.odd);
}
static inline __attribute__((always_inline)) ISA V first_sum(const uint8_t *_Nonnull b, ptrdiff_t slabs) {
    (void)b, (void)slabs;
    return (V)0;
}

#include "dot_write_u8s8.h"
#include "dot_panel.h"
#endif
