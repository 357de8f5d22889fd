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

// Bits that the halves of a byte have in common: by a table for the upper and one for the lower, in each half of a vector.
CK_ROW_INLINE block classes(block x, __m256i by_high, __m256i by_low) {
    return (block){_mm256_and_si256(_mm256_shuffle_epi8(by_high, high_half(x.low)), _mm256_shuffle_epi8(by_low, x.low)),
                   _mm256_and_si256(_mm256_shuffle_epi8(by_high, high_half(x.high)), _mm256_shuffle_epi8(by_low, x.high))};
}

CK_ROW_INLINE uint64_t may_be_escaped(block x) {
    const __m256i none = _mm256_setzero_si256();
    const block c = classes(x, both_halves(_mm_setr_epi8(CK_ESCAPED_HIGH)), both_halves(_mm_setr_epi8(CK_ESCAPED_LOW)));
    return ~bits(_mm256_cmpeq_epi8(c.low, none), _mm256_cmpeq_epi8(c.high, none));
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

// ---------------------------------------------------------------- UTF-8, after the rest of a strip

// Blocks of a strip. Its blocks with bytes beyond ASCII are listed, so that no branch depends on which they are.
enum { CK_STRIP = 32 };

// Of a character that the bytes before leave open: 1111 xxxx in the last byte but two, 111x xxxx in the last but one, 11xx xxxx in
// the last.
CK_ROW_INLINE __m256i left_open(__m256i before) {
    return _mm256_subs_epu8(before, _mm256_setr_epi32(-1, -1, -1, -1, -1, -1, -1, (int)0xbfdfefffu));
}

CK_ROW __attribute__((noinline)) static __m256i strip_faults(const uint8_t *data, size_t blocks, const __m256i *before) {
    uint32_t list[CK_STRIP + 1];
    size_t listed = 0;
    for (size_t i = 0; i < blocks; i++) {
        const __m256i *at = (const __m256i *)(data + 64 * i);
        list[listed] = (uint32_t)i;
        listed += _mm256_movemask_epi8(_mm256_or_si256(_mm256_loadu_si256(at), _mm256_loadu_si256(at + 1))) != 0;
    }
    list[listed] = (uint32_t)blocks;
    __m256i faults = _mm256_setzero_si256();
    if (list[0] != 0) {
        faults = left_open(*before);
    }
    for (size_t k = 0; k < listed; k++) {
        const __m256i *at = (const __m256i *)(data + 64 * (size_t)list[k]);
        const block x = {_mm256_loadu_si256(at), _mm256_loadu_si256(at + 1)};
        faults = _mm256_or_si256(faults, utf8_faults(x.low, _mm256_loadu_si256(list[k] == 0 ? before : at - 1)));
        faults = _mm256_or_si256(faults, utf8_faults(x.high, x.low));
        // What is left open, a block of ASCII does not go on with.
        const __m256i next = _mm256_set1_epi32((int)list[k + 1]), here = _mm256_set1_epi32((int)list[k]);
        const __m256i goes_on = _mm256_cmpeq_epi32(next, _mm256_add_epi32(here, _mm256_set1_epi32(1)));
        faults = _mm256_or_si256(faults, _mm256_andnot_si256(goes_on, left_open(x.high)));
    }
    return faults;
}

// Checks the UTF-8 of up to CK_STRIP blocks; `any` has the bits of all their bytes.
CK_ROW_INLINE void check_utf8(running *r, __m256i any, const uint8_t *data, size_t blocks) {
    const __m256i faults = _mm256_movemask_epi8(any) == 0 ? left_open(r->before) : strip_faults(data, blocks, &r->before);
    r->faults = _mm256_or_si256(r->faults, faults);
    r->before = _mm256_loadu_si256((const __m256i *)(data + 64 * blocks - 32));
}

// ---------------------------------------------------------------- strings

// What a string that goes on needs of the blocks after this one; has_escape where the ends of strings are asked for.
CK_ROW_INLINE void keep_pending(running *r, const uint64_t *ends) {
    r->pending = r->s.backslash | r->s.hex | (ends != NULL ? r->s.has_escape : 0);
}

// A block's strings, quotes, and ends of strings with a backslash, where there may be backslashes.
CK_ROW_INLINE uint64_t escaped_strings(running *r, block x, uint64_t backslash, uint64_t *quotes, uint64_t *ends) {
    if (ends != NULL && (backslash | r->s.backslash | r->s.hex) == 0) {
        // The first quote closes what goes on.
        *ends = *quotes & (0 - *quotes);
        r->s.has_escape = *quotes == 0;
        keep_pending(r, ends);
        return prefix_xor(*quotes) ^ r->s.in_string;
    }
    const uint64_t escaped = escaped_bytes(backslash, &r->s.backslash);
    const uint64_t quote = *quotes & ~escaped, string = prefix_xor(quote) ^ r->s.in_string;
    // Outside strings nothing is escaped.
    r->s.errors |= escaped & ~(string & may_be_escaped(x));
    const uint64_t unicode = escaped & string & equal(x, 'u');
    if ((unicode | r->s.hex) != 0) {
        take_unicode(&r->s, unicode, hexadecimal(x));
    }
    if (ends != NULL) {
        *ends = escaped_ends(&r->s, string, backslash, quote);
    }
    *quotes = quote;
    keep_pending(r, ends);
    return string;
}

// Checks a block's strings, but for UTF-8; its quotes and strings, and, unless it is null, the ends of strings with a backslash.
CK_ROW_INLINE uint64_t string_masks(running *r, block x, uint64_t *quotes, uint64_t *ends) {
    const __m256i slash = _mm256_set1_epi8('\\');
    const __m256i low = _mm256_cmpeq_epi8(x.low, slash), high = _mm256_cmpeq_epi8(x.high, slash);
    *quotes = equal(x, '"');
    uint64_t string;
    if (((uint32_t)_mm256_movemask_epi8(_mm256_or_si256(low, high)) | r->pending) == 0) {
        string = prefix_xor(*quotes) ^ r->s.in_string;
        if (ends != NULL) {
            *ends = 0;
        }
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
