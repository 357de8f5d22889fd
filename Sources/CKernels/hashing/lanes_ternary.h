// Rotations and functions of three inputs, each one instruction of AVX-512, for vectors of any width: CK_TERNARY32 and CK_TERNARY64
// are VPTERNLOG of that width, the first input the highest bit of the truth table's index.
#ifndef CK_LANES_TERNARY_H
#define CK_LANES_TERNARY_H

// VPROL and VPROR: n is a constant after inlining.
CK_ROW_INLINE vec32 rotl32(vec32 x, int n) { return x << n | x >> (32 - n); }
CK_ROW_INLINE vec32 rotr32(vec32 x, int n) { return x >> n | x << (32 - n); }
CK_ROW_INLINE vec64 rotl64(vec64 x, int n) { return x << n | x >> (-n & 63); }
CK_ROW_INLINE vec64 rotr64(vec64 x, int n) { return x >> n | x << (64 - n); }

CK_ROW_INLINE vec32 xor3_32(vec32 x, vec32 y, vec32 z) { return CK_TERNARY32(x, y, z, 0x96); }
CK_ROW_INLINE vec64 xor3_64(vec64 x, vec64 y, vec64 z) { return CK_TERNARY64(x, y, z, 0x96); }
CK_ROW_INLINE vec32 choose32(vec32 x, vec32 y, vec32 z) { return CK_TERNARY32(x, y, z, 0xca); }
CK_ROW_INLINE vec64 choose64(vec64 x, vec64 y, vec64 z) { return CK_TERNARY64(x, y, z, 0xca); }
CK_ROW_INLINE vec32 majority32(vec32 x, vec32 y, vec32 z) { return CK_TERNARY32(x, y, z, 0xe8); }
CK_ROW_INLINE vec64 majority64(vec64 x, vec64 y, vec64 z) { return CK_TERNARY64(x, y, z, 0xe8); }
// y ^ (x | ~z)
CK_ROW_INLINE vec32 xor_or_not32(vec32 x, vec32 y, vec32 z) { return CK_TERNARY32(x, y, z, 0x39); }
// x ^ (~y & z)
CK_ROW_INLINE vec64 xor_not_and64(vec64 x, vec64 y, vec64 z) { return CK_TERNARY64(x, y, z, 0xd2); }

#endif
