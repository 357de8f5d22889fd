// Tokens of JSON by the papers that json_index_avx2.c names. A block is loaded so that byte 4 i + k is lane i of register k: then
// four comparisons become 64 bits in order by shifts that insert, and the byte before another is mostly in another register.
#if defined(__aarch64__)
#include <arm_neon.h>

#include "json_block.h"

#define CK_ROW_INLINE __attribute__((always_inline)) static inline

typedef uint8x16x4_t block;

// Of bytes that are all ones or zero, a bit each.
CK_ROW_INLINE uint64_t bits(block x) {
    const uint8x16_t low = vsriq_n_u8(x.val[1], x.val[0], 1), high = vsriq_n_u8(x.val[3], x.val[2], 1);
    const uint8x16_t four = vsriq_n_u8(high, low, 2);
    // Four bits in the upper half of each byte, and again in the lower one: eight of two bytes are in the midst of the two.
    const uint8x8_t eight = vshrn_n_u16(vreinterpretq_u16_u8(vsriq_n_u8(four, four, 4)), 4);
    return vget_lane_u64(vreinterpret_u64_u8(eight), 0);
}

#define CK_EACH(x, expression)                               \
    ({                                                       \
        block result;                                        \
        for (int k = 0; k < 4; k++) {                        \
            const uint8x16_t byte = (x).val[k];              \
            result.val[k] = (expression);                    \
        }                                                    \
        result;                                              \
    })

CK_ROW_INLINE uint64_t equal(block x, uint8_t c) { return bits(CK_EACH(x, vceqq_u8(byte, vdupq_n_u8(c)))); }
CK_ROW_INLINE uint64_t with_bit(block x, uint8_t bit) { return bits(CK_EACH(x, vtstq_u8(byte, vdupq_n_u8(bit)))); }

CK_ROW_INLINE uint8x16_t low_half(uint8x16_t x) { return vandq_u8(x, vdupq_n_u8(15)); }

// Bytes that stand in the table at the place of their own low half, with the bits of `set` or without.
CK_ROW_INLINE uint64_t found(block x, uint8x16_t table, uint8_t set) {
    return bits(CK_EACH(x, vceqq_u8(vqtbl1q_u8(table, low_half(byte)), vorrq_u8(byte, vdupq_n_u8(set)))));
}

CK_ROW_INLINE uint64_t blank_bytes(block x) {
    const uint8x16_t table = {' ', 0, 0, 0, 0, 0, 0, 0, 0, '\t', '\n', 0, 0, '\r', 0, 0};
    return found(x, table, 0);
}

// Bit i: the number of set bits at or below i is odd.
CK_ROW_INLINE uint64_t prefix_xor(uint64_t x) {
    for (int shift = 1; shift < 64; shift *= 2) {
        x ^= x << shift;
    }
    return x;
}

CK_ROW_INLINE uint8x16_t utf8_faults(uint8x16_t x, uint8x16_t prev1, uint8x16_t prev2, uint8x16_t prev3) {
    static const char first_high[16] = {CK_UTF8_FIRST_HIGH}, first_low[16] = {CK_UTF8_FIRST_LOW};
    static const char second_high[16] = {CK_UTF8_SECOND_HIGH};
    const uint8x16_t special = vandq_u8(
        vandq_u8(vqtbl1q_u8(vld1q_u8((const uint8_t *)first_high), vshrq_n_u8(prev1, 4)),
                 vqtbl1q_u8(vld1q_u8((const uint8_t *)first_low), low_half(prev1))),
        vqtbl1q_u8(vld1q_u8((const uint8_t *)second_high), vshrq_n_u8(x, 4)));
    // The third byte of three or four, and the fourth of four, must be a continuation, which is what "two continuations" says.
    const uint8x16_t third = vqsubq_u8(prev2, vdupq_n_u8(0xe0 - 0x80)), fourth = vqsubq_u8(prev3, vdupq_n_u8(0xf0 - 0x80));
    return veorq_u8(vandq_u8(vorrq_u8(third, fourth), vdupq_n_u8(0x80)), special);
}

CK_ROW_INLINE uint64_t hexadecimal(block x) {
    return bits(CK_EACH(x, vorrq_u8(vcleq_u8(vsubq_u8(byte, vdupq_n_u8('0')), vdupq_n_u8(9)),
                                    vcleq_u8(vsubq_u8(vorrq_u8(byte, vdupq_n_u8(0x20)), vdupq_n_u8('a')), vdupq_n_u8(5)))));
}

