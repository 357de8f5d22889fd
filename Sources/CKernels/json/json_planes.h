// Blocks of 64 bytes as bit planes, for AVX-512 with VBMI2, GFNI and VPCLMULQDQ: one look in a table of 128 bytes tells what a byte
// is, in eight bits, and a transposition of bits, 8 x 8 at a time, makes a word of each. Eight blocks go together, a word of each
// in a vector: where strings and numbers begin and end, and what is wrong with them, is then one operation on 512 bytes after the
// other, without a branch on what they are. What comes after is in json_block.h and json_avx512.h.
#ifndef CK_JSON_PLANES_H
#define CK_JSON_PLANES_H

#include <immintrin.h>

#include "json_block.h"

#define CK_ROW                                                                                       \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,"   \
                          "vpclmulqdq,pclmul,bmi,bmi2,popcnt,lzcnt")))
#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

#pragma clang assume_nonnull begin

// Writes 16 offsets of 64 in any case: up to 63 words after the last one hold anything.
CK_ROW_INLINE void write_places(uint32_t *out, uint64_t mask, __m512i start, unsigned count) {
    static const uint8_t bytes[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                      22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
                                      44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m512i places = _mm512_maskz_compress_epi8(mask, _mm512_loadu_si512(bytes));
#define CK_QUARTER(i)                \
    _mm512_storeu_si512(out + 16 * i, \
                        _mm512_add_epi32(start, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(places, i))))
    CK_QUARTER(0);
    if (count > 16) {
        CK_QUARTER(1);
        if (count > 32) {
            CK_QUARTER(2), CK_QUARTER(3);
        }
    }
#undef CK_QUARTER
}

CK_ROW_INLINE void row_offsets(uint32_t *out, uint64_t mask, uint32_t base, unsigned count) {
    write_places(out, mask, _mm512_set1_epi32((int)base), count);
}

CK_ROW_INLINE void row_visits(uint32_t *out, uint64_t mask, uint32_t base, unsigned count) {
    row_offsets(out, mask, base, count);
}

#pragma clang assume_nonnull end

#include "json_avx512.h"

#pragma clang assume_nonnull begin

// What a byte is, in eight bits: a few of these, and what must not be there, are one operation on 512 bytes.
//
//     "    \\    [ {  ] }  , :  space  other white space  control  1 ... 9  0    -    .    e E  / b f n r t  u    beyond ASCII
//     Q    S    B    BT   T    W      WC                 C        D        DW   DC   DE   DEW  E            EW   EC
enum { IS_Q = 1, IS_S = 2, IS_B = 4, IS_T = 8, IS_W = 16, IS_C = 32, IS_D = 64, IS_E = 128 };

static const _Alignas(64) uint8_t planes_table[128] = {
    IS_C, IS_C, IS_C, IS_C, IS_C, IS_C, IS_C, IS_C, IS_C, IS_W | IS_C, IS_W | IS_C, IS_C, IS_C, IS_W | IS_C, IS_C, IS_C,
    IS_C, IS_C, IS_C, IS_C, IS_C, IS_C, IS_C, IS_C, IS_C, IS_C, IS_C, IS_C, IS_C, IS_C, IS_C, IS_C,
    [' '] = IS_W, ['"'] = IS_Q, [','] = IS_T, [':'] = IS_T, ['\\'] = IS_S, ['['] = IS_B, [']'] = IS_B | IS_T, ['{'] = IS_B,
    ['}'] = IS_B | IS_T, ['0'] = IS_D | IS_W, ['1'] = IS_D, ['2'] = IS_D, ['3'] = IS_D, ['4'] = IS_D, ['5'] = IS_D, ['6'] = IS_D,
    ['7'] = IS_D, ['8'] = IS_D, ['9'] = IS_D, ['-'] = IS_D | IS_C, ['.'] = IS_D | IS_E, ['e'] = IS_D | IS_E | IS_W,
    ['E'] = IS_D | IS_E | IS_W, ['/'] = IS_E, ['b'] = IS_E, ['f'] = IS_E, ['n'] = IS_E, ['r'] = IS_E, ['t'] = IS_E,
    ['u'] = IS_E | IS_W,
    // All bytes beyond ASCII are looked up as this.
    [127] = IS_E | IS_C,
};

// What tokens are by their first bytes: bracket, second and third of their kinds, and above these the kind of value, as JSONKind in
// Swift has it. What begins with none of these is refused elsewhere.
enum { TOKEN_BRACKET = 1, TOKEN_SECOND = 2, TOKEN_THIRD = 4, TOKEN_KIND = 8, NUMBER = 3, STRING = 4, ARRAY = 5, OBJECT = 6 };

static const _Alignas(64) uint8_t token_table[128] = {
    ['"'] = TOKEN_THIRD | STRING * TOKEN_KIND, [','] = TOKEN_SECOND, [':'] = TOKEN_SECOND | TOKEN_THIRD,
    ['['] = TOKEN_BRACKET | ARRAY * TOKEN_KIND, ['{'] = TOKEN_BRACKET | TOKEN_THIRD | OBJECT * TOKEN_KIND,
    [']'] = TOKEN_BRACKET | TOKEN_SECOND, ['}'] = TOKEN_BRACKET | TOKEN_SECOND | TOKEN_THIRD, ['f'] = 1 * TOKEN_KIND,
    ['t'] = 2 * TOKEN_KIND, ['-'] = NUMBER * TOKEN_KIND, ['0'] = NUMBER * TOKEN_KIND, ['1'] = NUMBER * TOKEN_KIND,
    ['2'] = NUMBER * TOKEN_KIND, ['3'] = NUMBER * TOKEN_KIND, ['4'] = NUMBER * TOKEN_KIND, ['5'] = NUMBER * TOKEN_KIND,
    ['6'] = NUMBER * TOKEN_KIND, ['7'] = NUMBER * TOKEN_KIND, ['8'] = NUMBER * TOKEN_KIND, ['9'] = NUMBER * TOKEN_KIND,
};

