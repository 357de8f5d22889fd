// The tape of a document from its planes: where values begin and where they end are two lists, each in the order of the text, and
// what they make together are the nodes, sixteen at a time. Only the brackets are left for whoever reads the kinds.
#if defined(__x86_64__)
#include "json_eights.h"

#pragma clang assume_nonnull begin

// Lists of a call.
typedef struct lists {
    uint8_t bytes[64 * CK_JSON_TAPE_BLOCKS + 64];   // the first byte of each token
    uint16_t places[64 * CK_JSON_TAPE_BLOCKS + 64]; // where it is, counted from the data
    uint16_t begins[64 * CK_JSON_TAPE_BLOCKS + 64]; // where nodes begin, counted from the data
    uint8_t infos[64 * CK_JSON_TAPE_BLOCKS + 64];   // of nodes, by the table
    uint16_t ends[64 * CK_JSON_TAPE_BLOCKS + 64];   // of nodes: the block times 256, MARKED, the byte of the block
} lists;

enum { MARKED = 128, FLAG = 8, PLAIN = 16, IS_NUMBER = 32, IS_STRING = 64, IS_ZERO = 128 };

// What values are by their first bytes: their kinds, and whether an integer that begins so is right.
static const _Alignas(64) uint8_t node_table[128] = {
    ['f'] = 1, ['t'] = 2, ['['] = 5, ['{'] = 6, ['"'] = 4 | IS_STRING, ['-'] = 3 | IS_NUMBER, ['0'] = 3 | IS_NUMBER | IS_ZERO,
    ['1'] = 3 | IS_NUMBER | PLAIN, ['2'] = 3 | IS_NUMBER | PLAIN, ['3'] = 3 | IS_NUMBER | PLAIN, ['4'] = 3 | IS_NUMBER | PLAIN,
    ['5'] = 3 | IS_NUMBER | PLAIN, ['6'] = 3 | IS_NUMBER | PLAIN, ['7'] = 3 | IS_NUMBER | PLAIN, ['8'] = 3 | IS_NUMBER | PLAIN,
    ['9'] = 3 | IS_NUMBER | PLAIN,
};

static const _Alignas(64) uint8_t places_in_block[64] = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
    32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};

// Writes `count` bytes as words, with `base` added: 32 in any case.
CK_ROW_INLINE void write_words(uint16_t *out, __m512i bytes, __m512i base, unsigned count) {
    _mm512_storeu_si512(out, _mm512_add_epi16(base, _mm512_cvtepu8_epi16(_mm512_castsi512_si256(bytes))));
    if (__builtin_expect(count > 32, 0)) {
        _mm512_storeu_si512(out + 32, _mm512_add_epi16(base, _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(bytes, 1))));
    }
}

// Writes `words` taken together by `mask`: 32 in any case; how many.
CK_ROW_INLINE size_t take_words(uint16_t *out, uint64_t mask, __m512i low, __m512i high) {
    const size_t count = (size_t)_mm_popcnt_u32((uint32_t)mask);
    _mm512_storeu_si512(out, _mm512_maskz_compress_epi16((__mmask32)mask, low));
    _mm512_storeu_si512(out + count, _mm512_maskz_compress_epi16((__mmask32)(mask >> 32), high));
    return count + (size_t)_mm_popcnt_u32((uint32_t)(mask >> 32));
}

