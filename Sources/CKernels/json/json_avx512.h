// Tokens of JSON, 64 bytes in one register, by the papers that json_index_avx2.c names: what the rows for AVX-512 share. A row says
// how it writes where the bits of a mask are, `row_offsets` and `row_visits`, and what else it is compiled for, `CK_ROW`.
#ifndef CK_JSON_AVX512_H
#define CK_JSON_AVX512_H

#pragma clang assume_nonnull begin

CK_ROW_INLINE uint64_t equal(__m512i x, char byte) { return _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(byte)); }

CK_ROW_INLINE __m512i four_times(__m128i table) { return _mm512_broadcast_i32x4(table); }

CK_ROW_INLINE __m512i high_half(__m512i x) { return _mm512_and_si512(_mm512_srli_epi16(x, 4), _mm512_set1_epi8(15)); }

// Bit i: the number of set bits at or below i is odd. A carry-less product with all ones.
CK_ROW_INLINE uint64_t prefix_xor(uint64_t x) {
    const __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)x), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

// Of a block and the same bytes one, two and three further back.
CK_ROW_INLINE __m512i faults_after(__m512i x, __m512i prev1, __m512i prev2, __m512i prev3) {
    const __m512i first_high = four_times(_mm_setr_epi8(CK_UTF8_FIRST_HIGH));
    const __m512i first_low = four_times(_mm_setr_epi8(CK_UTF8_FIRST_LOW));
    const __m512i second_high = four_times(_mm_setr_epi8(CK_UTF8_SECOND_HIGH));
    const __m512i special = _mm512_and_si512(
        _mm512_and_si512(_mm512_shuffle_epi8(first_high, high_half(prev1)),
                         _mm512_shuffle_epi8(first_low, _mm512_and_si512(prev1, _mm512_set1_epi8(15)))),
        _mm512_shuffle_epi8(second_high, high_half(x)));
    // The third byte of three or four, and the fourth of four, must be a continuation, which is what "two continuations" says.
    const __m512i third = _mm512_subs_epu8(prev2, _mm512_set1_epi8((char)(0xe0 - 0x80)));
    const __m512i fourth = _mm512_subs_epu8(prev3, _mm512_set1_epi8((char)(0xf0 - 0x80)));
    const __m512i must = _mm512_and_si512(_mm512_or_si512(third, fourth), _mm512_set1_epi8((char)0x80));
    return _mm512_xor_si512(must, special);
}

CK_ROW_INLINE __m512i utf8_faults(__m512i x, __m512i before) {
    const __m512i shifted = _mm512_alignr_epi32(x, before, 12);
    return faults_after(x, _mm512_alignr_epi8(x, shifted, 15), _mm512_alignr_epi8(x, shifted, 14),
                        _mm512_alignr_epi8(x, shifted, 13));
}

CK_ROW_INLINE uint64_t hexadecimal(__m512i x) {
    const __m512i digit = _mm512_sub_epi8(x, _mm512_set1_epi8('0'));
    const __m512i letter = _mm512_sub_epi8(_mm512_or_si512(x, _mm512_set1_epi8(0x20)), _mm512_set1_epi8('a'));
    return _mm512_cmple_epu8_mask(digit, _mm512_set1_epi8(9)) | _mm512_cmple_epu8_mask(letter, _mm512_set1_epi8(5));
}

CK_ROW_INLINE uint64_t may_be_escaped(__m512i x) {
    const __m512i by_high = four_times(_mm_setr_epi8(CK_ESCAPED_HIGH));
    const __m512i by_low = four_times(_mm_setr_epi8(CK_ESCAPED_LOW));
    return _mm512_test_epi8_mask(_mm512_shuffle_epi8(by_high, high_half(x)), _mm512_shuffle_epi8(by_low, x));
}

CK_ROW_INLINE uint64_t blank_bytes(__m512i x) {
    const __m512i table = four_times(_mm_setr_epi8(' ', 0, 0, 0, 0, 0, 0, 0, 0, '\t', '\n', 0, 0, '\r', 0, 0));
    return _mm512_cmpeq_epi8_mask(_mm512_shuffle_epi8(table, x), x);
}

// Not zero where a character goes on after the block: 1111 xxxx in the last byte but two, 111x xxxx in the last but one, 11xx xxxx in
// the last.
CK_ROW_INLINE __m512i left_open(__m512i x) {
    return _mm512_subs_epu8(x, _mm512_inserti32x4(_mm512_set1_epi8(-1), _mm_set_epi32((int)0xbfdfefffu, -1, -1, -1), 3));
}

// What a loop keeps of one block for the next.
typedef struct running {
    ck_json_state s;
    __m512i before, faults;
    __m512i open;    // not zero where a character goes on
    __m512i lowest;  // of the bytes inside strings
    uint64_t pending;
} running;

CK_ROW_INLINE running start(const ck_json_state *state) {
    running r = {.s = *state, .faults = _mm512_setzero_si512(), .lowest = _mm512_set1_epi8(-1)};
    r.before = _mm512_inserti64x4(_mm512_setzero_si512(), _mm256_loadu_si256((const __m256i *)state->utf8), 1);
    r.open = left_open(r.before);
    r.pending = pending_escapes(state);
    return r;
}