CK_ROW_INLINE uint64_t may_be_escaped(block x) {
    const uint8x16_t by_high = {CK_ESCAPED_HIGH}, by_low = {CK_ESCAPED_LOW};
    return bits(CK_EACH(x, vtstq_u8(vqtbl1q_u8(by_high, vshrq_n_u8(byte, 4)), vqtbl1q_u8(by_low, low_half(byte)))));
}

// What a loop keeps of one block for the next. Of `before`, the last lanes count: the last three bytes.
typedef struct running {
    ck_json_state s;
    uint8x16_t before[4], faults;
    uint64_t pending;
} running;

CK_ROW_INLINE running start(const ck_json_state *state) {
    running r = {.s = *state, .faults = vdupq_n_u8(0)};
    for (int k = 0; k < 4; k++) {
        r.before[k] = vdupq_n_u8((uint8_t)state->utf8[k]);
    }
    r.pending = pending_escapes(state);
    return r;
}

CK_ROW_INLINE void finish(running r, ck_json_state *state) {
    for (int k = 0; k < 4; k++) {
        r.s.utf8[k] = vgetq_lane_u8(r.before[k], 15);
    }
    r.s.errors |= vmaxvq_u8(r.faults);
    *state = r.s;
}

// Checks a block's UTF-8 and strings; its quotes and strings, and the ends of strings with a backslash.
CK_ROW_INLINE uint64_t strings(running *r, block x, uint64_t *quotes, uint64_t *ends) {
    const uint8x16_t any = vorrq_u8(vorrq_u8(x.val[0], x.val[1]), vorrq_u8(x.val[2], x.val[3]));
    // The bytes before the first of four, of two and of one come from the block before.
    if (vmaxvq_u8(any) < 0x80) {
        // A block of ASCII only has to see that nothing was left open: 1111 xxxx in the last byte but two, 111x, 11xx.
        const uint8x16_t last = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff};
        const uint8x16_t open = vorrq_u8(vorrq_u8(vcgtq_u8(r->before[1], vdupq_n_u8(0xef)), vcgtq_u8(r->before[2], vdupq_n_u8(0xdf))),
                                         vcgtq_u8(r->before[3], vdupq_n_u8(0xbf)));
        r->faults = vorrq_u8(r->faults, vandq_u8(open, last));
    } else {
        const uint8x16_t last1 = vextq_u8(r->before[3], x.val[3], 15), last2 = vextq_u8(r->before[2], x.val[2], 15);
        const uint8x16_t last3 = vextq_u8(r->before[1], x.val[1], 15);
        uint8x16_t faults = utf8_faults(x.val[0], last1, last2, last3);
        faults = vorrq_u8(faults, utf8_faults(x.val[1], x.val[0], last1, last2));
        faults = vorrq_u8(faults, utf8_faults(x.val[2], x.val[1], x.val[0], last1));
        faults = vorrq_u8(faults, utf8_faults(x.val[3], x.val[2], x.val[1], x.val[0]));
        r->faults = vorrq_u8(r->faults, faults);
    }
    for (int k = 0; k < 4; k++) {
        r->before[k] = x.val[k];
    }

    const uint64_t backslash = equal(x, '\\');
    uint64_t quote = equal(x, '"');
    uint64_t string;
    if ((backslash | r->pending) == 0) {
        string = prefix_xor(quote) ^ r->s.in_string;
        *ends = 0;
    } else {
        const uint64_t escaped = escaped_bytes(backslash, &r->s.backslash);
        quote &= ~escaped;
        string = prefix_xor(quote) ^ r->s.in_string;
        r->s.errors |= escaped & string & ~may_be_escaped(x);
        const uint64_t unicode = escaped & string & equal(x, 'u');
        if ((unicode | r->s.hex) != 0) {
            take_unicode(&r->s, unicode, hexadecimal(x));
        }
        *ends = escaped_ends(&r->s, string, backslash, quote);
        r->pending = pending_escapes(&r->s);
    }
    r->s.in_string = (uint64_t)((int64_t)string >> 63);
    r->s.errors |= string & bits(CK_EACH(x, vcltq_u8(byte, vdupq_n_u8(' '))));
    *quotes = quote;
    return string;
}