// What of 64 tokens there is before each bracket.
CK_ROW_INLINE void write_brackets(ck_json_kinds k, uint64_t node, uint64_t counts, uint64_t nodes, uint64_t *counts_out,
                                  uint64_t *nodes_out) {
    const __m512i bracket = _mm512_set1_epi64((long long)k.bracket), second = _mm512_set1_epi64((long long)k.second);
    const __m512i third = _mm512_set1_epi64((long long)k.third), valued = _mm512_set1_epi64((long long)node);
    const __m512i commas = _mm512_ternarylogic_epi64(second, bracket, third, 0x10);
    const __m512i colons = _mm512_ternarylogic_epi64(second, bracket, third, 0x20);
    const __m512i opens = _mm512_andnot_si512(second, bracket), braces = third;
    const __m512i counts_before = _mm512_set1_epi64((long long)counts), nodes_before = _mm512_set1_epi64((long long)nodes);
    const __m512i one = _mm512_set1_epi64(1);
    const __m512i opens_bit = _mm512_slli_epi64(one, CK_JSON_OPENS_BIT), brace_bit = _mm512_slli_epi64(one, CK_JSON_BRACE_BIT);
    __m512i places = _mm512_maskz_compress_epi8(k.bracket, _mm512_load_si512(places_in_block));
    const size_t count = (size_t)_mm_popcnt_u64(k.bracket);
    for (size_t i = 0; i < count; i += 8) {
        const __m512i bit = _mm512_sllv_epi64(one, _mm512_cvtepu8_epi64(_mm512_castsi512_si128(places)));
        const __m512i before = _mm512_sub_epi64(bit, one);
        const __m512i comma_count = _mm512_popcnt_epi64(_mm512_and_si512(commas, before));
        const __m512i colon_count = _mm512_popcnt_epi64(_mm512_and_si512(colons, before));
        const __m512i both = _mm512_or_si512(comma_count, _mm512_slli_epi64(colon_count, 32));
        _mm512_storeu_si512(counts_out + i, _mm512_add_epi64(counts_before, both));
        __m512i found = _mm512_add_epi64(nodes_before, _mm512_popcnt_epi64(_mm512_and_si512(valued, before)));
        found = _mm512_mask_or_epi64(found, _mm512_test_epi64_mask(opens, bit), found, opens_bit);
        found = _mm512_mask_or_epi64(found, _mm512_test_epi64_mask(braces, bit), found, brace_bit);
        _mm512_storeu_si512(nodes_out + i, found);
        places = _mm512_alignr_epi64(places, places, 1);
    }
}

// The kinds of tokens, by 64, and the nodes and brackets among them; how many nodes.
CK_ROW_INLINE size_t sort_tokens(lists *l, size_t tokens, ck_json_state *s, ck_json_kinds *kinds, ck_json_brackets brackets) {
    size_t nodes = 0, bracket_count = 0;
    for (size_t i = 0; i < tokens; i += 64) {
        const uint64_t there = tokens - i >= 64 ? UINT64_MAX : ((uint64_t)1 << (tokens - i)) - 1;
        const __m512i bytes = _mm512_maskz_loadu_epi8(there, l->bytes + i);
        const ck_json_kinds k = kinds_of(look_up(token_table, bytes));
        *kinds++ = k;
        const uint64_t node = there & ~k.second;
        const __m512i low = _mm512_loadu_si512(l->places + i), high = _mm512_loadu_si512(l->places + i + 32);
        write_brackets(k, node, s->counts, s->nodes + nodes, brackets.counts + bracket_count, brackets.nodes + bracket_count);
        bracket_count += take_words(brackets.places + bracket_count, k.bracket, low, high);
        const uint64_t separators = k.second & ~k.bracket, colons = separators & k.third;
        s->counts += (uint64_t)_mm_popcnt_u64(separators ^ colons) | (uint64_t)_mm_popcnt_u64(colons) << 32;
        _mm512_storeu_si512(l->infos + nodes, _mm512_maskz_compress_epi8(node, look_up(node_table, bytes)));
        nodes += take_words(l->begins + nodes, node, low, high);
    }
    s->brackets = bracket_count;
    return nodes;
}

// An end in the list, counted from the data: block and byte.
CK_ROW_INLINE __m512i end_of(__m512i end) {
    return _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi32(end, 2), _mm512_set1_epi32(0x3fc0)),
                           _mm512_and_si512(end, _mm512_set1_epi32(63)));
}

