// Words of several streams in vectors of AVX2: the vocabulary in which rows of lanes are written.
//
// Word i of stream `lane` is element `lane` of vector i. The same names in lanes_avx512.h stand for wider vectors.
#ifndef CK_LANES_AVX2_H
#define CK_LANES_AVX2_H

#define CK_ROW __attribute__((target("avx2")))
#include "lanes_256.h"

CK_ROW_INLINE vec32 rotl32(vec32 x, int n) { return x << n | x >> (32 - n); }
// x with bytes moved as `places` say. In assembly, for the compiler would make two shuffles of one, or keep `places` in a register
// that is needed for the state.
CK_ROW_INLINE vec32 shuffle_bytes(vec32 x, const uint8_t *places) {
    vec32 result;
    __asm__("vpshufb %2, %1, %0" : "=x"(result) : "x"(x), "m"(*(const vec32 *)places));
    return result;
}

#define CK_TWICE(...) {__VA_ARGS__, __VA_ARGS__}
static const uint8_t rotr32_by_8[32] __attribute__((aligned(32), unused)) =
    CK_TWICE(1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12);
static const uint8_t rotr32_by_16[32] __attribute__((aligned(32), unused)) =
    CK_TWICE(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);

// n is a constant after inlining.
CK_ROW_INLINE vec32 rotr32(vec32 x, int n) {
    switch (n) {
        case 8: return shuffle_bytes(x, rotr32_by_8);
        case 16: return shuffle_bytes(x, rotr32_by_16);
        default: return x >> n | x << (32 - n);
    }
}
CK_ROW_INLINE vec64 rotl64(vec64 x, int n) { return x << n | x >> (-n & 63); }
CK_ROW_INLINE vec64 rotr64(vec64 x, int n) { return x >> n | x << (64 - n); }

CK_ROW_INLINE vec32 xor3_32(vec32 x, vec32 y, vec32 z) { return x ^ y ^ z; }
CK_ROW_INLINE vec64 xor3_64(vec64 x, vec64 y, vec64 z) { return x ^ y ^ z; }
// Bits of y where x is one, and of z where it is zero.
CK_ROW_INLINE vec32 choose32(vec32 x, vec32 y, vec32 z) { return (x & y) | (~x & z); }
CK_ROW_INLINE vec64 choose64(vec64 x, vec64 y, vec64 z) { return (x & y) | (~x & z); }
CK_ROW_INLINE vec32 majority32(vec32 x, vec32 y, vec32 z) { return (x & y) | (z & (x | y)); }
CK_ROW_INLINE vec64 majority64(vec64 x, vec64 y, vec64 z) { return (x & y) | (z & (x | y)); }
// y ^ (x | ~z)
CK_ROW_INLINE vec32 xor_or_not32(vec32 x, vec32 y, vec32 z) { return y ^ (x | ~z); }
// x ^ (~y & z)
CK_ROW_INLINE vec64 xor_not_and64(vec64 x, vec64 y, vec64 z) { return x ^ (~y & z); }

#endif