CK_ROW_INLINE void finish(running r, ck_json_state *state) {
    _mm256_storeu_si256((__m256i *)r.s.utf8, _mm512_extracti64x4_epi64(r.before, 1));
    r.s.errors |= _mm512_test_epi8_mask(r.faults, r.faults) != 0;
    r.s.errors |= _mm512_cmplt_epu8_mask(r.lowest, _mm512_set1_epi8(' '));
    *state = r.s;
}

// Checks a block's UTF-8 and strings; its quotes and strings, and the ends of strings with a backslash.
CK_ROW_INLINE uint64_t strings(running *r, __m512i x, uint64_t *quotes, uint64_t *ends) {
    // A block of ASCII only has to see that nothing was left open before it.
    if (_mm512_movepi8_mask(x) == 0) {
        r->faults = _mm512_or_si512(r->faults, r->open);
        r->open = _mm512_setzero_si512();
    } else {
        r->faults = _mm512_or_si512(r->faults, utf8_faults(x, r->before));
        r->open = left_open(x);
    }
    r->before = x;

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
    r->lowest = _mm512_mask_min_epu8(r->lowest, string, r->lowest, x);
    *quotes = quote;
    return string;
}

CK_ROW_INLINE size_t index_blocks(CK_JSON_INDEX_PARAMETERS) {
    const __m512i operator_table = four_times(_mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0));
    running r = start(state);
    uint32_t *out = index;
    for (size_t i = 0; i < blocks; i++) {
        const __m512i x = _mm512_loadu_si512(data + 64 * i);
        uint64_t quote;
        const uint64_t string = strings(&r, x, &quote, &escapes[i]);
        // Operators are looked up with bit 5 set, which makes braces of the square brackets; of those, brackets have bit 6.
        const __mmask64 operators = _mm512_cmpeq_epi8_mask(_mm512_shuffle_epi8(operator_table, x),
                                                           _mm512_or_si512(x, _mm512_set1_epi8(0x20)));
        const uint64_t brackets = _mm512_mask_test_epi8_mask(operators, x, _mm512_set1_epi8(0x40));
        const uint64_t scalar = ~(operators | blank_bytes(x) | quote);
        const uint64_t follows = scalar << 1 | r.s.scalar;
        r.s.scalar = scalar >> 63;
        r.s.separators += (uint64_t)_mm_popcnt_u64(operators & ~(brackets | string));
        const uint64_t tokens = quote | ((brackets | (scalar & ~follows)) & ~string);
        const unsigned count = (unsigned)_mm_popcnt_u64(tokens);
        row_offsets(out, tokens, (uint32_t)(64 * i), count);
        out += count;
    }
    finish(r, state);
    return (size_t)(out - index);
}

CK_ROW_INLINE size_t kinds_of_blocks(CK_JSON_KINDS_PARAMETERS) {
    const __m512i operator_table = four_times(_mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0));
    const __m512i bit5 = _mm512_set1_epi8(0x20);
    running r = start(state);
    ck_json_kinds *out = kinds;
    uint32_t *visit = visits;
    const uint64_t dense = state->dense != 0 ? UINT64_MAX : 0;
    uint64_t started = 0;
    for (size_t i = 0; i < blocks; i++) {
        const __m512i x = _mm512_loadu_si512(data + 64 * i);
        uint64_t quote, ends;
        const uint64_t string = strings(&r, x, &quote, &ends);
        if (string == UINT64_MAX && quote == 0) {
            blanks[i] = 0;
            continue;
        }
        const __m512i braced = _mm512_or_si512(x, bit5);
        const __mmask64 operators =
            _mm512_mask_cmpeq_epi8_mask(~string, _mm512_shuffle_epi8(operator_table, x), braced);
        // With bit 5 set, two control characters are taken for a comma and a colon.
        r.lowest = _mm512_mask_min_epu8(r.lowest, operators, r.lowest, x);
        const __mmask64 brackets = _mm512_mask_test_epi8_mask(operators, x, _mm512_set1_epi8(0x40));
        const __mmask64 colons = _mm512_mask_cmpeq_epi8_mask(operators, x, _mm512_set1_epi8(':'));
        // Commas and closing brackets have bit 2, braces bit 5.
        const __mmask64 second = colons | _mm512_mask_test_epi8_mask(operators, x, _mm512_set1_epi8(4));
        const uint64_t third = colons | _mm512_mask_test_epi8_mask(brackets, x, bit5);
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
            const uint64_t digit =
                _mm512_cmple_epu8_mask(_mm512_sub_epi8(x, _mm512_set1_epi8('0')), _mm512_set1_epi8(9));
            const uint64_t minus = equal(x, '-');
            look &= ~(dense & (digit | minus));
            look |= numbers(&r.s, scalar, starts & dense, digit, equal(x, '0'), equal(x, '.'), minus, equal(braced, 'e'));
        }
        const unsigned count = (unsigned)_mm_popcnt_u64(look);
        row_visits(visit, look, (uint32_t)(64 * i), count);
        visit += count;
        started += (uint64_t)_mm_popcnt_u64(starts);
    }
    finish(r, state);
    state->starts = started;
    state->visits = (uint64_t)(visit - visits);
    return (size_t)(out - kinds);
}

#pragma clang assume_nonnull end

#endif
