// SHA-256 (FIPS 180-4, section 6.2.2) in the vocabulary of lanes_....h, which is to be included first.
#ifndef CK_SHA256_LANES_H
#define CK_SHA256_LANES_H

#include "keep_in_memory.h"

// Round t, with t modulo 16 a constant: instead of moving a ... h by one place, their places turn.
CK_ROW_INLINE void sha256_round(vec32 s[8], vec32 w, uint32_t k, int t) {
    vec32 a = s[(0 - t) & 7], b = s[(1 - t) & 7], c = s[(2 - t) & 7], *d = &s[(3 - t) & 7];
    vec32 e = s[(4 - t) & 7], f = s[(5 - t) & 7], g = s[(6 - t) & 7], *h = &s[(7 - t) & 7];
    vec32 t1 = *h + w + splat32(k) + choose32(e, f, g) + xor3_32(rotr32(e, 6), rotr32(e, 11), rotr32(e, 25));
    *d += t1;
    *h = t1 + (xor3_32(rotr32(a, 2), rotr32(a, 13), rotr32(a, 22)) + majority32(a, b, c));
}

// W[t] in the place of W[t - 16], with t modulo 16.
CK_ROW_INLINE void sha256_schedule(vec32 w[16], int t) {
    vec32 w2 = w[(t + 14) & 15], w7 = w[(t + 9) & 15], w15 = w[(t + 1) & 15];
    vec32 sigma1 = xor3_32(rotr32(w2, 17), rotr32(w2, 19), w2 >> 10);
    vec32 sigma0 = xor3_32(rotr32(w15, 7), rotr32(w15, 18), w15 >> 3);
    w[t] = (w[t] + w7) + (sigma0 + sigma1);
}

// As CK_SHA256_LANES_PARAMETERS, for as many lanes as a vector has.
CK_ROW_INLINE void sha256_compress(uint32_t *states, const uint8_t *const *data, size_t blocks,
                                   const uint32_t *constants) {
    const uint8_t *rows[lanes32];
    for (int lane = 0; lane < lanes32; lane++) rows[lane] = (const uint8_t *)(states + 8 * lane);
    vec32 s[8];
    load_transposed32(s, rows, 0);
    load_transposed32(s + 4, rows, 16);

    for (size_t block = 0; block < blocks; block++) {
        CK_KEEP_IN_MEMORY(constants);
        vec32 before[8], w[16];
#pragma clang loop unroll(full)
        for (int i = 0; i < 8; i++) before[i] = s[i];
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i += 4) load_transposed32(w + i, data, 64 * block + 4 * (size_t)i);
#pragma clang loop unroll(full)
        for (int t = 0; t < 16; t++) {
            w[t] = byte_swap32(w[t]);
            sha256_round(s, w[t], constants[t], t);
        }
#pragma clang loop unroll(disable)
        for (int start = 16; start < 64; start += 16) {
#pragma clang loop unroll(full)
            for (int t = 0; t < 16; t++) {
                sha256_schedule(w, t);
                sha256_round(s, w[t], constants[start + t], t);
            }
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < 8; i++) s[i] += before[i];
    }
    store_transposed32(s, states, 8);
    store_transposed32(s + 4, states + 4, 8);
}

#endif