// Operators are looked up with bit 5 set, which makes braces of the square brackets.
CK_ROW_INLINE uint64_t operator_bytes(block x) {
    const uint8x16_t table = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0};
    return found(x, table, 0x20);
}

size_t ck_json_index_neon(CK_JSON_INDEX_PARAMETERS) {
    running r = start(state);
    uint32_t *out = index;
    for (size_t i = 0; i < blocks; i++) {
        const block x = vld4q_u8(data + 64 * i);
        uint64_t quote;
        const uint64_t string = strings(&r, x, &quote, &escapes[i]);
        // Of the operators, brackets have bit 6.
        const uint64_t operators = operator_bytes(x), brackets = operators & with_bit(x, 0x40);
        const uint64_t scalar = ~(operators | blank_bytes(x) | quote);
        const uint64_t follows = scalar << 1 | r.s.scalar;
        r.s.scalar = scalar >> 63;
        r.s.separators += (uint64_t)__builtin_popcountll(operators & ~(brackets | string));
        const uint64_t tokens = quote | ((brackets | (scalar & ~follows)) & ~string);
        const unsigned count = (unsigned)__builtin_popcountll(tokens);
        write_offsets(out, tokens, (uint32_t)(64 * i), count);
        out += count;
    }
    finish(r, state);
    return (size_t)(out - index);
}

size_t ck_json_kinds_neon(CK_JSON_KINDS_PARAMETERS) {
    running r = start(state);
    ck_json_kinds *out = kinds;
    uint32_t *visit = visits;
    const uint64_t dense = state->dense != 0 ? UINT64_MAX : 0;
    uint64_t started = 0;
    for (size_t i = 0; i < blocks; i++) {
        const block x = vld4q_u8(data + 64 * i);
        uint64_t quote, ends;
        const uint64_t string = strings(&r, x, &quote, &ends);
        if (string == UINT64_MAX && quote == 0) {
            blanks[i] = 0;
            continue;
        }
        const uint64_t operators = operator_bytes(x) & ~string;
        // With bit 5 set, two control characters are taken for a comma and a colon.
        r.s.errors |= operators & bits(CK_EACH(x, vcltq_u8(byte, vdupq_n_u8(' '))));
        const uint64_t brackets = operators & with_bit(x, 0x40);
        const uint64_t colons = operators & equal(x, ':');
        const uint64_t blank = blank_bytes(x) & ~string;
        blanks[i] = blank;
        const uint64_t scalar = ~(operators | blank | quote | string);
        const uint64_t starts = scalar & ~(scalar << 1 | r.s.scalar);
        r.s.scalar = scalar >> 63;
        // Commas and closing brackets have bit 2, braces bit 5.
        const uint64_t second = colons | (operators & with_bit(x, 4));
        const uint64_t third = colons | (brackets & with_bit(x, 0x20)) | (quote & string);
        ck_json_kinds more = {0, 0, 0};
        unsigned count = 0;
        for (uint64_t left = operators | (quote & string) | starts; left != 0; left &= left - 1, count++) {
            const uint32_t at = trailing_zeros(left);
            more.bracket |= (brackets >> at & 1) << count;
            more.second |= (second >> at & 1) << count;
            more.third |= (third >> at & 1) << count;
        }
        out = add_kinds(&r.s, more, count, out);

        uint64_t look = starts;
        if ((dense | r.s.number) != 0) {
            const uint64_t digit = bits(CK_EACH(x, vcleq_u8(vsubq_u8(byte, vdupq_n_u8('0')), vdupq_n_u8(9))));
            const uint64_t minus = equal(x, '-'), e = equal(x, 'e') | equal(x, 'E');
            look &= ~(dense & (digit | minus));
            look |= numbers(&r.s, scalar, starts & dense, digit, equal(x, '0'), equal(x, '.'), minus, e);
        }
        const unsigned visited = (unsigned)__builtin_popcountll(look);
        write_visits(visit, look, (uint32_t)(64 * i), visited);
        visit += visited;
        started += (uint64_t)__builtin_popcountll(starts);
    }
    finish(r, state);
    state->starts = started;
    state->visits = (uint64_t)(visit - visits);
    return (size_t)(out - kinds);
}
#endif
