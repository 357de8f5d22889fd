// What eight blocks are, from their planes: characters, strings, tokens and numbers, a word of each block in a vector.
#ifndef CK_JSON_EIGHTS_H
#define CK_JSON_EIGHTS_H

#include "json_planes.h"

#pragma clang assume_nonnull begin

CK_ROW_INLINE __m512i word_at_the_end(uint64_t bit) { return _mm512_set1_epi64((long long)(bit << 63)); }

// The top bits of eight words, and of one.
CK_ROW_INLINE uint64_t tops_of(__m512i x) { return _mm512_cmplt_epi64_mask(x, _mm512_setzero_si512()); }
CK_ROW_INLINE uint64_t last_of(__m512i x, size_t i) { return tops_of(x) >> i & 1; }

// The words of eight blocks, each with the top bit of the one before: `last` has what came before the first, and gets what comes
// after.
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

// What goes on from eight blocks to the next eight.
typedef struct going {
    ck_json_state s;
    size_t last;  // the last block of those that came last
    __m512i errors, scalar, opening, beyond;
    // UTF-8: the bytes before those that come, what is not zero where any were wrong, and which of 64 blocks are to be looked at.
    __m512i before, faults;
    uint64_t noted;
    // Of numbers: the last byte was a minus, a zero before the point, a point; digits before and behind it go on.
    __m512i minus, zero, point;
    uint64_t whole_goes_on, fraction_goes_on;
    uint64_t fractions_go_on, numbers_go_on;  // not 0: any of the last two; of all five
} going;

CK_ROW_INLINE going start_planes(const ck_json_state *state) {
    const __m512i none = _mm512_setzero_si512();
    const uint64_t number = state->number;
    going g = {.s = *state, .last = 7, .errors = none, .faults = none, .noted = 0};
    g.scalar = word_at_the_end(state->scalar);
    g.opening = word_at_the_end(state->opened);
    g.before = _mm512_inserti64x4(none, _mm256_loadu_si256((const __m256i *)state->utf8), 1);
    g.beyond = _mm512_set1_epi64((long long)_mm512_movepi8_mask(g.before));
    g.minus = word_at_the_end(number & CK_JSON_MINUS);
    g.zero = word_at_the_end(number / CK_JSON_ZERO & 1);
    g.point = word_at_the_end(number / CK_JSON_POINT & 1);
    g.whole_goes_on = number / CK_JSON_WHOLE & 1;
    g.fraction_goes_on = number / CK_JSON_FRACTION & 1;
    g.fractions_go_on = number & (CK_JSON_POINT | CK_JSON_FRACTION);
    g.numbers_go_on = number;
    return g;
}

CK_ROW_INLINE void finish_planes(going *g, const uint8_t *data, size_t blocks, ck_json_state *state) {
    ck_json_state s = g->s;
    const size_t last = g->last;
    s.errors |= _mm512_test_epi64_mask(g->errors, g->errors);
    s.errors |= _mm512_test_epi8_mask(g->faults, g->faults) != 0;
    s.scalar = last_of(g->scalar, last);
    s.opened = last_of(g->opening, last);
    s.number = last_of(g->minus, last) * CK_JSON_MINUS | g->whole_goes_on * CK_JSON_WHOLE | last_of(g->zero, last) * CK_JSON_ZERO |
        last_of(g->point, last) * CK_JSON_POINT | g->fraction_goes_on * CK_JSON_FRACTION;
    if (blocks > 0) {
        _mm256_storeu_si256((__m256i *)s.utf8, _mm256_loadu_si256((const __m256i *)(data + 64 * blocks - 32)));
    }
    *state = s;
}

// Eight blocks: where fewer are left, spaces come after a copy of them.
CK_ROW_INLINE const uint8_t *all_eight(const uint8_t *data, size_t left, uint8_t *room) {
    if (__builtin_expect(left >= 8, 1)) {
        return data;
    }
    for (size_t i = 0; i < 8; i++) {
        _mm512_storeu_si512(room + 64 * i, i < left ? _mm512_loadu_si512(data + 64 * i) : _mm512_set1_epi8(' '));
    }
    return room;
}

