// Tokens of JSON by G. Langdale, D. Lemire, "Parsing Gigabytes of JSON per Second", VLDB Journal 28, 2019; UTF-8 by J. Keiser,
// D. Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte", Software: Practice and Experience 51, 2021.
#if defined(__x86_64__)
#include "json_avx2.h"

// Blocks whose masks are made before what is made of them: a branch on what comes from memory is known to be wrong at once.
enum { STRIP = 32 };

// UTF-8 of a strip that has bytes beyond ASCII.
CK_ROW __attribute__((noinline)) static __m256i check_strip(const uint8_t *data, size_t blocks, const __m256i *before) {
    uint32_t list[STRIP + 1];
    size_t noted = 0;
#pragma GCC unroll 4
    for (size_t i = 0; i < blocks; i++) {
        const __m256i *at = (const __m256i *)(data + 64 * i);
        list[noted] = (uint32_t)i;
        noted += _mm256_movemask_epi8(_mm256_or_si256(_mm256_loadu_si256(at), _mm256_loadu_si256(at + 1))) != 0;
    }
    list[noted] = (uint32_t)blocks;
    __m256i faults = _mm256_setzero_si256();
    if (list[0] != 0) {
        faults = left_open(_mm256_loadu_si256(before));
    }
    for (size_t k = 0; k < noted; k++) {
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

// What a byte is, as bits that its upper and its lower half have in common: a bracket, a comma, a colon, white space or a quote.
#define CK_CLASS_HIGH 2, 0, 1 | 32, 16, 0, (char)128, 0, (char)128, 0, 0, 0, 0, 0, 0, 0, 0
#define CK_CLASS_LOW 1, 0, 1, 0, 0, 0, 0, 0, 0, 2, 2 | 16, (char)128, 32, (char)(2 | 128), 0, 0

CK_ROW_INLINE block classes(block x) {
    const __m256i by_high = both_halves(_mm_setr_epi8(CK_CLASS_HIGH)), by_low = both_halves(_mm_setr_epi8(CK_CLASS_LOW));
    return (block){_mm256_and_si256(_mm256_shuffle_epi8(by_high, high_half(x.low)), _mm256_shuffle_epi8(by_low, x.low)),
                   _mm256_and_si256(_mm256_shuffle_epi8(by_high, high_half(x.high)), _mm256_shuffle_epi8(by_low, x.high))};
}

// The tokens of a block, and where it is.
typedef struct found_tokens {
    uint64_t mask;
    size_t place;
} found_tokens;

// Writes where they are; how many. Up to 63 words after the last one hold anything.
CK_ROW_INLINE size_t write_places(uint32_t *out, found_tokens from) {
    uint64_t mask = from.mask;
    const uint32_t base = (uint32_t)from.place;
    const size_t count = (size_t)_mm_popcnt_u64(mask);
#define CK_WRITE(i) out[i] = base + trailing_zeros(mask), mask &= mask - 1
    CK_WRITE(0), CK_WRITE(1), CK_WRITE(2), CK_WRITE(3);
    if (count > 4) {
        CK_WRITE(4), CK_WRITE(5), CK_WRITE(6), CK_WRITE(7);
        for (size_t i = 8; i < count; i += 4) {
            CK_WRITE(i), CK_WRITE(i + 1), CK_WRITE(i + 2), CK_WRITE(i + 3);
        }
    }
#undef CK_WRITE
    return count;
}

CK_ROW size_t ck_json_index_avx2(CK_JSON_INDEX_PARAMETERS) {
    const __m256i none = _mm256_setzero_si256(), small = _mm256_set1_epi8(15);
    running r = start(state);
    uint32_t *out = index;
    found_tokens list[STRIP];
    for (size_t first = 0; first < blocks; first += STRIP) {
        const size_t count = blocks - first < STRIP ? blocks - first : STRIP;
        const size_t end = 64 * (first + count);
        uint64_t *ends = escapes + first;
        found_tokens *next = list;
        __m256i any = none;
        for (size_t at = 64 * first; at != end; at += 64) {
            const block x = {_mm256_loadu_si256((const __m256i *)(data + at)), _mm256_loadu_si256((const __m256i *)(data + at + 32))};
            any = _mm256_or_si256(any, _mm256_or_si256(x.low, x.high));
            uint64_t quote;
            const uint64_t string = strings(&r, x, &quote, ends++);
            if (string == UINT64_MAX && quote == 0) {
                r.s.scalar = 0;
                continue;
            }
            const block c = classes(x);
            const uint64_t scalar = bits(_mm256_cmpeq_epi8(c.low, none), _mm256_cmpeq_epi8(c.high, none));
            const uint64_t follows = (scalar << 1) + r.s.scalar;
            r.s.scalar = scalar >> 63;
            const uint64_t separators = bits(_mm256_cmpgt_epi8(c.low, small), _mm256_cmpgt_epi8(c.high, small));
            r.s.separators += (uint64_t)_mm_popcnt_u64(separators & ~string);
            *next++ = (found_tokens){quote | ((bits(c.low, c.high) | (scalar & ~follows)) & ~string), at};
        }
        if (_mm256_movemask_epi8(any) != 0) {
            r.faults = _mm256_or_si256(r.faults, check_strip(data + 64 * first, count, &r.before));
        } else {
            r.faults = _mm256_or_si256(r.faults, left_open(r.before));
        }
        r.before = _mm256_loadu_si256((const __m256i *)(data + end - 32));
        for (const found_tokens *from = list; from != next; from++) {
            out += write_places(out, *from);
        }
    }
    finish(r, state);
    return (size_t)(out - index);
}

CK_ROW size_t ck_json_kinds_avx2(CK_JSON_KINDS_PARAMETERS) {
    const __m256i operator_table = both_halves(_mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0));
    const __m256i bit5 = _mm256_set1_epi8(0x20), zero = _mm256_set1_epi8('0');
    running r = start(state);
    ck_json_kinds *out = kinds;
    uint32_t *visit = visits;
    const uint64_t dense = state->dense != 0 ? UINT64_MAX : 0;
    uint64_t started = 0;
    for (size_t i = 0; i < blocks; i++) {
        const uint8_t *at = data + 64 * i;
        const block x = {_mm256_loadu_si256((const __m256i *)at), _mm256_loadu_si256((const __m256i *)(at + 32))};
        uint64_t quote, ends;
        check_utf8(&r, x);
        const uint64_t string = strings(&r, x, &quote, &ends);
        if (string == UINT64_MAX && quote == 0) {
            blanks[i] = 0;
            continue;
        }
        const uint64_t operators = found(x, operator_table, bit5) & ~string;
        // With bit 5 set, two control characters are taken for a comma and a colon.
        r.s.errors |= operators & at_most(x, 31);
        const uint64_t brackets = operators & CK_WITH_BIT(x, 6);
        const uint64_t colons = operators & equal(x, ':');
        // Commas and closing brackets have bit 2, braces bit 5.
        const uint64_t second = colons | (operators & CK_WITH_BIT(x, 2));
        const uint64_t third = colons | (brackets & CK_WITH_BIT(x, 5));
        const uint64_t blank = blank_bytes(x) & ~string;
        blanks[i] = blank;
        const uint64_t scalar = ~(operators | blank | quote | string);
        const uint64_t starts = scalar & ~(scalar << 1 | r.s.scalar);
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
        const unsigned count = (unsigned)_mm_popcnt_u64(look);
        write_visits(visit, look, (uint32_t)(64 * i), count);
        visit += count;
        started += (uint64_t)_mm_popcnt_u64(starts);
    }
    finish(r, state);
    state->starts = started;
    state->visits = (uint64_t)(visit - visits);
    return (size_t)(out - kinds);
}
#endif