// How many blocks are looked at before anything is written of them.
enum { STRIP = 64 };

// The bits of eight blocks, word i of each being block i's: where the byte b has the bit, it is set in bit b.
typedef struct planes {
    __m512i q, s, b, t, w, c, d, e;
} planes;

// Eight words of 64 bits, word j of bit j of all bytes.
CK_ROW_INLINE __m512i transposed(__m512i x) {
    // Of a product with the unit vectors, byte j has bit j of eight bytes, the first in the top bit. The second product turns the
    // bits of each byte around, and the permutation brings the bytes of a word together.
    const __m512i units = _mm512_set1_epi64((long long)0x8040201008040201);
    const __m512i words = _mm512_set_epi64(0x3f372f271f170f07, 0x3e362e261e160e06, 0x3d352d251d150d05, 0x3c342c241c140c04,
                                           0x3b332b231b130b03, 0x3a322a221a120a02, 0x3931292119110901, 0x3830282018100800);
    const __m512i bits = _mm512_gf2p8affine_epi64_epi8(units, x, 0);
    return _mm512_permutexvar_epi8(words, _mm512_gf2p8affine_epi64_epi8(bits, units, 0));
}

// The sets of bytes by a table; those beyond ASCII are of none.
CK_ROW_INLINE __m512i look_up(const uint8_t *table, __m512i x) {
    const __m512i ascii = _mm512_min_epu8(x, _mm512_set1_epi8(127));
    return _mm512_permutex2var_epi8(_mm512_load_si512(table), ascii, _mm512_load_si512(table + 64));
}

// The kinds of 64 tokens.
CK_ROW_INLINE ck_json_kinds kinds_of(__m512i tokens) {
    return (ck_json_kinds){_mm512_test_epi8_mask(tokens, _mm512_set1_epi8(TOKEN_BRACKET)),
                           _mm512_test_epi8_mask(tokens, _mm512_set1_epi8(TOKEN_SECOND)),
                           _mm512_test_epi8_mask(tokens, _mm512_set1_epi8(TOKEN_THIRD))};
}

// Eight blocks' planes.
CK_ROW_INLINE planes see(const uint8_t *data) {
    __m512i in[8], pairs[8], fours[8];
    for (int i = 0; i < 8; i++) {
        in[i] = transposed(look_up(planes_table, _mm512_loadu_si512(data + 64 * i)));
    }
    for (int i = 0; i < 8; i += 2) {
        pairs[i] = _mm512_unpacklo_epi64(in[i], in[i + 1]);
        pairs[i + 1] = _mm512_unpackhi_epi64(in[i], in[i + 1]);
    }
    for (int i = 0; i < 8; i += 4) {
        for (int k = 0; k < 2; k++) {
            fours[i + k] = _mm512_shuffle_i64x2(pairs[i + k], pairs[i + k + 2], 0x88);
            fours[i + k + 2] = _mm512_shuffle_i64x2(pairs[i + k], pairs[i + k + 2], 0xdd);
        }
    }
    // fours[0] has words 0 and 4 of blocks 0 ... 3, [1] words 1 and 5, [2] words 2 and 6, [3] words 3 and 7; the others
    // have those of blocks 4 ... 7.
#define CK_LOW(k) _mm512_shuffle_i64x2(fours[k], fours[(k) + 4], 0x88)
#define CK_HIGH(k) _mm512_shuffle_i64x2(fours[k], fours[(k) + 4], 0xdd)
    return (planes){CK_LOW(0), CK_LOW(1), CK_LOW(2), CK_LOW(3), CK_HIGH(0), CK_HIGH(1), CK_HIGH(2), CK_HIGH(3)};
#undef CK_LOW
#undef CK_HIGH
}

// Where a, and neither b nor c; where a and b, not c; where all three.
CK_ROW_INLINE __m512i alone(__m512i a, __m512i b, __m512i c) { return _mm512_ternarylogic_epi64(a, b, c, 0x10); }
CK_ROW_INLINE __m512i both_not(__m512i a, __m512i b, __m512i c) { return _mm512_ternarylogic_epi64(a, b, c, 0x40); }
CK_ROW_INLINE __m512i all_of(__m512i a, __m512i b, __m512i c) { return _mm512_ternarylogic_epi64(a, b, c, 0x80); }
CK_ROW_INLINE __m512i any_of(__m512i a, __m512i b, __m512i c) { return _mm512_ternarylogic_epi64(a, b, c, 0xfe); }
// a, and where b and c are.
CK_ROW_INLINE __m512i or_both(__m512i a, __m512i b, __m512i c) { return _mm512_ternarylogic_epi64(a, b, c, 0xf8); }
// a, and where b is without c.
CK_ROW_INLINE __m512i or_not(__m512i a, __m512i b, __m512i c) { return _mm512_ternarylogic_epi64(a, b, c, 0xf4); }

#pragma clang assume_nonnull end

#endif