// ---------------------------------------------------------------- UTF-8

// Of a block and the same bytes one, two and three further back. The tables stand there four times, so that no bits but the lowest
// four of what is looked up matter.
CK_ROW_INLINE __m512i faults_of(__m512i x, __m512i prev1, __m512i prev2, __m512i prev3) {
    const __m512i special = all_of(
        _mm512_permutexvar_epi8(_mm512_srli_epi16(prev1, 4), four_times(_mm_setr_epi8(CK_UTF8_FIRST_HIGH))),
        _mm512_permutexvar_epi8(prev1, four_times(_mm_setr_epi8(CK_UTF8_FIRST_LOW))),
        _mm512_permutexvar_epi8(_mm512_srli_epi16(x, 4), four_times(_mm_setr_epi8(CK_UTF8_SECOND_HIGH))));
    // The third byte of three or four, and the fourth of four, must be a continuation, which is what "two continuations" says.
    const __m512i third = _mm512_subs_epu8(prev2, _mm512_set1_epi8((char)(0xe0 - 0x80)));
    const __m512i fourth = _mm512_subs_epu8(prev3, _mm512_set1_epi8((char)(0xf0 - 0x80)));
    // (third or fourth) and the top bit, where that is not what `special` has.
    const __m512i must = _mm512_ternarylogic_epi64(third, fourth, _mm512_set1_epi8((char)0x80), 0xa8);
    return _mm512_xor_si512(must, special);
}

// Notes which of the blocks, which come after so many of 64, have bytes beyond ASCII, or come after one that may end within a
// character.
CK_ROW_INLINE void note_characters(going *g, const planes *p, size_t after, __mmask8 there) {
    const __m512i beyond = both_not(p->e, p->c, p->d);
    const __m512i before = _mm512_alignr_epi64(beyond, g->beyond, 7);
    g->beyond = beyond;
    const __m512i any = _mm512_or_si512(beyond, _mm512_srli_epi64(before, 61));
    g->noted |= (uint64_t)(_mm512_test_epi64_mask(any, any) & there) << after;
}

// Checks those of 64 blocks, or fewer, that were noted down.
//
// Which ones these are cannot be foretold: no branch depends on any one.
CK_ROW_INLINE void check_characters(going *g, const uint8_t *data, size_t from) {
    for (uint64_t noted = g->noted; noted != 0; noted &= noted - 1) {
        const uint8_t *at = data + 64 * (from + (size_t)__builtin_ctzll(noted));
        const __m512i x = _mm512_loadu_si512(at);
        __m512i prev1, prev2, prev3;
        if (__builtin_expect(at == data, 0)) {
            const __m512i shifted = _mm512_alignr_epi32(x, g->before, 12);
            prev1 = _mm512_alignr_epi8(x, shifted, 15);
            prev2 = _mm512_alignr_epi8(x, shifted, 14);
            prev3 = _mm512_alignr_epi8(x, shifted, 13);
        } else {
            prev1 = _mm512_loadu_si512(at - 1);
            prev2 = _mm512_loadu_si512(at - 2);
            prev3 = _mm512_loadu_si512(at - 3);
        }
        g->faults = _mm512_or_si512(g->faults, faults_of(x, prev1, prev2, prev3));
    }
    g->noted = 0;
}

// ---------------------------------------------------------------- strings

// Of eight blocks and the one after them, which begin with an escaped byte, if the first does as `first` says.
CK_ROW_INLINE uint64_t escaped_firsts(__m512i backslash, __m512i code, uint64_t first) {
    // What a block hands on it has from its own last run of backslashes, but where it is nothing else.
    uint64_t firsts = tops_of(_mm512_and_si512(code, backslash)) << 1 | first;
    uint64_t whole = _mm512_cmpeq_epi64_mask(backslash, _mm512_set1_epi64(-1));
    for (; __builtin_expect(whole != 0, 0); whole &= whole - 1) {
        const uint64_t i = (uint64_t)__builtin_ctzll(whole);
        firsts = (firsts & ~((uint64_t)2 << i)) | (firsts >> i & 1) << (i + 1);
    }
    return firsts;
}

