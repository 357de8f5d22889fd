// Tokens of JSON by G. Langdale, D. Lemire, "Parsing Gigabytes of JSON per Second", VLDB Journal 28, 2019; UTF-8 by J. Keiser,
// D. Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte", Software: Practice and Experience 51, 2021.
#if defined(__x86_64__)
#include "json_avx2.h"

// What a byte is, for `classes`: a bracket is 128, a comma 32, a colon 16, white space and quotes are less.
#define CK_CLASS_HIGH 2, 0, 1 | 32, 16, 0, (char)128, 0, (char)128, 0, 0, 0, 0, 0, 0, 0, 0
#define CK_CLASS_LOW 1, 0, 1, 0, 0, 0, 0, 0, 0, 2, 2 | 16, (char)128, 32, (char)(2 | 128), 0, 0

// The tokens of a block, and where it is.
typedef struct found_tokens {
    uint64_t mask;
    size_t place;
} found_tokens;

// Writes where they are; how many. Up to four words after the last one hold anything.
CK_ROW_INLINE size_t write_places(uint32_t *out, found_tokens from) {
    uint64_t mask = from.mask;
    const uint32_t base = (uint32_t)from.place;
    const size_t count = (size_t)_mm_popcnt_u64(mask);
#define CK_WRITE(i) out[i] = base + trailing_zeros(mask), mask &= mask - 1
#define CK_WRITE_4(i) CK_WRITE(i), CK_WRITE((i) + 1), CK_WRITE((i) + 2), CK_WRITE((i) + 3)
    CK_WRITE_4(0);
    if (count > 4) {
        CK_WRITE_4(4);
    }
    if (count > 8) {
        CK_WRITE_4(8);
    }
    for (size_t i = 12; i < count; i += 4) {
        CK_WRITE_4(i);
    }
#undef CK_WRITE_4
#undef CK_WRITE
    return count;
}

CK_ROW size_t ck_json_index_avx2(CK_JSON_INDEX_PARAMETERS) {
    const __m256i by_high = both_halves(_mm_setr_epi8(CK_CLASS_HIGH)), by_low = both_halves(_mm_setr_epi8(CK_CLASS_LOW));
    const __m256i none = _mm256_setzero_si256(), small = _mm256_set1_epi8(15);
    running r = start(state);
    uint32_t *out = index;
    found_tokens list[CK_STRIP];
    for (size_t first = 0; first < blocks; first += CK_STRIP) {
        const size_t count = blocks - first < CK_STRIP ? blocks - first : CK_STRIP;
        const size_t end = 64 * (first + count);
        uint64_t *ends = escapes + first;
        found_tokens *next = list;
        __m256i any = none;
        for (size_t at = 64 * first; at != end; at += 64) {
            const __m256i *bytes = (const __m256i *)(data + at);
            const block x = {_mm256_loadu_si256(bytes), _mm256_loadu_si256(bytes + 1)};
            any = _mm256_or_si256(any, _mm256_or_si256(x.low, x.high));
            uint64_t quote;
            const uint64_t string = string_masks(&r, x, &quote, ends++);
            if (string == UINT64_MAX && quote == 0) {
                r.s.scalar = 0;
                continue;
            }
            const block c = classes(x, by_high, by_low);
            const uint64_t scalar = bits(_mm256_cmpeq_epi8(c.low, none), _mm256_cmpeq_epi8(c.high, none));
            const uint64_t follows = (scalar << 1) + r.s.scalar;
            r.s.scalar = scalar >> 63;
            const uint64_t separators = bits(_mm256_cmpgt_epi8(c.low, small), _mm256_cmpgt_epi8(c.high, small));
            r.s.separators += (uint64_t)_mm_popcnt_u64(separators & ~string);
            *next++ = (found_tokens){quote | ((bits(c.low, c.high) | (scalar & ~follows)) & ~string), at};
        }
        check_utf8(&r, any, data + 64 * first, count);
        for (const found_tokens *from = list; from != next; from++) {
            out += write_places(out, *from);
        }
    }
    finish(r, state);
    return (size_t)(out - index);
}

// The same where there are few: without a branch up to two.
CK_ROW_INLINE void write_few(uint32_t *out, uint64_t mask, uint32_t base) {
    out[0] = base + trailing_zeros(mask), mask &= mask - 1;
    out[1] = base + trailing_zeros(mask), mask &= mask - 1;
    for (out += 2; mask != 0; out++) {
        *out = base + trailing_zeros(mask), mask &= mask - 1;
    }
}

