// What the rows for AVX2 share: blocks of 64 bytes as two vectors, and masks of them.
#ifndef CK_JSON_AVX2_H
#define CK_JSON_AVX2_H

#include <immintrin.h>

#include "json_block.h"

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

CK_ROW_INLINE __m256i high_half(__m256i x) { return _mm256_and_si256(_mm256_srli_epi16(x, 4), _mm256_set1_epi8(15)); }

// Bit i: the number of set bits at or below i is odd. A carry-less product with all ones.
CK_ROW_INLINE uint64_t prefix_xor(uint64_t x) {
    const __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)x), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

CK_ROW_INLINE __m256i utf8_faults(__m256i x, __m256i before) {
    const __m256i first_high = both_halves(_mm_setr_epi8(CK_UTF8_FIRST_HIGH));
    const __m256i first_low = both_halves(_mm_setr_epi8(CK_UTF8_FIRST_LOW));
    const __m256i second_high = both_halves(_mm_setr_epi8(CK_UTF8_SECOND_HIGH));
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

CK_ROW_INLINE uint64_t may_be_escaped(block x) {
    const __m256i by_high = both_halves(_mm_setr_epi8(CK_ESCAPED_HIGH));
    const __m256i by_low = both_halves(_mm_setr_epi8(CK_ESCAPED_LOW));
    const __m256i none = _mm256_setzero_si256();
    const __m256i low = _mm256_and_si256(_mm256_shuffle_epi8(by_high, high_half(x.low)), _mm256_shuffle_epi8(by_low, x.low));
    const __m256i high = _mm256_and_si256(_mm256_shuffle_epi8(by_high, high_half(x.high)), _mm256_shuffle_epi8(by_low, x.high));
    return ~bits(_mm256_cmpeq_epi8(low, none), _mm256_cmpeq_epi8(high, none));
}

// Bytes that stand in the table at the place of their own low half, with the bits of `set` or without.
CK_ROW_INLINE uint64_t found(block x, __m256i table, __m256i set) {
    return bits(_mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, x.low), _mm256_or_si256(x.low, set)),
                _mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, x.high), _mm256_or_si256(x.high, set)));
}

CK_ROW_INLINE uint64_t blank_bytes(block x) {
    const __m256i table = both_halves(_mm_setr_epi8(' ', 0, 0, 0, 0, 0, 0, 0, 0, '\t', '\n', 0, 0, '\r', 0, 0));
    return found(x, table, _mm256_setzero_si256());
}

// Unsigned, all bytes: x <= most.
CK_ROW_INLINE uint64_t at_most(block x, uint8_t most) {
    const __m256i all = _mm256_set1_epi8((char)most);
    return bits(_mm256_cmpeq_epi8(_mm256_min_epu8(x.low, all), x.low), _mm256_cmpeq_epi8(_mm256_min_epu8(x.high, all), x.high));
}

// Bytes beyond the control characters: 32 and more go into the upper half, 255 stays there.
CK_ROW_INLINE uint64_t no_control(block x) {
    __m256i up = _mm256_set1_epi8(128 - 32);
    __asm__("" : "+x"(up));  // or it is made two comparisons
    return bits(_mm256_adds_epu8(x.low, up), _mm256_adds_epu8(x.high, up));
}

// What a loop keeps of one block for the next.
typedef struct running {
    ck_json_state s;
    __m256i before, faults;
    uint64_t pending;
} running;

CK_ROW_INLINE running start(const ck_json_state *state) {
    running r = {.s = *state, .faults = _mm256_setzero_si256()};
    r.before = _mm256_loadu_si256((const __m256i *)state->utf8);
    r.pending = pending_escapes(state);
    return r;
}

CK_ROW_INLINE void finish(running r, ck_json_state *state) {
    _mm256_storeu_si256((__m256i *)r.s.utf8, r.before);
    r.s.errors |= !_mm256_testz_si256(r.faults, r.faults);
    *state = r.s;
}

// Of a character that the bytes before leave open: 1111 xxxx in the last byte but two, 111x xxxx in the last but one, 11xx xxxx in
// the last.
CK_ROW_INLINE __m256i left_open(__m256i before) {
    return _mm256_subs_epu8(before, _mm256_setr_epi32(-1, -1, -1, -1, -1, -1, -1, (int)0xbfdfefffu));
}

// Checks a block's UTF-8.
CK_ROW_INLINE void check_utf8(running *r, block x) {
    // A block of ASCII only has to see that nothing was left open before it.
    if (_mm256_movemask_epi8(_mm256_or_si256(x.low, x.high)) == 0) {
        r->faults = _mm256_or_si256(r->faults, left_open(r->before));
    } else {
        r->faults = _mm256_or_si256(r->faults, utf8_faults(x.low, r->before));
        r->faults = _mm256_or_si256(r->faults, utf8_faults(x.high, x.low));
    }
    r->before = x.high;
}

// A block's strings, quotes, and ends of strings with a backslash, where there may be backslashes.
CK_ROW_INLINE uint64_t escaped_strings(running *r, block x, uint64_t backslash, uint64_t *quotes, uint64_t *ends) {
    if ((backslash | r->s.backslash | r->s.hex) == 0) {
        // The first quote closes what goes on.
        *ends = *quotes & (0 - *quotes);
        r->s.has_escape = *quotes == 0;
        r->pending = r->s.has_escape;
        return prefix_xor(*quotes) ^ r->s.in_string;
    }
    const uint64_t escaped = escaped_bytes(backslash, &r->s.backslash);
    const uint64_t quote = *quotes & ~escaped, string = prefix_xor(quote) ^ r->s.in_string;
    r->s.errors |= escaped & string & ~may_be_escaped(x);
    const uint64_t unicode = escaped & string & equal(x, 'u');
    if ((unicode | r->s.hex) != 0) {
        take_unicode(&r->s, unicode, hexadecimal(x));
    }
    *ends = escaped_ends(&r->s, string, backslash, quote);
    *quotes = quote;
    r->pending = pending_escapes(&r->s);
    return string;
}

// Checks a block's strings, but for UTF-8; its quotes and strings, and the ends of strings with a backslash.
CK_ROW_INLINE uint64_t strings(running *r, block x, uint64_t *quotes, uint64_t *ends) {
    const __m256i slash = _mm256_set1_epi8('\\');
    const __m256i low = _mm256_cmpeq_epi8(x.low, slash), high = _mm256_cmpeq_epi8(x.high, slash);
    *quotes = equal(x, '"');
    uint64_t string;
    if (((uint32_t)_mm256_movemask_epi8(_mm256_or_si256(low, high)) | r->pending) == 0) {
        string = prefix_xor(*quotes) ^ r->s.in_string;
        *ends = 0;
    } else {
        string = escaped_strings(r, x, bits(low, high), quotes, ends);
    }
    r->s.in_string = (uint64_t)((int64_t)string >> 63);
    r->s.errors |= string & ~no_control(x);
    return string;
}

// Bytes that have a bit set.
#define CK_WITH_BIT(x, bit) bits(_mm256_slli_epi16((x).low, 7 - (bit)), _mm256_slli_epi16((x).high, 7 - (bit)))

#endif
