// Tokens of JSON by G. Langdale, D. Lemire, "Parsing Gigabytes of JSON per Second", VLDB Journal 28, 2019; UTF-8 by J. Keiser,
// D. Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte", Software: Practice and Experience 51, 2021.
#if defined(__x86_64__)
#include <immintrin.h>

#include "CKernels.h"

#define CK_ROW __attribute__((target("avx2,bmi,bmi2,pclmul,popcnt,lzcnt")))
#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

typedef struct block {
    __m256i low, high;
} block;

CK_ROW_INLINE uint64_t bits(__m256i low, __m256i high) {
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

CK_ROW_INLINE uint64_t equal(block x, char byte) {
    const __m256i all = _mm256_set1_epi8(byte);
    return bits(_mm256_cmpeq_epi8(x.low, all), _mm256_cmpeq_epi8(x.high, all));
}

CK_ROW_INLINE __m256i both_halves(__m128i table) { return _mm256_broadcastsi128_si256(table); }

// Bytes that stand in the table at the place of their own low half.
CK_ROW_INLINE uint64_t found(block x, __m256i table) {
    return bits(_mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, x.low), x.low),
                _mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, x.high), x.high));
}

CK_ROW_INLINE __m256i high_half(__m256i x) { return _mm256_and_si256(_mm256_srli_epi16(x, 4), _mm256_set1_epi8(15)); }

// Bit i: the number of set bits at or below i is odd. A carry-less product with all ones.
CK_ROW_INLINE uint64_t prefix_xor(uint64_t x) {
    const __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)x), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

// ---------------------------------------------------------------- UTF-8: section 6 of the second paper

enum {
    TOO_SHORT = 1 << 0, TOO_LONG = 1 << 1, OVERLONG_3 = 1 << 2, TOO_LARGE = 1 << 3,
    SURROGATE = 1 << 4, OVERLONG_2 = 1 << 5, TOO_LARGE_1000 = 1 << 6, OVERLONG_4 = 1 << 6, TWO_CONTINUATIONS = 1 << 7,
    CARRY = TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS
};

CK_ROW_INLINE __m256i utf8_faults(__m256i x, __m256i before) {
    const __m256i first_high = both_halves(_mm_setr_epi8(
        TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
        (char)TWO_CONTINUATIONS, (char)TWO_CONTINUATIONS, (char)TWO_CONTINUATIONS, (char)TWO_CONTINUATIONS,
        TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE,
        TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4));
    const __m256i first_low = both_halves(_mm_setr_epi8(
        (char)(CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4), (char)(CARRY | OVERLONG_2), (char)CARRY, (char)CARRY,
        (char)(CARRY | TOO_LARGE), (char)(CARRY | TOO_LARGE | TOO_LARGE_1000), (char)(CARRY | TOO_LARGE | TOO_LARGE_1000),
        (char)(CARRY | TOO_LARGE | TOO_LARGE_1000), (char)(CARRY | TOO_LARGE | TOO_LARGE_1000),
        (char)(CARRY | TOO_LARGE | TOO_LARGE_1000), (char)(CARRY | TOO_LARGE | TOO_LARGE_1000),
        (char)(CARRY | TOO_LARGE | TOO_LARGE_1000), (char)(CARRY | TOO_LARGE | TOO_LARGE_1000),
        (char)(CARRY | TOO_LARGE | TOO_LARGE_1000 | SURROGATE), (char)(CARRY | TOO_LARGE | TOO_LARGE_1000),
        (char)(CARRY | TOO_LARGE | TOO_LARGE_1000)));
    const __m256i second_high = both_halves(_mm_setr_epi8(
        TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
        (char)(TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4),
        (char)(TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | TOO_LARGE),
        (char)(TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | SURROGATE | TOO_LARGE),
        (char)(TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | SURROGATE | TOO_LARGE),
        TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT));
    const __m256i shifted = _mm256_permute2x128_si256(before, x, 0x21);
    const __m256i prev1 = _mm256_alignr_epi8(x, shifted, 15);
    const __m256i prev2 = _mm256_alignr_epi8(x, shifted, 14);
    const __m256i prev3 = _mm256_alignr_epi8(x, shifted, 13);
    const __m256i special = _mm256_and_si256(
        _mm256_and_si256(_mm256_shuffle_epi8(first_high, high_half(prev1)),
                         _mm256_shuffle_epi8(first_low, _mm256_and_si256(prev1, _mm256_set1_epi8(15)))),
        _mm256_shuffle_epi8(second_high, high_half(x)));
    // The third byte of three or four, and the fourth of four, must be a continuation, which is what "two continuations" says.
    const __m256i third = _mm256_subs_epu8(prev2, _mm256_set1_epi8((char)(0xe0 - 0x80)));
    const __m256i fourth = _mm256_subs_epu8(prev3, _mm256_set1_epi8((char)(0xf0 - 0x80)));
    const __m256i must = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(must, special);
}