// Which bytes are escaped: backslashes alternate from the start of each run.
CK_ROW_INLINE __m512i escaped_in(going *g, __m512i backslash, size_t now, __mmask8 there) {
    const __m512i odd = _mm512_set1_epi64((long long)0xaaaaaaaaaaaaaaaa);
#define CK_CODE(x) _mm512_xor_si512(_mm512_sub_epi64(_mm512_or_si512(_mm512_slli_epi64(x, 1), odd), x), odd)
    const uint64_t firsts = escaped_firsts(backslash, CK_CODE(backslash), g->s.backslash);
    g->s.backslash = firsts >> now & 1;
    const __m512i first = _mm512_maskz_set1_epi64((__mmask8)firsts & there, 1);
    const __m512i potential = _mm512_andnot_si512(first, backslash);
    // The first, where neither or both of the others are: an exclusive or.
    return _mm512_ternarylogic_epi64(CK_CODE(potential), backslash, first, 0x1e);
#undef CK_CODE
}

// The strings of eight blocks: all bytes from the opening quote to before the closing one, and the quotes.
typedef struct strings_of {
    __m512i string, quote;
} strings_of;

// Finds strings, and checks escapes and control characters.
CK_ROW_INLINE strings_of find_strings(going *g, const planes *p, const uint8_t *data, size_t now, __mmask8 there) {
    ck_json_state *s = &g->s;
    const __m512i ones = _mm512_set1_epi64(-1);
    const int has_escapes = (_mm512_test_epi64_mask(p->s, p->s) | s->backslash | s->hex) != 0;
    __m512i quote = p->q, escaped = _mm512_setzero_si512();
    if (has_escapes) {
        escaped = escaped_in(g, p->s, now, there);
        quote = _mm512_andnot_si512(escaped, quote);
    }
    // Bit i of a word: the number of set bits at or below i is odd. A carry-less product with all ones.
    const __m512i odd =
        _mm512_unpacklo_epi64(_mm512_clmulepi64_epi128(quote, ones, 0), _mm512_clmulepi64_epi128(quote, ones, 1));
    uint64_t ends = tops_of(odd);
    ends ^= ends << 1, ends ^= ends << 2, ends ^= ends << 4;
    const uint64_t begins = ((ends << 1 ^ s->in_string) & 0x1fe) | (s->in_string & 1);
    const __m512i string = _mm512_mask_xor_epi64(odd, (__mmask8)begins, odd, ones);
    s->in_string = 0 - (begins >> now & 1);

    g->errors = or_both(g->errors, string, alone(p->c, p->d, p->e));
    if (has_escapes) {
        const __m512i may_be = any_of(alone(p->e, p->d, p->c), p->q, p->s);
        g->errors = _mm512_or_si512(g->errors, both_not(escaped, string, may_be));
        const __m512i unicode = all_of(escaped, string, both_not(p->e, p->w, p->d));
        if ((_mm512_test_epi64_mask(unicode, unicode) | s->hex) != 0) {
            uint64_t words[8];
            _mm512_storeu_si512(words, unicode);
            for (size_t i = 0; i < now; i++) {
                if ((words[i] | s->hex) != 0) {
                    take_unicode(s, words[i], hexadecimal(_mm512_loadu_si512(data + 64 * i)));
                }
            }
        }
    }
    return (strings_of){string, quote};
}

// ---------------------------------------------------------------- tokens

// What there is outside strings.
typedef struct tokens_of {
    __m512i operators, blank;
    // Numbers and words: all bytes, the first, and all those that come right after one.
    __m512i scalar, starts, follows;
} tokens_of;

