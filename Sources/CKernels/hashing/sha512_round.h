// The round of SHA-512 in general registers, for the rows of one stream. The row defines CK_ROW_INLINE first.
#ifndef CK_SHA512_ROUND_H
#define CK_SHA512_ROUND_H
#include <stdint.h>

CK_ROW_INLINE uint64_t sha512_rotr(uint64_t x, int n) { return x >> n | x << (64 - n); }

// Round t of section 6.4.2, with t modulo 8 a constant: instead of moving a ... h by one place, their places turn.
//
// Maj(a, b, c) = b ^ ((a ^ b) & (b ^ c)), and a ^ b is the b ^ c of the round that follows, kept in `bc`. What is known first is
// added first: from one e to the next, and from one a to the next, there are few additions.
CK_ROW_INLINE void sha512_round(uint64_t s[8], uint64_t wk, uint64_t *bc, int t) {
    uint64_t a = s[(0 - t) & 7], b = s[(1 - t) & 7], *d = &s[(3 - t) & 7];
    uint64_t e = s[(4 - t) & 7], f = s[(5 - t) & 7], g = s[(6 - t) & 7], *h = &s[(7 - t) & 7];
    uint64_t ab = a ^ b, sum = *h + wk;
    sum += ((f ^ g) & e) ^ g;
    sum += sha512_rotr(e, 14) ^ sha512_rotr(e, 18) ^ sha512_rotr(e, 41);
    *d += sum;
    sum += (ab & *bc) ^ b;
    sum += sha512_rotr(a, 28) ^ sha512_rotr(a, 34) ^ sha512_rotr(a, 39);
    *h = sum;
    *bc = ab;
}

#endif
