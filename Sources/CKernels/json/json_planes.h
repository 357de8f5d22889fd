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
CK_ROW_INLINE void write_places(uint32_t *out, uint64_t mask, __m512i start, unsigned count) {
    static const uint8_t bytes[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                      22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
                                      44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m512i places = _mm512_maskz_compress_epi8(mask, _mm512_loadu_si512(bytes));
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

CK_ROW_INLINE void row_offsets(uint32_t *out, uint64_t mask, uint32_t base, unsigned count) {
    write_places(out, mask, _mm512_set1_epi32((int)base), count);
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

// How many blocks are made planes of before these are used.
enum { STRIP = 32 };

// Of each block of a strip, bit b: byte b of the block is of the set. `whole` is what an integer is made of: digits and a minus.
typedef struct planes {
    uint64_t quote[STRIP], backslash[STRIP], bracket[STRIP], second[STRIP], minus[STRIP], blank[STRIP], control[STRIP], whole[STRIP];
} planes;

// Those that only numbers ask for; `e` in both cases.
enum { IS_DIGIT = 1, IS_ZERO = 2, IS_POINT = 4, IS_E = 8 };

typedef struct number_planes {
    uint64_t digit, zero, point, e, none[4];
} number_planes;

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

// Eight vectors of eight words: word j of vector i goes to word i of vector j, which are `stride` words apart.
CK_ROW_INLINE void turn(const __m512i *in, uint64_t *out, size_t stride) {
    __m512i pairs[8], fours[8];
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
    // fours[0] has words 0 and 4 of blocks 0 ... 3, [1] words 1 and 5, [2] words 2 and 6, [3] words 3 and 7; the others of blocks 4 ... 7.
    for (int k = 0; k < 4; k++) {
        _mm512_store_si512(out + (size_t)k * stride, _mm512_shuffle_i64x2(fours[k], fours[k + 4], 0x88));
        _mm512_store_si512(out + (size_t)(k + 4) * stride, _mm512_shuffle_i64x2(fours[k], fours[k + 4], 0xdd));
    }
}

// Makes planes of no more than STRIP blocks, those from `from` on, and checks their UTF-8. What is missing to a multiple of eight has
// none.
//
// Which blocks have bytes beyond ASCII cannot be foretold: they are noted down, and no branch depends on any one.
CK_ROW_INLINE void see(const uint8_t *data, size_t from, size_t blocks, characters *c, planes *out, number_planes *numbers,
                       int with_numbers) {
    uint64_t open = c->open, noted = 0;
    __m512i eight[8];
    for (size_t i = 0; i < blocks; i += 8) {
        const size_t now = blocks - i < 8 ? blocks - i : 8;
        if (__builtin_expect(now < 8, 0)) {
            for (size_t k = now; k < 8; k++) {
                eight[k] = _mm512_setzero_si512();
            }
        }
        for (size_t k = 0; k < now; k++) {
            const __m512i x = _mm512_loadu_si512(data + 64 * (from + i + k));
            const uint64_t beyond = _mm512_movepi8_mask(x);
            noted |= (uint64_t)((beyond | open >> 61) != 0) << (i + k);
            open = beyond;
            eight[k] = transposed(look_up(planes_table, x));
            if (with_numbers) {
                _mm512_store_si512(numbers + i + k, transposed(look_up(number_table, x)));
            }
        }
        turn(eight, out->quote + i, STRIP);
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

// What of a strip is told by planes and strings.
typedef struct told {
    // The bytes inside the strings, from the opening quote to before the closing one, and the quotes.
    uint64_t string[STRIP], quote[STRIP];
    // Numbers and words, all bytes and the first; the first bytes of tokens.
    uint64_t scalar[STRIP], starts[STRIP], tokens[STRIP];
    // For the tape: where what began ends, the closing quote, the byte after a number or word, for each bracket that opens a byte after
    // it. For the index and the tape: which of these are marked: of a string with a backslash, of what is no integer.
    uint64_t ends[STRIP], marked[STRIP];
    __m512i errors;
    // Of the tape: a minus that does not begin a number. Of the index: how many commas and colons.
    __m512i astray, separators;
} told;

typedef enum purpose { INDEX, KINDS, TAPE } purpose;

// Finds the strings of a strip, and checks their escapes.
CK_ROW_INLINE void find_strings(ck_json_state *s, const uint8_t *data, size_t blocks, const planes *p, told *t) {
    uint64_t pending = s->backslash | s->hex, in_string = s->in_string;
    for (size_t i = 0; i < blocks; i++) {
        const uint64_t backslash = p->backslash[i];
        uint64_t quote = p->quote[i], string;
        if ((backslash | pending) == 0) {
            string = prefix_xor(quote) ^ in_string;
        } else {
            const __m512i x = _mm512_loadu_si512(data + 64 * i);
            const uint64_t escaped = escaped_bytes(backslash, &s->backslash);
            quote &= ~escaped;
            string = prefix_xor(quote) ^ in_string;
            s->errors |= escaped & string & ~may_be_escaped(x);
            const uint64_t unicode = escaped & string & equal(x, 'u');
            if ((unicode | s->hex) != 0) {
                take_unicode(s, unicode, hexadecimal(x));
            }
            pending = s->backslash | s->hex;
        }
        in_string = (uint64_t)((int64_t)string >> 63);
        t->string[i] = string;
        t->quote[i] = quote;
    }
    s->in_string = in_string;
    for (size_t i = blocks; i % 8 != 0; i++) {
        t->string[i] = t->quote[i] = 0;
    }
}

// The words of eight blocks, each with the top bit of the one before: `last` has what came before the first, and gets what comes after.
CK_ROW_INLINE __m512i shifted_on(__m512i x, __m512i *last) {
    const __m512i before = _mm512_alignr_epi64(x, *last, 7);
    *last = x;
    return _mm512_shldi_epi64(x, before, 1);
}

// A sum over `count` words of 64 bits of eight, with a carry; b has no bits that a has not.
CK_ROW_INLINE __m512i sum_of(__m512i a, __m512i b, size_t count, uint64_t *carry) {
    const __m512i sum = _mm512_add_epi64(a, b);
    const unsigned out = _mm512_cmplt_epu64_mask(sum, a), full = _mm512_cmpeq_epi64_mask(sum, _mm512_set1_epi64(-1));
    // What comes into a word goes on where that is all ones.
    const unsigned in = ((out << 1 | (unsigned)*carry) + full) ^ full;
    *carry = in >> count & 1;
    return _mm512_mask_sub_epi64(sum, (__mmask8)in, sum, _mm512_set1_epi64(-1));
}

CK_ROW_INLINE void tell(ck_json_state *s, size_t blocks, const planes *p, told *t, uint64_t *_Nullable blanks, purpose purpose) {
    __m512i last_scalar = _mm512_set1_epi64((long long)(s->scalar << 63)), last_opening = _mm512_set1_epi64((long long)(s->opened << 63));
    for (size_t i = 0; i < blocks; i += 8) {
        const size_t now = blocks - i < 8 ? blocks - i : 8;
        const __m512i string = _mm512_loadu_si512(t->string + i), quote = _mm512_loadu_si512(t->quote + i);
        const __m512i bracket = _mm512_load_si512(p->bracket + i), second = _mm512_load_si512(p->second + i);
        const __m512i blank = _mm512_load_si512(p->blank + i), backslash = _mm512_load_si512(p->backslash + i);
        // By the bits of three, the first being 4: 0x54 is the first or second, not the third; 0xfe any; 0x03 neither the first nor
        // the second; 0xf8 the first, or both others; 0xf4 the first, or the second without the third; 0x10 the first alone.
        const __m512i operators = _mm512_ternarylogic_epi64(bracket, second, string, 0x54);
        const __m512i others = _mm512_ternarylogic_epi64(operators, blank, quote, 0xfe);
        const __m512i scalar = _mm512_ternarylogic_epi64(others, string, string, 0x03);
        const __m512i follows = shifted_on(scalar, &last_scalar), starts = _mm512_andnot_si512(follows, scalar);
        t->errors = _mm512_ternarylogic_epi64(t->errors, string, _mm512_load_si512(p->control + i), 0xf8);
        _mm512_storeu_si512(t->scalar + i, scalar);
        if (purpose == INDEX) {
            const __m512i separators = _mm512_ternarylogic_epi64(second, bracket, string, 0x10);
            t->separators = _mm512_add_epi64(t->separators, _mm512_popcnt_epi64(separators));
            const __m512i brackets = _mm512_ternarylogic_epi64(quote, bracket, string, 0xf4);
            _mm512_storeu_si512(t->tokens + i, _mm512_or_si512(brackets, starts));
            const __m512i sum = sum_of(string, _mm512_and_si512(string, backslash), now, &s->has_escape);
            // 0x40: the first and second, not the third.
            _mm512_storeu_si512(t->marked + i, _mm512_ternarylogic_epi64(sum, quote, string, 0x40));
            continue;
        }
        _mm512_storeu_si512(t->starts + i, starts);
        _mm512_storeu_si512(t->tokens + i,
                            _mm512_or_si512(_mm512_ternarylogic_epi64(operators, quote, string, 0xf8), starts));
        if (purpose == KINDS) {
            _mm512_mask_storeu_epi64(blanks + i, (__mmask8)((1u << now) - 1), _mm512_andnot_si512(string, blank));
            continue;
        }
        const __m512i opening = _mm512_ternarylogic_epi64(bracket, second, string, 0x10);
        const __m512i ends = _mm512_ternarylogic_epi64(shifted_on(opening, &last_opening), quote, string, 0xf4);
        _mm512_storeu_si512(t->ends + i, _mm512_ternarylogic_epi64(ends, follows, scalar, 0xf4));
        // A mark, added to the ones of what it is in, carries to the end.
        const __m512i within = _mm512_or_si512(scalar, string);
        const __m512i marks = _mm512_ternarylogic_epi64(_mm512_andnot_si512(_mm512_load_si512(p->whole + i), scalar), string,
                                                        backslash, 0xf8);
        _mm512_storeu_si512(t->marked + i, _mm512_andnot_si512(within, sum_of(within, marks, now, &s->marked)));
        t->astray = _mm512_ternarylogic_epi64(t->astray, _mm512_load_si512(p->minus + i), _mm512_andnot_si512(starts, scalar), 0xf8);
    }
    const size_t last = blocks - 1;
    s->scalar = t->scalar[last] >> 63;
    s->opened = (p->bracket[last] & ~(p->second[last] | t->string[last])) >> 63;
}

CK_ROW_INLINE void start_telling(told *t) { t->errors = t->astray = t->separators = _mm512_setzero_si512(); }

CK_ROW_INLINE void finish_telling(const told *t, ck_json_state *s) {
    s->errors |= _mm512_test_epi64_mask(t->errors, t->errors);
    s->separators += (uint64_t)_mm512_reduce_add_epi64(t->separators);
}

#pragma clang assume_nonnull end

#endif
