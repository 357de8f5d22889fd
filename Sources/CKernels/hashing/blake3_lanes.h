// BLAKE3's compression function (J. O'Connor, J.-P. Aumasson, S. Neves, Z. Wilcox-O'Hearn, "BLAKE3: one function, fast
// everywhere", 2020, section 2.2), one input a lane, in the vocabulary of lanes_....h, which is to be included first.
#ifndef CK_BLAKE3_LANES_H
#define CK_BLAKE3_LANES_H

#include "keep_in_memory.h"

// Four columns, or four diagonals, whose rows b, c and d are turned by 0 or by 1, 2 and 3: step by step side by side, for each
// of them is one chain. The sum of a and the message does not wait for b.
CK_ROW_INLINE void blake3_mix(vec32 v[16], const vec32 m[8], int turn) {
#define CK_EACH _Pragma("clang loop unroll(full)") for (int i = 0; i < 4; i++)
#define a v[i]
#define b v[4 + ((i + turn) & 3)]
#define c v[8 + ((i + 2 * turn) & 3)]
#define d v[12 + ((i + 3 * turn) & 3)]
    CK_EACH a = (a + m[2 * i]) + b;
    CK_EACH d = rotr32(d ^ a, 16);
    CK_EACH c = c + d;
    CK_EACH b = rotr32(b ^ c, 12);
    CK_EACH a = (a + m[2 * i + 1]) + b;
    CK_EACH d = rotr32(d ^ a, 8);
    CK_EACH c = c + d;
    CK_EACH b = rotr32(b ^ c, 7);
#undef a
#undef b
#undef c
#undef d
#undef CK_EACH
}

// Columns, then diagonals; then the words of the message move to their places of the next round (table 2).
CK_ROW_INLINE void blake3_round(vec32 v[16], vec32 m[16]) {
    static const int permutation[16] = {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};
    vec32 next[16];
    blake3_mix(v, m, 0);
    blake3_mix(v, m + 8, 1);
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) next[i] = m[permutation[i]];
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) m[i] = next[i];
}

// As CK_BLAKE3_LANES_PARAMETERS, for as many lanes as a vector has.
CK_ROW_INLINE void blake3_compress(const uint8_t *const *data, size_t blocks, const uint32_t *key, uint64_t counter,
                                   uint32_t step, uint32_t flags, uint32_t first, uint32_t last,
                                   const uint32_t *constants, uint32_t *out) {
    vec32 h[8], low, high;
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) h[i] = splat32(key[i]);
#pragma clang loop unroll(full)
    for (int lane = 0; lane < lanes32; lane++) {
        uint64_t count = counter + (uint64_t)lane * step;
        low[lane] = (uint32_t)count;
        high[lane] = (uint32_t)(count >> 32);
    }
    for (size_t block = 0; block < blocks; block++) {
        CK_KEEP_IN_MEMORY(constants);
        vec32 v[16], m[16];
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i += 4) load_transposed32(m + i, data, 64 * block + 4 * (size_t)i);
#pragma clang loop unroll(full)
        for (int i = 0; i < 8; i++) v[i] = h[i];
#pragma clang loop unroll(full)
        for (int i = 0; i < 4; i++) v[8 + i] = splat32(constants[i]);
        v[12] = low;
        v[13] = high;
        v[14] = splat32(64);
        v[15] = splat32(flags | (block == 0 ? first : 0) | (block == blocks - 1 ? last : 0));
#pragma clang loop unroll(full)
        for (int round = 0; round < 7; round++) blake3_round(v, m);
#pragma clang loop unroll(full)
        for (int i = 0; i < 8; i++) h[i] = v[i] ^ v[i + 8];
    }
    store_transposed32(h, out, 8);
    store_transposed32(h + 4, out + 4, 8);
}

#define CK_BLAKE3_LANES_ROW(name)                                                                  \
    CK_ROW void name(CK_BLAKE3_LANES_PARAMETERS) {                                                 \
        blake3_compress(data, blocks, key, counter, step, flags, first, last, constants, out);     \
    }

#endif
