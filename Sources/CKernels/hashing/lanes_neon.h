// Words of four streams in vectors of NEON: the part of the vocabulary of lanes_avx2.h that its rows need.
#ifndef CK_LANES_NEON_H
#define CK_LANES_NEON_H

#include <arm_neon.h>

#include "CKernels.h"

#define CK_ROW
#define CK_ROW_INLINE __attribute__((always_inline)) static inline

typedef uint32x4_t vec32;
enum { lanes32 = 4 };

CK_ROW_INLINE vec32 splat32(uint32_t x) { return vdupq_n_u32(x); }

// By 16, REV32 of halves.
CK_ROW_INLINE vec32 rotr32(vec32 x, int n) { return x >> n | x << (32 - n); }

// The transpose of four rows of four words is its own reverse.
CK_ROW_INLINE void transpose32(vec32 r[4]) {
    uint64x2_t even01 = vreinterpretq_u64_u32(vtrn1q_u32(r[0], r[1]));
    uint64x2_t odd01 = vreinterpretq_u64_u32(vtrn2q_u32(r[0], r[1]));
    uint64x2_t even23 = vreinterpretq_u64_u32(vtrn1q_u32(r[2], r[3]));
    uint64x2_t odd23 = vreinterpretq_u64_u32(vtrn2q_u32(r[2], r[3]));
    r[0] = vreinterpretq_u32_u64(vtrn1q_u64(even01, even23));
    r[1] = vreinterpretq_u32_u64(vtrn1q_u64(odd01, odd23));
    r[2] = vreinterpretq_u32_u64(vtrn2q_u64(even01, even23));
    r[3] = vreinterpretq_u32_u64(vtrn2q_u64(odd01, odd23));
}

// words[i] = word i of all rows, for i in 0 ..< 4. Row r is at rows[r] + offset.
CK_ROW_INLINE void load_transposed32(vec32 words[4], const uint8_t *const *rows, size_t offset) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) words[i] = vreinterpretq_u32_u8(vld1q_u8(rows[i] + offset));
    transpose32(words);
}

// The reverse, to rows of `stride` words.
CK_ROW_INLINE void store_transposed32(const vec32 words[4], uint32_t *rows, size_t stride) {
    vec32 r[4] = {words[0], words[1], words[2], words[3]};
    transpose32(r);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 4; i++) vst1q_u32(rows + stride * i, r[i]);
}

#endif
