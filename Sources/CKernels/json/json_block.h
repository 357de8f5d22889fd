// What the rows of JSON share: all that comes after a block of 64 bytes has become masks, a bit a byte. The rows inline it, so
// that it is compiled for their instruction sets.
#ifndef CK_JSON_BLOCK_H
#define CK_JSON_BLOCK_H

#include "CKernels.h"

#define CK_JSON_INLINE __attribute__((always_inline)) static inline

// ---------------------------------------------------------------- UTF-8: the classes of Keiser and Lemire, section 6

enum {
    TOO_SHORT = 1 << 0, TOO_LONG = 1 << 1, OVERLONG_3 = 1 << 2, TOO_LARGE = 1 << 3,
    SURROGATE = 1 << 4, OVERLONG_2 = 1 << 5, TOO_LARGE_1000 = 1 << 6, OVERLONG_4 = 1 << 6, TWO_CONTINUATIONS = 1 << 7,
    CARRY = TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS, BEYOND = CARRY | TOO_LARGE | TOO_LARGE_1000
};

// By the high and the low half of a byte, and by the high half of the next one: what may be wrong with the two.
#define CK_UTF8_FIRST_HIGH                                                                                       \
    TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,                              \
        (char)TWO_CONTINUATIONS, (char)TWO_CONTINUATIONS, (char)TWO_CONTINUATIONS, (char)TWO_CONTINUATIONS,      \
        TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE,                                   \
        TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4
#define CK_UTF8_FIRST_LOW                                                                                        \
    (char)(CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4), (char)(CARRY | OVERLONG_2), (char)CARRY, (char)CARRY,  \
        (char)(CARRY | TOO_LARGE), (char)BEYOND, (char)BEYOND, (char)BEYOND, (char)BEYOND, (char)BEYOND,         \
        (char)BEYOND, (char)BEYOND, (char)BEYOND, (char)(BEYOND | SURROGATE), (char)BEYOND, (char)BEYOND
#define CK_UTF8_SECOND_HIGH                                                                                      \
    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,                      \
        (char)(TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4),            \
        (char)(TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | TOO_LARGE),                              \
        (char)(TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | SURROGATE | TOO_LARGE),                               \
        (char)(TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | SURROGATE | TOO_LARGE),                               \
        TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT

// ---------------------------------------------------------------- escapes

// The characters that may follow a backslash, each in the one row and column where both halves have a bit in common.
#define CK_ESCAPED_HIGH 0, 0, 1, 0, 0, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0
#define CK_ESCAPED_LOW 0, 0, 1 | 4 | 8, 0, 8, 8, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1

// The bytes that a backslash escapes: backslashes alternate from the start of each run.
CK_JSON_INLINE uint64_t escaped_bytes(uint64_t backslash, uint64_t *carry) {
    const uint64_t odd = 0xaaaaaaaaaaaaaaaau;
    const uint64_t potential = backslash & ~*carry;
    const uint64_t maybe = (potential << 1 | odd) - potential;
    const uint64_t code = maybe ^ odd;
    const uint64_t escaped = code ^ (backslash | *carry);
    *carry = (code & backslash) >> 63;
    return escaped;
}

// The bytes after each `u` of `unicode` must be hexadecimal digits, four of them; those of the next block are left in the state.
CK_JSON_INLINE void take_unicode(ck_json_state *s, uint64_t unicode, uint64_t hexadecimal) {
    s->errors |= (unicode << 1 | unicode << 2 | unicode << 3 | unicode << 4 | s->hex) & ~hexadecimal;
    s->hex = unicode >> 63 | unicode >> 62 | unicode >> 61 | unicode >> 60;
    s->seen = CK_JSON_UNICODE;
}

// Whether the block before left something that only a block with backslashes asks for.
CK_JSON_INLINE uint64_t pending_escapes(const ck_json_state *s) { return s->backslash | s->has_escape | s->hex; }

// The closing quotes of strings with a backslash; strings are filled from the opening quote to before the closing one. A
// backslash, added to the ones of its string, carries into the closing quote.
CK_JSON_INLINE uint64_t escaped_ends(ck_json_state *s, uint64_t string, uint64_t backslash, uint64_t quote) {
    unsigned long long carry;
    const uint64_t sum = __builtin_addcll(string, backslash & string, s->has_escape, &carry);
    s->has_escape = carry;
    return sum & ~string & quote;
}

// ---------------------------------------------------------------- tokens