// ---------------------------------------------------------------- escapes

// The bytes that a backslash escapes, and the backslashes that do so: backslashes alternate from the start of each run.
CK_ROW_INLINE uint64_t escaped_bytes(uint64_t backslash, uint64_t *carry) {
    const uint64_t odd = 0xaaaaaaaaaaaaaaaau;
    const uint64_t potential = backslash & ~*carry;
    const uint64_t maybe = (potential << 1 | odd) - potential;
    const uint64_t code = maybe ^ odd;
    const uint64_t escaped = code ^ (backslash | *carry);
    *carry = (code & backslash) >> 63;
    return escaped;
}

CK_ROW_INLINE uint64_t hexadecimal(block x) {
    const __m256i zero = _mm256_set1_epi8('0'), a = _mm256_set1_epi8('a'), lower = _mm256_set1_epi8(0x20);
    const __m256i nine = _mm256_set1_epi8(9), five = _mm256_set1_epi8(5);
    __m256i d0 = _mm256_sub_epi8(x.low, zero), d1 = _mm256_sub_epi8(x.high, zero);
    __m256i l0 = _mm256_sub_epi8(_mm256_or_si256(x.low, lower), a), l1 = _mm256_sub_epi8(_mm256_or_si256(x.high, lower), a);
    d0 = _mm256_cmpeq_epi8(_mm256_min_epu8(d0, nine), d0);
    d1 = _mm256_cmpeq_epi8(_mm256_min_epu8(d1, nine), d1);
    l0 = _mm256_cmpeq_epi8(_mm256_min_epu8(l0, five), l0);
    l1 = _mm256_cmpeq_epi8(_mm256_min_epu8(l1, five), l1);
    return bits(_mm256_or_si256(d0, l0), _mm256_or_si256(d1, l1));
}

// The characters that may follow a backslash, each in the one row and column where both halves have a bit in common.
CK_ROW_INLINE uint64_t may_be_escaped(block x) {
    const __m256i by_high = both_halves(_mm_setr_epi8(0, 0, 1, 0, 0, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0));
    const __m256i by_low = both_halves(_mm_setr_epi8(0, 0, 1 | 4 | 8, 0, 8, 8, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1));
    const __m256i none = _mm256_setzero_si256();
    const __m256i low = _mm256_and_si256(_mm256_shuffle_epi8(by_high, high_half(x.low)), _mm256_shuffle_epi8(by_low, x.low));
    const __m256i high = _mm256_and_si256(_mm256_shuffle_epi8(by_high, high_half(x.high)), _mm256_shuffle_epi8(by_low, x.high));
    return ~bits(_mm256_cmpeq_epi8(low, none), _mm256_cmpeq_epi8(high, none));
}

// ---------------------------------------------------------------- index

