// SHA-512 (FIPS 180-4, section 6.4.2) in the vocabulary of lanes_....h, which is to be included first.
#ifndef CK_SHA512_LANES_H
#define CK_SHA512_LANES_H

#include "keep_in_memory.h"

// Round t, with t modulo 16 a constant: instead of moving a ... h by one place, their places turn.
CK_ROW_INLINE void sha512_round(vec64 s[8], vec64 w, uint64_t k, int t) {
    vec64 a = s[(0 - t) & 7], b = s[(1 - t) & 7], c = s[(2 - t) & 7], *d = &s[(3 - t) & 7];
    vec64 e = s[(4 - t) & 7], f = s[(5 - t) & 7], g = s[(6 - t) & 7], *h = &s[(7 - t) & 7];
    vec64 t1 = *h + w + splat64(k) + choose64(e, f, g) + xor3_64(rotr64(e, 14), rotr64(e, 18), rotr64(e, 41));
    *d += t1;
    *h = t1 + (xor3_64(rotr64(a, 28), rotr64(a, 34), rotr64(a, 39)) + majority64(a, b, c));
}

// W[t] in the place of W[t - 16], with t modulo 16.
CK_ROW_INLINE void sha512_schedule(vec64 w[16], int t) {
    vec64 w2 = w[(t + 14) & 15], w7 = w[(t + 9) & 15], w15 = w[(t + 1) & 15];
    vec64 sigma1 = xor3_64(rotr64(w2, 19), rotr64(w2, 61), w2 >> 6);
    vec64 sigma0 = xor3_64(rotr64(w15, 1), rotr64(w15, 8), w15 >> 7);
    w[t] = (w[t] + w7) + (sigma0 + sigma1);
}

// As CK_SHA512_LANES_PARAMETERS, for as many lanes as a vector has.
CK_ROW_INLINE void sha512_compress(uint64_t *states, const uint8_t *const *data, size_t blocks,
                                   const uint64_t *constants) {
    const uint8_t *rows[lanes64];
    for (int lane = 0; lane < lanes64; lane++) rows[lane] = (const uint8_t *)(states + 8 * lane);
    vec64 s[8];
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i += 2) load_transposed64(s + i, rows, 8 * (size_t)i);

    for (size_t block = 0; block < blocks; block++) {
        CK_KEEP_IN_MEMORY(constants);
        vec64 before[8], w[16];
#pragma clang loop unroll(full)
        for (int i = 0; i < 8; i++) before[i] = s[i];
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i += 2) load_transposed64(w + i, data, 128 * block + 8 * (size_t)i);
#pragma clang loop unroll(full)
        for (int t = 0; t < 16; t++) {
            w[t] = byte_swap64(w[t]);
            sha512_round(s, w[t], constants[t], t);
        }
#pragma clang loop unroll(disable)
        for (int start = 16; start < 80; start += 16) {
#pragma clang loop unroll(full)
            for (int t = 0; t < 16; t++) {
                sha512_schedule(w, t);
                sha512_round(s, w[t], constants[start + t], t);
            }
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < 8; i++) s[i] += before[i];
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i += 2) store_transposed64(s + i, states + i, 8);
}

#endif
