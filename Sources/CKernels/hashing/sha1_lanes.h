// SHA-1 (FIPS 180-4, section 6.1.2) in the vocabulary of lanes_....h, which is to be included first.
#ifndef CK_SHA1_LANES_H
#define CK_SHA1_LANES_H

// Round t: instead of moving a ... e by one place, their places turn. Constants after unrolling: t modulo 5, the quarter.
CK_ROW_INLINE void sha1_round(vec32 s[5], vec32 w, int quarter, int t) {
    // Section 4.2.1.
    static const uint32_t k[] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
    vec32 a = s[(80 - t) % 5], *b = &s[(81 - t) % 5], c = s[(82 - t) % 5], d = s[(83 - t) % 5], *e = &s[(84 - t) % 5];
    vec32 f = quarter == 0 ? choose32(*b, c, d) : quarter == 2 ? majority32(*b, c, d) : xor3_32(*b, c, d);
    *e += w + splat32(k[quarter]) + f + rotl32(a, 5);
    *b = rotl32(*b, 30);
}

// W[t] in the place of W[t - 16], with t modulo 16 a constant.
CK_ROW_INLINE void sha1_schedule(vec32 w[16], int t) {
    w[t & 15] = rotl32(xor3_32(w[(t + 13) & 15], w[(t + 8) & 15], w[(t + 2) & 15]) ^ w[t & 15], 1);
}

// As CK_SHA1_LANES_PARAMETERS, for as many lanes as a vector has.
CK_ROW_INLINE void sha1_compress(uint32_t *states, const uint8_t *const *data, size_t blocks) {
    const uint8_t *rows[lanes32];
    for (int lane = 0; lane < lanes32; lane++) rows[lane] = (const uint8_t *)(states + 5 * lane);
    // Words come in fours; the fifth comes with three of those before.
    vec32 s[5], last[4];
    load_transposed32(s, rows, 0);
    load_transposed32(last, rows, 4);
    s[4] = last[3];

    for (size_t block = 0; block < blocks; block++) {
        vec32 before[5], w[16];
#pragma clang loop unroll(full)
        for (int i = 0; i < 5; i++) before[i] = s[i];
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i += 4) load_transposed32(w + i, data, 64 * block + 4 * (size_t)i);
#pragma clang loop unroll(full)
        for (int t = 0; t < 16; t++) w[t] = byte_swap32(w[t]);
#pragma clang loop unroll(full)
        for (int t = 0; t < 80; t++) {
            if (t >= 16) sha1_schedule(w, t);
            sha1_round(s, w[t & 15], t / 20, t);
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < 5; i++) s[i] += before[i];
    }
    // All five words, so that the last four may be written over three of the first.
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) last[i] = s[i + 1];
    store_transposed32(s, states, 5);
    store_transposed32(last, states + 1, 5);
}

#endif
