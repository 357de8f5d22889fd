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

// Writes where the bits of `mask` are; up to 63 words after the last one hold anything.
CK_JSON_INLINE void write_offsets(uint32_t *out, uint64_t mask, uint32_t base, unsigned count) {
#define CK_WRITE(i) out[i] = base + (uint32_t)__builtin_ctzll(mask), mask &= mask - 1
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

// ---------------------------------------------------------------- grammar
//
// What goes over blanks, digits or anything else up to the next byte of interest is an addition: a bit, added where a run of ones
// begins, carries to the byte after the run, and out of the block where the run goes on.

CK_JSON_INLINE uint64_t over(uint64_t ones, uint64_t starts, uint64_t *out) {
    unsigned long long carry;
    const uint64_t sum = __builtin_addcll(ones, starts, 0, &carry);
    *out = carry;
    return sum;
}

// Which bytes are what, in strings too but for the first two.
typedef struct classes {
    uint64_t string, quote;  // from each opening quote to before the closing one; not escaped
    uint64_t blank, open, close, bit5, comma, colon;
} classes;

// All of the masks but what numbers add to them; the scalars, and where they start.
CK_JSON_INLINE uint64_t grammar(ck_json_state *s, classes c, ck_json_masks *out, uint64_t *scalars) {
    const uint64_t blank = c.blank & ~c.string, open = c.open & ~c.string, bracket = (c.open | c.close) & ~c.string;
    const uint64_t comma = c.comma & ~c.string, colon = c.colon & ~c.string;
    const uint64_t separator = bracket | comma | colon;
    const uint64_t scalar = ~(blank | separator | c.quote | c.string);
    const uint64_t start = scalar & ~(scalar << 1 | s->scalar);
    s->scalar = scalar >> 63;

    // Where a value must be, and where one is; instead of it there may be the end of an empty container.
    const uint64_t asks = comma | colon | open;
    uint64_t goes_on;
    const uint64_t expected = over(blank, asks << 1 | (s->settled ^ 1), &goes_on) & ~blank;
    s->settled = (asks >> 63 | goes_on) ^ 1;
    const uint64_t values = (c.quote & c.string) | start | open;
    const uint64_t empty = expected & ~values;
    uint64_t wrong = (values & ~expected) | (empty & ~c.close);
    uint64_t visit = empty & ~(open << 1 | s->opened);
    s->opened = open >> 63;

    const uint64_t closing = c.quote & ~c.string;
    visit |= colon & ~(closing << 1 | s->quoted);
    s->quoted = closing >> 63;

    const uint64_t members = comma | (open & c.bit5);
    const uint64_t after = over(~separator, members << 1 | s->separated, &goes_on) & separator;
    s->separated = members >> 63 | goes_on;
    wrong |= colon & ~after;
    s->errors |= wrong;

    out->blank = blank;
    out->bracket = bracket;
    out->open = open;
    out->brace = bracket & c.bit5;
    out->comma = comma;
    out->colon = colon;
    out->not_in_object = after & ~(colon | empty);
    out->visit = visit;
    out->word = start;
    *scalars = scalar;
    return start;
}

// Numbers, by the digits before the point and after it.
CK_JSON_INLINE void numbers(ck_json_state *s, ck_json_masks *out, uint64_t scalar, uint64_t start, uint64_t digit,
                            uint64_t zero, uint64_t point, uint64_t minus) {
    digit &= scalar;
    minus &= start;
    const uint64_t last = s->number;
    const uint64_t whole = minus << 1 | (last & CK_JSON_MINUS) | (start & digit);
    uint64_t wrong = whole & ~digit;
    zero &= whole;
    wrong |= (zero << 1 | (last / CK_JSON_ZERO & 1)) & digit;
    uint64_t whole_goes_on, fraction_goes_on;
    const uint64_t whole_ends = over(digit, whole | (last / CK_JSON_WHOLE & 1), &whole_goes_on) & ~digit;
    point &= whole_ends;
    const uint64_t fraction = point << 1 | (last / CK_JSON_POINT & 1);
    wrong |= fraction & ~digit;
    const uint64_t ends = over(digit, fraction | (last / CK_JSON_FRACTION & 1), &fraction_goes_on) & ~digit;
    s->number = minus >> 63 | whole_goes_on * CK_JSON_WHOLE | (zero >> 63) * CK_JSON_ZERO | (point >> 63) * CK_JSON_POINT |
        fraction_goes_on * CK_JSON_FRACTION;
    s->errors |= wrong;
    out->visit |= ((whole_ends & ~point) | ends) & scalar;
    out->word = start & ~(digit | minus);
}

#endif