// The same with the second of a kind, 2, and the third, 1, which some bytes of numbers and words have as well: those have no more.
#define CK_KIND_HIGH 4, 0, 8 | 16 | 2, 32 | 2 | 1, 0, (char)(128 | 2), 0, (char)(128 | 2 | 1), 0, 0, 0, 0, 0, 0, 0, 0
#define CK_KIND_LOW 8, 0, 8, 0, 0, 0, 0, 0, 0, 4, 4 | 32 | 2 | 1, (char)(128 | 1), 16 | 2, (char)(4 | 128 | 2 | 1), 0, 0

CK_ROW size_t ck_json_kinds_avx2(CK_JSON_KINDS_PARAMETERS) {
    const __m256i by_high = both_halves(_mm_setr_epi8(CK_KIND_HIGH)), by_low = both_halves(_mm_setr_epi8(CK_KIND_LOW));
    const __m256i bit5 = _mm256_set1_epi8(0x20), zero = _mm256_set1_epi8('0'), exact = _mm256_set1_epi8(4);
    running r = start(state);
    ck_json_kinds *out = kinds;
    uint32_t *visit = visits;
    const uint64_t dense = state->dense != 0 ? UINT64_MAX : 0;
    uint64_t started = 0;
    for (size_t first = 0; first < blocks; first += CK_STRIP) {
        const size_t end = blocks - first < CK_STRIP ? blocks : first + CK_STRIP;
        __m256i any = _mm256_setzero_si256();
        for (size_t i = first; i < end; i++) {
            const __m256i *bytes = (const __m256i *)(data + 64 * i);
            const block x = {_mm256_loadu_si256(bytes), _mm256_loadu_si256(bytes + 1)};
            any = _mm256_or_si256(any, _mm256_or_si256(x.low, x.high));
            uint64_t quote;
            const uint64_t string = string_masks(&r, x, &quote, NULL);
            if (string == UINT64_MAX && quote == 0) {
                blanks[i] = 0;
                r.s.scalar = 0;
                continue;
            }
            const block c = classes(x, by_high, by_low);
            const uint64_t bracket = bits(c.low, c.high);
            // Brackets are below zero.
            const uint64_t other = bits(_mm256_cmpgt_epi8(exact, c.low), _mm256_cmpgt_epi8(exact, c.high)) & ~bracket;
            const uint64_t outside = ~(other | string);
            const uint64_t brackets = bracket & ~string;
            const uint64_t second = CK_WITH_BIT(c, 1) & outside;
            const uint64_t third = CK_WITH_BIT(c, 0) & outside;
            const uint64_t operators = brackets | second;
            blanks[i] = outside & ~(operators | quote);
            const uint64_t scalar = other & ~string;
            const uint64_t starts = scalar & ~((scalar << 1) + r.s.scalar);
            r.s.scalar = scalar >> 63;
            const uint64_t opening = quote & string, tokens = operators | opening | starts;
            const ck_json_kinds more = {_pext_u64(brackets, tokens), _pext_u64(second, tokens),
                                        _pext_u64(third | opening, tokens)};
            out = add_kinds(&r.s, more, (unsigned)_mm_popcnt_u64(tokens), out);

            // Where there are few numbers, a branch for each block that has one costs more than to visit them.
            uint64_t look = starts;
            if ((dense | r.s.number) != 0) {
                const block digits = {_mm256_sub_epi8(x.low, zero), _mm256_sub_epi8(x.high, zero)};
                const block braced = {_mm256_or_si256(x.low, bit5), _mm256_or_si256(x.high, bit5)};
                const uint64_t digit = at_most(digits, 9), minus = equal(x, '-');
                look &= ~(dense & (digit | minus));
                look |= numbers(&r.s, scalar, starts & dense, digit, equal(x, '0'), equal(x, '.'), minus, equal(braced, 'e'));
            }
            write_few(visit, look, (uint32_t)(64 * i));
            visit += _mm_popcnt_u64(look);
            started += (uint64_t)_mm_popcnt_u64(starts);
        }
        check_utf8(&r, any, data + 64 * first, end - first);
    }
    finish(r, state);
    state->starts = started;
    state->visits = (uint64_t)(visit - visits);
    return (size_t)(out - kinds);
}
#endif
