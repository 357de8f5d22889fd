// Words of one stream in general registers, with BMI2's rotations that keep their source: the vocabulary of lanes_avx2.h
// for a single lane of 64-bit words.
#ifndef CK_LANES_BMI2_H
#define CK_LANES_BMI2_H

#include <string.h>

#include "CKernels.h"

#define CK_ROW __attribute__((target("bmi2")))
#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

typedef uint64_t vec64;
enum { lanes64 = 1 };

CK_ROW_INLINE vec64 splat64(uint64_t x) { return x; }
CK_ROW_INLINE vec64 rotl64(vec64 x, int n) { return x << n | x >> (-n & 63); }
CK_ROW_INLINE vec64 rotr64(vec64 x, int n) { return x >> n | x << (64 - n); }
CK_ROW_INLINE vec64 xor3_64(vec64 x, vec64 y, vec64 z) { return x ^ y ^ z; }
// One operation less than as its name says, and none that has no form with three operands.
CK_ROW_INLINE vec64 choose64(vec64 x, vec64 y, vec64 z) { return ((y ^ z) & x) ^ z; }
CK_ROW_INLINE vec64 majority64(vec64 x, vec64 y, vec64 z) { return (x & y) | (z & (x | y)); }
CK_ROW_INLINE vec64 xor_not_and64(vec64 x, vec64 y, vec64 z) { return x ^ (~y & z); }
CK_ROW_INLINE vec64 byte_swap64(vec64 x) { return __builtin_bswap64(x); }

CK_ROW_INLINE void load_transposed64(vec64 words[2], const uint8_t *const *rows, size_t offset) {
    memcpy(words, rows[0] + offset, 2 * sizeof *words);
}

CK_ROW_INLINE void store_transposed64(const vec64 words[2], uint64_t *rows, size_t stride) {
    (void)stride;
    memcpy(rows, words, 2 * sizeof *words);
}

#endif