CK_ROW_INLINE tokens_of find_tokens(going *g, const planes *p, const strings_of *s) {
    tokens_of t;
    // By the bits of three, the first being 4: 0x54 is the first or second, not the third; 0x03 neither the first nor the second.
    t.operators = _mm512_ternarylogic_epi64(p->b, p->t, s->string, 0x54);
    t.blank = alone(p->w, p->d, p->e);
    t.scalar = _mm512_ternarylogic_epi64(any_of(t.operators, t.blank, s->quote), s->string, s->string, 0x03);
    t.blank = _mm512_andnot_si512(s->string, t.blank);
    t.follows = shifted_on(t.scalar, &g->scalar);
    t.starts = _mm512_andnot_si512(t.follows, t.scalar);
    return t;
}

// The first bytes of brackets, commas, colons, strings, numbers and words.
CK_ROW_INLINE __m512i first_bytes(const strings_of *s, const tokens_of *t) {
    return _mm512_or_si512(or_both(t->operators, s->quote, s->string), t->starts);
}

// ---------------------------------------------------------------- numbers

// Numbers that start in eight blocks, where `dense` is all ones, or go on in them, as in json_block.h; where exponents begin.
CK_ROW_INLINE __m512i check_numbers(going *g, const planes *p, const tokens_of *t, __m512i dense, size_t now, __mmask8 there) {
    const __m512i start = _mm512_and_si512(t->starts, dense);
    const __m512i all_digits = alone(p->d, p->c, p->e);
    const __m512i digit = _mm512_and_si512(all_digits, t->scalar);
    const __m512i minus = both_not(p->d, p->c, p->e);
    const __m512i begun = _mm512_and_si512(minus, start);
    const __m512i whole = or_both(shifted_on(begun, &g->minus), start, digit);
    const __m512i zero = _mm512_and_si512(both_not(p->d, p->w, p->e), whole);
    const __m512i after_zero = shifted_on(zero, &g->zero);
    const __m512i whole_ends = _mm512_andnot_si512(digit, sum_of(digit, whole, now, &g->whole_goes_on));
    // No digit where one must be, or one after a zero; at the end something that is neither a point nor an exponent.
    __m512i wrong = or_both(_mm512_andnot_si512(digit, whole), after_zero, digit);
    __m512i more = _mm512_and_si512(whole_ends, t->scalar);
    const __m512i point = _mm512_and_si512(more, _mm512_andnot_si512(_mm512_or_si512(p->w, p->c), _mm512_and_si512(p->d, p->e)));
    if ((_mm512_test_epi64_mask(point, point) | g->fractions_go_on) != 0) {
        const __m512i fraction = shifted_on(point, &g->point);
        const __m512i ends = _mm512_andnot_si512(digit, sum_of(digit, fraction, now, &g->fraction_goes_on));
        wrong = or_not(wrong, fraction, digit);
        // The first without the second, or both others.
        more = _mm512_andnot_si512(point, or_both(more, ends, t->scalar));
        g->fractions_go_on = last_of(point, 7) | g->fraction_goes_on;
    } else {
        g->point = _mm512_setzero_si512();
    }
    wrong = or_not(wrong, more, all_of(p->d, p->e, p->w));
    g->errors = _mm512_mask_or_epi64(g->errors, there, g->errors, wrong);
    g->numbers_go_on = last_of(_mm512_or_si512(g->minus, g->zero), 7) | g->whole_goes_on | g->fractions_go_on;
    return more;
}

// The first bytes of numbers and words that are to be visited: with numbers checked, words are left, and exponents.
CK_ROW_INLINE __m512i numbers_to_visit(going *g, const planes *p, const tokens_of *t, __m512i dense, size_t now, __mmask8 there) {
    if ((_mm512_test_epi64_mask(t->scalar, dense) | g->numbers_go_on) == 0) {
        g->minus = g->zero = g->point = _mm512_setzero_si512();
        return t->starts;
    }
    const __m512i others = _mm512_andnot_si512(both_not(dense, p->d, p->e), t->starts);
    return _mm512_or_si512(others, check_numbers(g, p, t, dense, now, there));
}

#pragma clang assume_nonnull end

#endif
