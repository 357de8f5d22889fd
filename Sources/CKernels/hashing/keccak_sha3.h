// Keccak with the SHA3 instructions of Armv8.2 (Arm ARM, section C7.2): EOR3 and RAX1 are theta, XAR the last of theta with rho, BCAX
// chi. A vector has a word of each of two streams.
#ifndef CK_KECCAK_SHA3_H
#define CK_KECCAK_SHA3_H

#include <arm_neon.h>

#include "CKernels.h"

#define CK_ROW __attribute__((target("sha3")))
#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

// Lane (x, y) of the state is word x + 5 * y: section 3.2 of FIPS 202.
CK_ROW_INLINE void keccak_round(uint64x2_t a[25], uint64_t constant) {
    uint64x2_t c[5], d[5], b[25];
#pragma clang loop unroll(full)
    for (int x = 0; x < 5; x++) c[x] = veor3q_u64(veor3q_u64(a[x], a[x + 5], a[x + 10]), a[x + 15], a[x + 20]);
#pragma clang loop unroll(full)
    for (int x = 0; x < 5; x++) d[x] = vrax1q_u64(c[(x + 4) % 5], c[(x + 1) % 5]);

    // Rho and pi move along one path through all lanes but (0, 0); step t turns a lane left by (t + 1)(t + 2) / 2.
    b[0] = veorq_u64(a[0], d[0]);
    int x = 1, y = 0;
#define CK_STEP(t)                                                                                             \
    do {                                                                                                       \
        int next = (2 * x + 3 * y) % 5;                                                                        \
        b[y + 5 * next] = vxarq_u64(a[x + 5 * y], d[x], (64 - (t + 1) * (t + 2) / 2 % 64) % 64);              \
        x = y;                                                                                                 \
        y = next;                                                                                              \
    } while (0)
    CK_STEP(0); CK_STEP(1); CK_STEP(2); CK_STEP(3); CK_STEP(4); CK_STEP(5); CK_STEP(6); CK_STEP(7);
    CK_STEP(8); CK_STEP(9); CK_STEP(10); CK_STEP(11); CK_STEP(12); CK_STEP(13); CK_STEP(14); CK_STEP(15);
    CK_STEP(16); CK_STEP(17); CK_STEP(18); CK_STEP(19); CK_STEP(20); CK_STEP(21); CK_STEP(22); CK_STEP(23);
#undef CK_STEP

#pragma clang loop unroll(full)
    for (int row = 0; row < 25; row += 5)
#pragma clang loop unroll(full)
        for (int i = 0; i < 5; i++) a[row + i] = vbcaxq_u64(b[row + i], b[row + (i + 2) % 5], b[row + (i + 1) % 5]);
    a[0] = veorq_u64(a[0], vdupq_n_u64(constant));
}

// Word i of both streams, each at its pointer.
CK_ROW_INLINE uint64x2_t keccak_words(const uint8_t *first, const uint8_t *second, size_t i) {
    return vreinterpretq_u64_u8(vcombine_u8(vld1_u8(first + 8 * i), vld1_u8(second + 8 * i)));
}

// Two streams; `second` may be `first`, and is then not written.
CK_ROW_INLINE void keccak_absorb_two(uint64_t *first, uint64_t *second, const uint8_t *data, const uint8_t *other, size_t blocks,
                                     size_t block_bytes, const uint64_t *constants) {
    uint64x2_t a[25];
#pragma clang loop unroll(full)
    for (int i = 0; i < 25; i++) a[i] = vcombine_u64(vld1_u64(first + i), vld1_u64(second + i));
    for (; blocks > 0; blocks--, data += block_bytes, other += block_bytes) {
#pragma clang loop unroll(full)
        for (size_t i = 0; i < 24; i++)
            if (8 * i < block_bytes) a[i] = veorq_u64(a[i], keccak_words(data, other, i));
#pragma clang loop unroll(disable)
        for (int round = 0; round < 24; round++) keccak_round(a, constants[round]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 25; i++) {
        vst1_u64(first + i, vget_low_u64(a[i]));
        if (second != first) vst1_u64(second + i, vget_high_u64(a[i]));
    }
}

#endif
