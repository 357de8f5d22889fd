// MD5 (RFC 1321, section 3.4) in the vocabulary of lanes_....h, which is to be included first.
#ifndef CK_MD5_LANES_H
#define CK_MD5_LANES_H

#include "keep_in_memory.h"

// Step t of round `round`: instead of moving a ... d by one place, their places turn. Both are constants after unrolling.
CK_ROW_INLINE void md5_step(vec32 s[4], const vec32 x[16], uint32_t k, int round, int t) {
    static const int shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    static const int first[4] = {0, 1, 5, 0}, stride[4] = {1, 5, 3, 7};
    vec32 *a = &s[-t & 3], b = s[(1 - t) & 3], c = s[(2 - t) & 3], d = s[(3 - t) & 3];
    vec32 f;
    switch (round) {
        case 0: f = choose32(b, c, d); break;
        case 1: f = choose32(d, b, c); break;
        case 2: f = xor3_32(b, c, d); break;
        default: f = xor_or_not32(b, c, d); break;
    }
    *a = b + rotl32(*a + (x[(first[round] + stride[round] * t) & 15] + splat32(k)) + f, shifts[round][t & 3]);
}

// As CK_MD5_LANES_PARAMETERS, for as many lanes as a vector has.
CK_ROW_INLINE void md5_compress(uint32_t *states, const uint8_t *const *data, size_t blocks,
                                const uint32_t *constants) {
    const uint8_t *rows[lanes32];
    for (int lane = 0; lane < lanes32; lane++) rows[lane] = (const uint8_t *)(states + 4 * lane);
    vec32 s[4];
    load_transposed32(s, rows, 0);
    for (size_t block = 0; block < blocks; block++) {
        CK_KEEP_IN_MEMORY(constants);
        vec32 before[4], x[16];
#pragma clang loop unroll(full)
        for (int i = 0; i < 4; i++) before[i] = s[i];
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i += 4) load_transposed32(x + i, data, 64 * block + 4 * (size_t)i);
#pragma clang loop unroll(full)
        for (int round = 0; round < 4; round++) {
#pragma clang loop unroll(full)
            for (int t = 0; t < 16; t++) md5_step(s, x, constants[16 * round + t], round, t);
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < 4; i++) s[i] += before[i];
    }
    store_transposed32(s, states, 4);
}

#endif