// Which numbers and words are to be looked at.
typedef enum looks { AT_WORDS, AT_WORDS_AND_ODD_NUMBERS, AT_ALL } looks;

// Makes nodes of the lists, from the first of each on, sixteen at a time, of which only `ended` have an end; how many places were
// written that are to be looked at. Words and numbers that are not plain are counted.
CK_ROW_INLINE size_t write_nodes(const lists *l, const uint16_t *ends, size_t count, size_t ended, uint32_t base, size_t first,
                                 ck_json_node *out, uint32_t *visits, looks at, uint64_t *odd_count) {
    // Lane i of four, each of 128 bits, has node i, 4 + i, 8 + i and 12 + i: after a transposition in each lane nodes are in turn.
    const __m512i order = _mm512_set_epi32(15, 11, 7, 3, 14, 10, 6, 2, 13, 9, 5, 1, 12, 8, 4, 0);
    const __m512i one = _mm512_set1_epi32(1), start = _mm512_set1_epi32((int)base);
    const __m512i seven = _mm512_set1_epi32(7), flag_bit = _mm512_set1_epi32(FLAG);
    // Bytes of the words that these are.
    const __m512i low = _mm512_slli_epi32(order, 1);
    const __m512i words = _mm512_or_si512(low, _mm512_slli_epi32(_mm512_add_epi32(low, one), 8));
    size_t visited = 0;
    for (size_t i = 0; i < count; i += 16) {
        const __m512i begin = _mm512_maskz_permutexvar_epi8(
            0x3333333333333333, words, _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)(l->begins + i))));
        const __m512i place = _mm512_maskz_permutexvar_epi8(
            0x3333333333333333, words, _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)(ends + i))));
        const __m512i info = _mm512_maskz_permutexvar_epi8(
            0x1111111111111111, order, _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *)(l->infos + i))));
        // A string that is marked has a backslash, a number that is not is an integer: 0xca has the second where the first is set,
        // else the third.
        const __m512i is_number = _mm512_srli_epi32(info, 2), is_string = _mm512_srli_epi32(info, 3);
        const __m512i marked = _mm512_srli_epi32(place, 4);
        const __m512i flag = _mm512_ternarylogic_epi32(marked, is_string, is_number, 0xca);
        const __m512i kind = _mm512_and_si512(info, seven);
        const __m512i flagged = _mm512_ternarylogic_epi32(kind, flag, flag_bit, 0xf8);
        // The closing quote is the end of what is in a string.
        const __m512i end = _mm512_add_epi32(end_of(place), _mm512_and_si512(_mm512_srli_epi32(info, 6), one));

        // An integer that begins with 1 to 9 is right, and a zero alone.
        const __mmask16 scalar = _mm512_cmplt_epu32_mask(kind, _mm512_set1_epi32(STRING));
        const __m512i plain = _mm512_and_si512(_mm512_srli_epi32(info, 1), flag);
        __mmask16 whole = _mm512_test_epi32_mask(plain, flag_bit);
        const __mmask16 zero = _mm512_test_epi32_mask(info, _mm512_set1_epi32(IS_ZERO));
        whole |= _mm512_mask_cmpeq_epi32_mask(zero, _mm512_sub_epi32(end, begin), one);
        __mmask16 there = UINT16_MAX;
        if (__builtin_expect(i + 16 > ended, 0)) {
            const __m512i index = _mm512_add_epi32(order, _mm512_set1_epi32((int)i));
            whole &= _mm512_cmplt_epu32_mask(index, _mm512_set1_epi32((int)ended));
            there = _mm512_cmplt_epu32_mask(index, _mm512_set1_epi32((int)count));
        }
        const __mmask16 odd = (__mmask16)(scalar & ~whole & there);
        __mmask16 look = odd;
        if (at != AT_WORDS_AND_ODD_NUMBERS) {
            look = at == AT_ALL ? scalar & there : _mm512_mask_testn_epi32_mask(odd, info, _mm512_set1_epi32(IS_NUMBER));
        }
        *odd_count += (uint64_t)_mm_popcnt_u32(odd);
        _mm512_storeu_si512(visits + visited, _mm512_maskz_compress_epi32(look, begin));
        visited += (size_t)_mm_popcnt_u32(look);

        const __m512i next = _mm512_add_epi32(order, _mm512_set1_epi32((int)(first + i + 1)));
        const __m512i from = _mm512_add_epi32(start, begin), to = _mm512_add_epi32(start, end);
        const __m512i range_low = _mm512_unpacklo_epi32(from, to), range_high = _mm512_unpackhi_epi32(from, to);
        const __m512i link_low = _mm512_unpacklo_epi32(flagged, next), link_high = _mm512_unpackhi_epi32(flagged, next);
        _mm512_storeu_si512(out + i, _mm512_unpacklo_epi64(range_low, link_low));
        _mm512_storeu_si512(out + i + 4, _mm512_unpackhi_epi64(range_low, link_low));
        _mm512_storeu_si512(out + i + 8, _mm512_unpacklo_epi64(range_high, link_high));
        _mm512_storeu_si512(out + i + 12, _mm512_unpackhi_epi64(range_high, link_high));
    }
    return visited;
}

