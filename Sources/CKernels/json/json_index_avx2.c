// Tokens of JSON by G. Langdale, D. Lemire, "Parsing Gigabytes of JSON per Second", VLDB Journal 28, 2019; UTF-8 by J. Keiser,
// D. Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte", Software: Practice and Experience 51, 2021.
#if defined(__x86_64__)
#include "json_avx2.h"

CK_ROW size_t ck_json_index_avx2(CK_JSON_INDEX_PARAMETERS) {
    const __m256i operator_table = both_halves(_mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0));
    running r = start(state);
    uint32_t *out = index;
    for (size_t i = 0; i < blocks; i++) {
        const uint8_t *at = data + 64 * i;
        const block x = {_mm256_loadu_si256((const __m256i *)at), _mm256_loadu_si256((const __m256i *)(at + 32))};
        uint64_t quote;
        const uint64_t string = strings(&r, x, &quote, &escapes[i]);
        // Operators are looked up with bit 5 set, which makes braces of the square brackets; of those, brackets have bit 6.
        const uint64_t operators = found(x, operator_table, _mm256_set1_epi8(0x20));
        const uint64_t brackets = operators & bits(_mm256_slli_epi16(x.low, 1), _mm256_slli_epi16(x.high, 1));
        const uint64_t scalar = ~(operators | blank_bytes(x) | quote);
        const uint64_t follows = scalar << 1 | r.s.scalar;
        r.s.scalar = scalar >> 63;
        r.s.separators += (uint64_t)_mm_popcnt_u64(operators & ~(brackets | string));
        const uint64_t tokens = quote | ((brackets | (scalar & ~follows)) & ~string);
        const unsigned count = (unsigned)_mm_popcnt_u64(tokens);
        write_offsets(out, tokens, (uint32_t)(64 * i), count);
        out += count;
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
