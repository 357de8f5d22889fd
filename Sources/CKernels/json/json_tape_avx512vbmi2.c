// The tape of a document from its planes: where values begin and where they end are two lists, each in the order of the text, and
// what they make together are the nodes, sixteen at a time. Only the brackets are left for whoever reads the kinds.
#if defined(__x86_64__)
#include "json_planes.h"

#pragma clang assume_nonnull begin

// Lists of a call.
typedef struct lists {
    uint8_t bytes[64 * CK_JSON_TAPE_BLOCKS + 64];   // the first byte of each token
    uint16_t places[64 * CK_JSON_TAPE_BLOCKS + 64]; // where it is, counted from the data
    uint16_t begins[64 * CK_JSON_TAPE_BLOCKS + 64]; // where nodes begin, counted from the data
    uint8_t firsts[64 * CK_JSON_TAPE_BLOCKS + 64];  // the first byte of each node
    uint16_t ends[64 * CK_JSON_TAPE_BLOCKS + 64];   // of nodes: the block times 256, MARKED, the byte of the block
} lists;

enum { MARKED = 128, FLAG = 8 };

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
    const uint64_t separators = k.second & ~k.bracket;
    const __m512i commas = _mm512_set1_epi64((long long)(separators & ~k.third));
    const __m512i colons = _mm512_set1_epi64((long long)(separators & k.third));
    const __m512i valued = _mm512_set1_epi64((long long)node);
    const __m512i opens = _mm512_set1_epi64((long long)(k.bracket & ~k.second));
    const __m512i braces = _mm512_set1_epi64((long long)(k.bracket & k.third));
    const __m512i counts_before = _mm512_set1_epi64((long long)counts), nodes_before = _mm512_set1_epi64((long long)nodes);
    const __m512i one = _mm512_set1_epi64(1);
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
        found = _mm512_mask_or_epi64(found, _mm512_test_epi64_mask(opens, bit), found, _mm512_set1_epi64((long long)(UINT64_C(1) << CK_JSON_OPENS_BIT)));
        found = _mm512_mask_or_epi64(found, _mm512_test_epi64_mask(braces, bit), found, _mm512_set1_epi64((long long)(UINT64_C(1) << CK_JSON_BRACE_BIT)));
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
        _mm512_storeu_si512(l->firsts + nodes, _mm512_maskz_compress_epi8(node, bytes));
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
    const __m512i words = _mm512_set_epi16(32, 15, 32, 11, 32, 7, 32, 3, 32, 14, 32, 10, 32, 6, 32, 2, 32, 13, 32, 9, 32, 5, 32, 1, 32, 12,
                                           32, 8, 32, 4, 32, 0);
    const __m512i order = _mm512_set_epi32(15, 11, 7, 3, 14, 10, 6, 2, 13, 9, 5, 1, 12, 8, 4, 0);
    const __m512i one = _mm512_set1_epi32(1), start = _mm512_set1_epi32((int)base);
    const __mmask32 even = 0x55555555;
    size_t visited = 0;
    for (size_t i = 0; i < count; i += 16) {
        const __m512i begin = _mm512_maskz_permutexvar_epi16(
            even, words, _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)(l->begins + i))));
        const __m512i place = _mm512_maskz_permutexvar_epi16(
            even, words, _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)(ends + i))));
        const __m512i byte = _mm512_maskz_permutexvar_epi16(
            even, words, _mm512_castsi256_si512(_mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(l->firsts + i)))));
        const __m512i kind = _mm512_srli_epi32(_mm512_and_si512(look_up(token_table, byte), _mm512_set1_epi32(127)), 3);
        const __mmask16 marked = _mm512_test_epi32_mask(place, _mm512_set1_epi32(MARKED));
        const __mmask16 string = _mm512_cmpeq_epi32_mask(kind, _mm512_set1_epi32(STRING));
        const __mmask16 number = _mm512_cmpeq_epi32_mask(kind, _mm512_set1_epi32(NUMBER));
        const __m512i stop = end_of(place);
        // The closing quote is the end of what is in a string.
        const __m512i end = _mm512_mask_add_epi32(stop, string, stop, one);
        const __mmask16 flag = (__mmask16)((string & marked) | (number & ~marked));
        const __m512i flagged = _mm512_mask_or_epi32(kind, flag, kind, _mm512_set1_epi32(FLAG));

        // An integer that begins with 1 to 9 is right, and so is a zero alone.
        const __m512i index = _mm512_add_epi32(order, _mm512_set1_epi32((int)i));
        const __mmask16 first_is_zero = _mm512_cmpeq_epi32_mask(byte, _mm512_set1_epi32('0'));
        const __mmask16 plain = _mm512_cmpgt_epu32_mask(byte, _mm512_set1_epi32('0')) |
            _mm512_mask_cmpeq_epi32_mask(first_is_zero, _mm512_sub_epi32(stop, begin), one);
        const __mmask16 whole = (__mmask16)(number & plain & ~marked) & _mm512_cmplt_epu32_mask(index, _mm512_set1_epi32((int)ended));
        const __mmask16 scalar = _mm512_mask_cmplt_epu32_mask(_mm512_cmplt_epu32_mask(index, _mm512_set1_epi32((int)count)), kind,
                                                              _mm512_set1_epi32(STRING));
        const __mmask16 odd = (__mmask16)(scalar & ~whole);
        const __mmask16 look = at == AT_ALL ? scalar : at == AT_WORDS ? (__mmask16)(scalar & ~number) : odd;
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