// 64, which is TZCNT's, where there is none.
CK_JSON_INLINE uint32_t trailing_zeros(uint64_t mask) { return mask == 0 ? 64 : (uint32_t)__builtin_ctzll(mask); }

// Writes where the bits of `mask` are; up to 63 words after the last one hold anything.
CK_JSON_INLINE void write_offsets(uint32_t *out, uint64_t mask, uint32_t base, unsigned count) {
#define CK_WRITE(i) out[i] = base + trailing_zeros(mask), mask &= mask - 1
    if (count == 0) {
        return;
    }
    CK_WRITE(0), CK_WRITE(1), CK_WRITE(2), CK_WRITE(3);
    if (count > 4) {
        CK_WRITE(4), CK_WRITE(5), CK_WRITE(6), CK_WRITE(7);
        if (count > 8) {
            CK_WRITE(8), CK_WRITE(9), CK_WRITE(10), CK_WRITE(11);
            for (unsigned i = 12; __builtin_expect(i < count, 0); i++) {
                CK_WRITE(i);
            }
        }
    }
#undef CK_WRITE
}

// The same where there are few: without a branch up to four.
CK_JSON_INLINE void write_visits(uint32_t *out, uint64_t mask, uint32_t base, unsigned count) {
    for (unsigned i = 0; i < 4; i++) {
        out[i] = base + trailing_zeros(mask);
        mask &= mask - 1;
    }
    for (unsigned i = 4; i < count; i++) {
        out[i] = base + trailing_zeros(mask);
        mask &= mask - 1;
    }
}

// ---------------------------------------------------------------- kinds

// Adds `count` tokens, whose kinds are the low bits of `more`; where the next full word goes.
CK_JSON_INLINE ck_json_kinds *add_kinds(ck_json_state *s, ck_json_kinds more, unsigned count, ck_json_kinds *out) {
    const uint64_t filled = s->kind_count;
    s->kinds.bracket |= more.bracket << filled;
    s->kinds.second |= more.second << filled;
    s->kinds.third |= more.third << filled;
    s->kind_count = filled + count;
    if (s->kind_count >= 64) {
        *out++ = s->kinds;
        // At least one went in: the shift by all 64 is two.
        const uint64_t in = 63 - filled;
        s->kinds.bracket = more.bracket >> in >> 1;
        s->kinds.second = more.second >> in >> 1;
        s->kinds.third = more.third >> in >> 1;
        s->kind_count -= 64;
    }
    return out;
}

// ---------------------------------------------------------------- numbers

// Each bit of `starts` goes on over ones to the first place at or after its own where `ones` has none, which the sum has as a bit;
// what goes on past the block is carried out.
CK_JSON_INLINE uint64_t over(uint64_t ones, uint64_t starts, uint64_t *out) {
    unsigned long long carry;
    const uint64_t sum = __builtin_addcll(ones, starts, 0, &carry);
    *out = carry;
    return sum & ~ones;
}

// Numbers that start in a block or go on in it, by the digits before the point and after it; where exponents begin. The masks have
// all bytes of their kind; `e` that in both cases.
CK_JSON_INLINE uint64_t numbers(ck_json_state *s, uint64_t scalar, uint64_t start, uint64_t digit, uint64_t zero,
                                uint64_t point, uint64_t minus, uint64_t e) {
    digit &= scalar;
    minus &= start;
    const uint64_t last = s->number;
    const uint64_t whole = minus << 1 | (last & CK_JSON_MINUS) | (start & digit);
    uint64_t wrong = whole & ~digit;
    zero &= whole;
    wrong |= (zero << 1 | (last / CK_JSON_ZERO & 1)) & digit;
    uint64_t whole_goes_on, fraction_goes_on;
    const uint64_t whole_ends = over(digit, whole | (last / CK_JSON_WHOLE & 1), &whole_goes_on);
    point &= whole_ends;
    const uint64_t fraction = point << 1 | (last / CK_JSON_POINT & 1);
    wrong |= fraction & ~digit;
    const uint64_t fraction_ends = over(digit, fraction | (last / CK_JSON_FRACTION & 1), &fraction_goes_on);
    s->number = minus >> 63 | whole_goes_on * CK_JSON_WHOLE | (zero >> 63) * CK_JSON_ZERO | (point >> 63) * CK_JSON_POINT |
        fraction_goes_on * CK_JSON_FRACTION;
    const uint64_t more = ((whole_ends & ~point) | fraction_ends) & scalar;
    s->errors |= wrong | (more & ~e);
    return more;
}

#endif