CK_ROW_INLINE void write_offsets(uint32_t *out, uint64_t mask, uint32_t base, unsigned count) {
#define CK_WRITE(i) out[i] = base + (uint32_t)_tzcnt_u64(mask), mask = _blsr_u64(mask)
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

CK_ROW size_t ck_json_index_avx2(CK_JSON_INDEX_PARAMETERS) {
    // White space and operators, each at the place of its low half; the rest holds what has another low half. Operators are
    // looked up with bit 5 set, which makes braces of the square brackets.
    const __m256i space_table = both_halves(_mm_setr_epi8(' ', 0, 0, 0, 0, 0, 0, 0, 0, '\t', '\n', 0, 0, '\r', 0, 0));
    const __m256i operator_table = both_halves(_mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0));
    const __m256i bit5 = _mm256_set1_epi8(0x20);
    ck_json_state s = *state;
    __m256i before = _mm256_loadu_si256((const __m256i *)s.utf8);
    __m256i faults = _mm256_setzero_si256();
    uint64_t unicode = 0;
    uint32_t *out = index;
    for (size_t i = 0; i < blocks; i++) {
        const uint8_t *at = data + 64 * i;
        const block x = {_mm256_loadu_si256((const __m256i *)at), _mm256_loadu_si256((const __m256i *)(at + 32))};

        // UTF-8: a block of ASCII only has to see that nothing was left open before it.
        if (__builtin_expect(_mm256_movemask_epi8(_mm256_or_si256(x.low, x.high)) == 0, 1)) {
            // 1111 xxxx in the last byte but two, 111x xxxx in the last but one, 11xx xxxx in the last.
            const __m256i limit = _mm256_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
                -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, (char)0xef, (char)0xdf, (char)0xbf);
            faults = _mm256_or_si256(faults, _mm256_subs_epu8(before, limit));
        } else {
            faults = _mm256_or_si256(faults, utf8_faults(x.low, before));
            faults = _mm256_or_si256(faults, utf8_faults(x.high, x.low));
        }
        before = x.high;

        const uint64_t backslash = equal(x, '\\');
        uint64_t quote = equal(x, '"');
        uint64_t string;
        if (__builtin_expect((backslash | s.backslash) == 0, 1)) {
            string = prefix_xor(quote) ^ s.in_string;
        } else {
            const uint64_t escaped = escaped_bytes(backslash, &s.backslash);
            quote &= ~escaped;
            string = prefix_xor(quote) ^ s.in_string;
            s.errors |= escaped & string & ~may_be_escaped(x);
            unicode = escaped & string & equal(x, 'u');
        }
        s.in_string = (uint64_t)((int64_t)string >> 63);
        if (__builtin_expect((unicode | s.hex) != 0, 0)) {
            s.errors |= (unicode << 1 | unicode << 2 | unicode << 3 | unicode << 4 | s.hex) & ~hexadecimal(x);
            s.hex = unicode >> 63 | unicode >> 62 | unicode >> 61 | unicode >> 60;
            s.seen = CK_JSON_UNICODE;
            unicode = 0;
        }
        // A backslash, added to the ones of its string, carries into the closing quote.
        unsigned long long carry;
        escapes[i] = __builtin_addcll(string, backslash & string, s.has_escape, &carry) & ~string & quote;
        s.has_escape = carry;

        const __m256i low5 = _mm256_or_si256(x.low, bit5), high5 = _mm256_or_si256(x.high, bit5);
        const uint64_t operators = bits(_mm256_cmpeq_epi8(_mm256_shuffle_epi8(operator_table, x.low), low5),
                                        _mm256_cmpeq_epi8(_mm256_shuffle_epi8(operator_table, x.high), high5));
        // Of the operators, brackets have bit 6 set.
        const uint64_t bit6 = bits(_mm256_slli_epi16(x.low, 1), _mm256_slli_epi16(x.high, 1));
        const uint64_t spaces = found(x, space_table);
        const uint64_t scalar = ~(operators | spaces | quote);
        const uint64_t follows = scalar << 1 | s.scalar;
        s.scalar = scalar >> 63;
        blanks[i] = spaces & ~string;

        // Below the space: unsigned, x <= 31.
        const __m256i control = _mm256_set1_epi8(31);
        s.errors |= string & bits(_mm256_cmpeq_epi8(_mm256_min_epu8(x.low, control), x.low),
                                  _mm256_cmpeq_epi8(_mm256_min_epu8(x.high, control), x.high));

        s.separators += (uint64_t)_mm_popcnt_u64(operators & ~(bit6 | string));
        const uint64_t tokens = quote | (((operators & bit6) | (scalar & ~follows)) & ~string);
        const unsigned count = (unsigned)_mm_popcnt_u64(tokens);
        write_offsets(out, tokens, (uint32_t)(64 * i), count);
        out += count;
    }
    _mm256_storeu_si256((__m256i *)s.utf8, before);
    s.errors |= !_mm256_testz_si256(faults, faults);
    *state = s;
    return (size_t)(out - index);
}
#endif
