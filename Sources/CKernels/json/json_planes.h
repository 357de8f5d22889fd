// Blocks of 64 bytes as bit planes, for AVX-512 with VBMI2 and GFNI: one look in a table of 128 bytes tells to which of eight sets a
// byte belongs, and a transposition of bits, 8 x 8 at a time, makes a word of each set. All that asks for the words is plain
// arithmetic then; they come from memory, at no cost to the one port that compares and shuffles. What comes after is in
// json_block.h and json_avx512.h.
#ifndef CK_JSON_PLANES_H
#define CK_JSON_PLANES_H

#include <immintrin.h>

#include "json_block.h"

#define CK_ROW __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,bmi,bmi2,pclmul,popcnt,lzcnt")))
#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

#pragma clang assume_nonnull begin

// Writes 16 offsets of 64 in any case: up to 63 words after the last one hold anything.
CK_ROW_INLINE void row_offsets(uint32_t *out, uint64_t mask, uint32_t base, unsigned count) {
    static const uint8_t bytes[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                      22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
                                      44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m512i places = _mm512_maskz_compress_epi8(mask, _mm512_loadu_si512(bytes));
    const __m512i start = _mm512_set1_epi32((int)base);
#define CK_QUARTER(i)                \
    _mm512_storeu_si512(out + 16 * i, \
                        _mm512_add_epi32(start, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(places, i))))
    CK_QUARTER(0);
    if (__builtin_expect(count > 16, 0)) {
        CK_QUARTER(1);
        if (count > 32) {
            CK_QUARTER(2), CK_QUARTER(3);
        }
    }
#undef CK_QUARTER
}

CK_ROW_INLINE void row_visits(uint32_t *out, uint64_t mask, uint32_t base, unsigned count) {
    row_offsets(out, mask, base, count);
}

#pragma clang assume_nonnull end

#include "json_avx512.h"

#pragma clang assume_nonnull begin

// The sets, a bit each. Bracket and second are those of the kinds of tokens, of their first bytes.
enum {
    IS_QUOTE = 1, IS_BACKSLASH = 2, IS_BRACKET = 4, IS_SECOND = 8, IS_MINUS = 16, IS_BLANK = 32, IS_CONTROL = 64, IS_WHOLE = 128
};

// Bit b: byte b of the block is of the set. `whole` is what an integer is made of: digits and a minus.
typedef struct planes {
    uint64_t quote, backslash, bracket, second, minus, blank, control, whole;
} planes;

// Those that only numbers ask for; `e` in both cases.
enum { IS_DIGIT = 1, IS_ZERO = 2, IS_POINT = 4, IS_E = 8 };

typedef struct number_planes {
    uint64_t digit, zero, point, e, none[4];
} number_planes;

// How many blocks are made planes of before these are used.
enum { STRIP = 32 };

static const _Alignas(64) uint8_t planes_table[128] = {
    IS_CONTROL, IS_CONTROL, IS_CONTROL, IS_CONTROL, IS_CONTROL, IS_CONTROL, IS_CONTROL, IS_CONTROL, IS_CONTROL,
    IS_CONTROL | IS_BLANK, IS_CONTROL | IS_BLANK, IS_CONTROL, IS_CONTROL, IS_CONTROL | IS_BLANK, IS_CONTROL, IS_CONTROL,
    IS_CONTROL, IS_CONTROL, IS_CONTROL, IS_CONTROL, IS_CONTROL, IS_CONTROL, IS_CONTROL, IS_CONTROL,
    IS_CONTROL, IS_CONTROL, IS_CONTROL, IS_CONTROL, IS_CONTROL, IS_CONTROL, IS_CONTROL, IS_CONTROL,
    [' '] = IS_BLANK, ['"'] = IS_QUOTE, [','] = IS_SECOND, [':'] = IS_SECOND, ['\\'] = IS_BACKSLASH, ['['] = IS_BRACKET,
    [']'] = IS_BRACKET | IS_SECOND, ['{'] = IS_BRACKET, ['}'] = IS_BRACKET | IS_SECOND, ['-'] = IS_MINUS | IS_WHOLE,
    ['0'] = IS_WHOLE, ['1'] = IS_WHOLE, ['2'] = IS_WHOLE, ['3'] = IS_WHOLE, ['4'] = IS_WHOLE, ['5'] = IS_WHOLE,
    ['6'] = IS_WHOLE, ['7'] = IS_WHOLE, ['8'] = IS_WHOLE, ['9'] = IS_WHOLE,
};

