// Words of one stream in general registers: the vocabulary of lanes_avx2.h for a single lane of 64-bit words. Rotations of
// BMI2 and ANDN of BMI1 do not destroy their source.
#ifndef CK_LANES_BMI2_H
#define CK_LANES_BMI2_H

#include <string.h>

#include "CKernels.h"

#define CK_ROW __attribute__((target("bmi,bmi2")))
#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

typedef uint64_t vec64;
enum { lanes64 = 1 };

CK_ROW_INLINE vec64 splat64(uint64_t x) { return x; }
CK_ROW_INLINE vec64 rotl64(vec64 x, int n) { return x << n | x >> (-n & 63); }
CK_ROW_INLINE vec64 xor3_64(vec64 x, vec64 y, vec64 z) { return x ^ y ^ z; }
CK_ROW_INLINE vec64 xor_not_and64(vec64 x, vec64 y, vec64 z) { return x ^ (~y & z); }

CK_ROW_INLINE void load_transposed64(vec64 words[2], const uint8_t *const *rows, size_t offset) {
    memcpy(words, rows[0] + offset, 2 * sizeof *words);
}

CK_ROW_INLINE void store_transposed64(const vec64 words[2], uint64_t *rows, size_t stride) {
    (void)stride;
    memcpy(rows, words, 2 * sizeof *words);
}

#endif