// Masks of a block that become lists.
typedef struct listed {
    uint64_t tokens, ends, marked;
} listed;

CK_ROW_INLINE size_t row_tape(CK_JSON_TAPE_PARAMETERS, int with_numbers) {
    _Alignas(64) planes strip[STRIP];
    _Alignas(64) number_planes number_strip[STRIP];
    listed masks[STRIP];
    lists l;
    characters c = start_characters(state);
    ck_json_state s = *state;
    uint64_t pending = s.backslash | s.hex;
    uint32_t *visit = visits;
    const uint64_t dense = state->dense != 0 ? UINT64_MAX : 0;
    // A minus that does not begin a number.
    uint64_t astray = 0;
    size_t tokens_here = 0, ends_here = 0;
    const __m512i numbered = _mm512_load_si512(places_in_block);
    __m512i place_base = _mm512_setzero_si512(), end_base = _mm512_setzero_si512();
    for (size_t from = 0; from < blocks; from += STRIP) {
        const size_t now = blocks - from < STRIP ? blocks - from : STRIP;
        see(data, from, now, &c, strip, number_strip, with_numbers, copy);
        for (size_t i = 0; i < now; i++) {
            const planes *p = strip + i;
            uint64_t quote;
            const uint64_t string = strings_of(&s, &pending, data + 64 * (from + i), p, &quote);
            const uint64_t operators = (p->bracket | p->second) & ~string;
            const uint64_t scalar = ~(operators | p->blank | quote | string);
            const uint64_t follows = scalar << 1 | s.scalar;
            const uint64_t starts = scalar & ~follows;
            s.scalar = scalar >> 63;
            masks[i].tokens = operators | (quote & string) | starts;

            // Where what began ends: the closing quote, the byte after a number or word; for each bracket that opens a byte after it.
            const uint64_t opening = p->bracket & ~(p->second | string);
            masks[i].ends = (opening << 1 | s.opened) | (quote & ~string) | (follows & ~scalar);
            s.opened = opening >> 63;
            // A mark, added to the ones of what it is in, carries to the end.
            const uint64_t within = scalar | string;
            const uint64_t marks = (scalar & ~p->whole) | (string & p->backslash);
            unsigned long long carry;
            masks[i].marked = __builtin_addcll(within, marks, s.marked, &carry) & ~within;
            s.marked = carry;
            astray |= p->minus & scalar & ~starts;

            if (with_numbers) {
                const number_planes *n = number_strip + i;
                const uint64_t more = numbers(&s, scalar, starts & dense, n->digit, n->zero, n->point, p->minus, n->e);
                if (more != 0) {
                    const unsigned count = (unsigned)_mm_popcnt_u64(more);
                    row_visits(visit, more, (uint32_t)(64 * (from + i)), count);
                    visit += count;
                }
            }
        }
        for (size_t i = 0; i < now; i++) {
            const listed m = masks[i];
            const __m512i x = _mm512_loadu_si512(data + 64 * (from + i));
            _mm512_storeu_si512(l.bytes + tokens_here, _mm512_maskz_compress_epi8(m.tokens, x));
            const unsigned token_count = (unsigned)_mm_popcnt_u64(m.tokens);
            write_words(l.places + tokens_here, _mm512_maskz_compress_epi8(m.tokens, numbered), place_base, token_count);
            tokens_here += token_count;
            const unsigned end_count = (unsigned)_mm_popcnt_u64(m.ends);
            const __m512i with_marks = _mm512_mask_add_epi8(numbered, m.marked, numbered, _mm512_set1_epi8((char)MARKED));
            write_words(l.ends + ends_here, _mm512_maskz_compress_epi8(m.ends, with_marks), end_base, end_count);
            ends_here += end_count;
            place_base = _mm512_add_epi16(place_base, _mm512_set1_epi16(64));
            end_base = _mm512_add_epi16(end_base, _mm512_set1_epi16(256));
        }
    }
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
    const looks at = dense != 0 ? AT_WORDS : astray != 0 ? AT_ALL : AT_WORDS_AND_ODD_NUMBERS;
    s.starts = 0;
    visit += write_nodes(&l, ends, made, ended, (uint32_t)base, s.nodes, nodes + s.nodes, visit, at, &s.starts);
    s.unended += made - ended;
    s.nodes += made;
    finish_characters(c, data, blocks, &s);
    s.visits = (uint64_t)(visit - visits);
    *state = s;
    return tokens_here;
}

CK_ROW size_t ck_json_tape_avx512vbmi2(CK_JSON_TAPE_PARAMETERS) {
    if ((state->dense | state->number) != 0) {
        return row_tape(data, blocks, base, state, copy, nodes, kinds, brackets, visits, 1);
    }
    return row_tape(data, blocks, base, state, copy, nodes, kinds, brackets, visits, 0);
}

#pragma clang assume_nonnull end
#endif