static const _Alignas(64) uint8_t number_table[128] = {
    ['.'] = IS_POINT, ['E'] = IS_E, ['e'] = IS_E, ['0'] = IS_DIGIT | IS_ZERO, ['1'] = IS_DIGIT, ['2'] = IS_DIGIT,
    ['3'] = IS_DIGIT, ['4'] = IS_DIGIT, ['5'] = IS_DIGIT, ['6'] = IS_DIGIT, ['7'] = IS_DIGIT, ['8'] = IS_DIGIT, ['9'] = IS_DIGIT,
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

// UTF-8 so far: the bytes before those that come, and what is not zero where any were wrong.
typedef struct characters {
    __m512i before, faults;
    uint64_t open;  // which bytes of the last block are beyond ASCII
} characters;

CK_ROW_INLINE characters start_characters(const ck_json_state *state) {
    const __m512i before =
        _mm512_inserti64x4(_mm512_setzero_si512(), _mm256_loadu_si256((const __m256i *)state->utf8), 1);
    return (characters){before, _mm512_setzero_si512(), _mm512_movepi8_mask(before)};
}

// The sets of bytes by a table; those beyond ASCII are of none.
CK_ROW_INLINE __m512i look_up(const uint8_t *table, __m512i x) {
    const __m512i ascii = _mm512_min_epu8(x, _mm512_set1_epi8(127));
    return _mm512_permutex2var_epi8(_mm512_load_si512(table), ascii, _mm512_load_si512(table + 64));
}

// Makes planes of no more than STRIP blocks, those from `from` on, and checks their UTF-8; where there is a `copy`, copies them.
//
// Which blocks have bytes beyond ASCII cannot be foretold: they are noted down, and no branch depends on any one.
CK_ROW_INLINE void see(const uint8_t *data, size_t from, size_t blocks, characters *c, planes *out, number_planes *numbers,
                       int with_numbers, uint8_t *_Nullable copy) {
    uint64_t open = c->open, noted = 0;
    for (size_t i = 0; i < blocks; i++) {
        const __m512i x = _mm512_loadu_si512(data + 64 * (from + i));
        const uint64_t beyond = _mm512_movepi8_mask(x);
        noted |= (uint64_t)((beyond | open >> 61) != 0) << i;
        open = beyond;
        _mm512_store_si512(out + i, transposed(look_up(planes_table, x)));
        if (with_numbers) {
            _mm512_store_si512(numbers + i, transposed(look_up(number_table, x)));
        }
        if (copy != NULL) {
            _mm512_storeu_si512(copy + 64 * (from + i), x);
        }
    }
    c->open = open;
    for (; noted != 0; noted &= noted - 1) {
        const uint8_t *at = data + 64 * (from + (size_t)__builtin_ctzll(noted));
        if (__builtin_expect(at == data, 0)) {
            c->faults = _mm512_or_si512(c->faults, utf8_faults(_mm512_loadu_si512(at), c->before));
            continue;
        }
        c->faults = _mm512_or_si512(c->faults, faults_after(_mm512_loadu_si512(at), _mm512_loadu_si512(at - 1),
                                                            _mm512_loadu_si512(at - 2), _mm512_loadu_si512(at - 3)));
    }
}

CK_ROW_INLINE void finish_characters(characters c, const uint8_t *data, size_t blocks, ck_json_state *s) {
    s->errors |= _mm512_test_epi8_mask(c.faults, c.faults) != 0;
    if (blocks > 0) {
        _mm256_storeu_si256((__m256i *)s->utf8, _mm256_loadu_si256((const __m256i *)(data + 64 * blocks - 32)));
    }
}

// The kinds of 64 tokens.
CK_ROW_INLINE ck_json_kinds kinds_of(__m512i tokens) {
    return (ck_json_kinds){_mm512_test_epi8_mask(tokens, _mm512_set1_epi8(TOKEN_BRACKET)),
                           _mm512_test_epi8_mask(tokens, _mm512_set1_epi8(TOKEN_SECOND)),
                           _mm512_test_epi8_mask(tokens, _mm512_set1_epi8(TOKEN_THIRD))};
}

// The bytes inside the strings of a block, from the opening quote to before the closing one, and its quotes. Checks strings.
CK_ROW_INLINE uint64_t strings_of(ck_json_state *s, uint64_t *pending, const uint8_t *data, const planes *p, uint64_t *quotes) {
    uint64_t quote = p->quote, string;
    if ((p->backslash | *pending) == 0) {
        string = prefix_xor(quote) ^ s->in_string;
    } else {
        const __m512i x = _mm512_loadu_si512(data);
        const uint64_t escaped = escaped_bytes(p->backslash, &s->backslash);
        quote &= ~escaped;
        string = prefix_xor(quote) ^ s->in_string;
        s->errors |= escaped & string & ~may_be_escaped(x);
        const uint64_t unicode = escaped & string & equal(x, 'u');
        if ((unicode | s->hex) != 0) {
            take_unicode(s, unicode, hexadecimal(x));
        }
        *pending = s->backslash | s->hex;
    }
    s->in_string = (uint64_t)((int64_t)string >> 63);
    s->errors |= string & p->control;
    *quotes = quote;
    return string;
}

#pragma clang assume_nonnull end

#endif