CK_ROW size_t ck_json_tape_avx512vbmi2(CK_JSON_TAPE_PARAMETERS) {
    uint8_t room[64 * 8];
    uint64_t all_tokens[STRIP], all_ends[STRIP], all_marked[STRIP], exponents[STRIP];
    lists l;
    going g = start_planes(state);
    uint32_t *visit = visits;
    const __m512i dense = _mm512_set1_epi64(state->dense != 0 ? -1 : 0);
    __m512i astray = _mm512_setzero_si512();
    size_t tokens_here = 0, ends_here = 0;
    const __m512i numbered = _mm512_load_si512(places_in_block);
    __m512i place_base = _mm512_setzero_si512(), end_base = _mm512_setzero_si512();
    for (size_t first = 0; first < blocks; first += STRIP) {
        const size_t count = blocks - first < STRIP ? blocks - first : STRIP;
        uint64_t with_exponents = 0;
        // Planes are made of the next eight blocks before these are used: both go on at once.
        planes ahead = see(all_eight(data + 64 * first, count, room));
        for (size_t i = 0; i < count; i += 8) {
            const size_t now = count - i < 8 ? count - i : 8;
            const __mmask8 there = (__mmask8)((1u << now) - 1);
            const uint8_t *at = now == 8 ? data + 64 * (first + i) : room;
            // Where these will be copied to is asked for before it is needed.
            for (size_t k = 0; copy != NULL && k < now; k++) {
                __builtin_prefetch(copy + 64 * (first + i + k), 1);
            }
            const planes p = ahead;
            if (i + 8 < count) {
                ahead = see(all_eight(data + 64 * (first + i + 8), count - i - 8, room));
            }
            note_characters(&g, &p, i, there);
            const strings_of s = find_strings(&g, &p, at, now, there);
            const tokens_of t = find_tokens(&g, &p, &s);
            _mm512_storeu_si512(all_tokens + i, first_bytes(&s, &t));
            if ((state->dense | g.numbers_go_on) != 0) {
                const __m512i look = numbers_to_visit(&g, &p, &t, dense, now, there);
                const __m512i more = _mm512_andnot_si512(t.starts, look);
                _mm512_storeu_si512(exponents + i, more);
                with_exponents |= (uint64_t)_mm512_test_epi64_mask(more, more) << i;
            }
            // What began ends: the byte after a bracket that opens, the closing quote, the byte after a number or word.
            const __m512i opened = shifted_on(alone(p.b, p.t, s.string), &g.opening);
            _mm512_storeu_si512(all_ends + i, or_not(or_not(opened, s.quote, s.string), t.follows, t.scalar));
            // A mark, added to the ones of what it is in, carries to the end.
            const __m512i within = _mm512_or_si512(t.scalar, s.string);
            const __m512i whole = _mm512_andnot_si512(p.e, p.d);
            const __m512i marks = or_both(_mm512_andnot_si512(whole, t.scalar), s.string, p.s);
            _mm512_storeu_si512(all_marked + i, _mm512_andnot_si512(within, sum_of(within, marks, now, &g.s.marked)));
            const __m512i minus = both_not(p.d, p.c, p.e);
            astray = or_both(astray, minus, _mm512_andnot_si512(t.starts, t.scalar));
            g.last = now - 1;
        }
        check_characters(&g, data, first);
        for (; with_exponents != 0; with_exponents &= with_exponents - 1) {
            const size_t i = (size_t)__builtin_ctzll(with_exponents);
            const unsigned found = (unsigned)_mm_popcnt_u64(exponents[i]);
            row_visits(visit, exponents[i], (uint32_t)(64 * (first + i)), found);
            visit += found;
        }
        for (size_t i = 0; i < count; i++) {
            const uint64_t tokens = all_tokens[i], ends = all_ends[i];
            const __m512i x = _mm512_loadu_si512(data + 64 * (first + i));
            if (copy != NULL) {
                _mm512_storeu_si512(copy + 64 * (first + i), x);
            }
            _mm512_storeu_si512(l.bytes + tokens_here, _mm512_maskz_compress_epi8(tokens, x));
            const unsigned token_count = (unsigned)_mm_popcnt_u64(tokens);
            write_words(l.places + tokens_here, _mm512_maskz_compress_epi8(tokens, numbered), place_base, token_count);
            tokens_here += token_count;
            const unsigned end_count = (unsigned)_mm_popcnt_u64(ends);
            const __m512i with_marks = _mm512_mask_add_epi8(numbered, all_marked[i], numbered, _mm512_set1_epi8((char)MARKED));
            write_words(l.ends + ends_here, _mm512_maskz_compress_epi8(ends, with_marks), end_base, end_count);
            ends_here += end_count;
            place_base = _mm512_add_epi16(place_base, _mm512_set1_epi16(64));
            end_base = _mm512_add_epi16(end_base, _mm512_set1_epi16(256));
        }
    }
    finish_planes(&g, data, blocks, &g.s);
    ck_json_state s = g.s;
    const size_t made = sort_tokens(&l, tokens_here, &s, kinds, brackets);
    const uint16_t *ends = l.ends;
    // What is read past the lists is of no use, but must be something.
    _mm512_storeu_si512(l.ends + ends_here, _mm512_setzero_si512());
    size_t ended = ends_here;
    if (s.unended != 0 && ended > 0) {
        ck_json_node *last = nodes + s.nodes - 1;
        const uint32_t kind = last->kind & 7, mark = *ends & MARKED;
        last->end = (uint32_t)base + (uint32_t)((*ends >> 8) * 64 + (*ends & 63)) + (kind == STRING);
        last->kind = kind | ((kind == STRING && mark != 0) || (kind == NUMBER && mark == 0) ? FLAG : 0);
        ends++, ended--, s.unended = 0;
    }
    const int is_astray = _mm512_test_epi64_mask(astray, astray) != 0;
    const looks at = state->dense != 0 ? AT_WORDS : is_astray ? AT_ALL : AT_WORDS_AND_ODD_NUMBERS;
    s.starts = 0;
    visit += write_nodes(&l, ends, made, ended, (uint32_t)base, s.nodes, nodes + s.nodes, visit, at, &s.starts);
    s.unended += made - ended;
    s.nodes += made;
    s.visits = (uint64_t)(visit - visits);
    *state = s;
    return tokens_here;
}

#pragma clang assume_nonnull end
#endif
