// The row for AVX-512 with VBMI2: VPCOMPRESSB takes together the places of the bits of a mask, and the bytes that are no blanks.
#if defined(__x86_64__)
#include <immintrin.h>

#include "json_planes.h"

CK_ROW size_t ck_json_index_avx512vbmi2(CK_JSON_INDEX_PARAMETERS) {
    _Alignas(64) planes strip;
    told t;
    start_telling(&t);
    characters c = start_characters(state);
    ck_json_state s = *state;
    uint32_t *out = index;
    __m512i start = _mm512_setzero_si512();
    for (size_t from = 0; from < blocks; from += STRIP) {
        const size_t now = blocks - from < STRIP ? blocks - from : STRIP;
        see(data, from, now, &c, &strip, (number_planes *)&strip, 0);
        find_strings(&s, data + 64 * from, now, &strip, &t);
        tell(&s, now, &strip, &t, NULL, INDEX);
        for (size_t i = 0; i < now; i++) {
            escapes[from + i] = t.marked[i];
            const uint64_t tokens = t.tokens[i];
            const unsigned count = (unsigned)_mm_popcnt_u64(tokens);
            write_places(out, tokens, start, count);
            start = _mm512_add_epi32(start, _mm512_set1_epi32(64));
            out += count;
        }
    }
    finish_telling(&t, &s);
    finish_characters(c, data, blocks, &s);
    *state = s;
    return (size_t)(out - index);
}

// A byte of each kind, where the low `count` bits of the kinds are some.
CK_ROW_INLINE __m512i bytes_of(ck_json_kinds k) {
    __m512i code = _mm512_maskz_set1_epi8(k.bracket, 4);
    code = _mm512_mask_add_epi8(code, k.second, code, _mm512_set1_epi8(2));
    code = _mm512_mask_add_epi8(code, k.third, code, _mm512_set1_epi8(1));
    return _mm512_shuffle_epi8(four_times(_mm_setr_epi8('0', '"', ',', ':', '[', '{', ']', '}', 0, 0, 0, 0, 0, 0, 0, 0)), code);
}

CK_ROW_INLINE size_t row_kinds(CK_JSON_KINDS_PARAMETERS, int with_numbers) {
    _Alignas(64) planes strip;
    _Alignas(64) number_planes number_strip[STRIP];
    told t;
    start_telling(&t);
    // The first bytes of tokens, one after another.
    uint8_t bytes[64 * STRIP + 128];
    size_t tokens_here = state->kind_count;
    _mm512_storeu_si512(bytes, bytes_of(state->kinds));
    characters c = start_characters(state);
    ck_json_state s = *state;
    ck_json_kinds *out = kinds;
    uint32_t *visit = visits;
    const uint64_t dense = state->dense != 0 ? UINT64_MAX : 0;
    uint64_t started = 0;
    __m512i start = _mm512_setzero_si512();
    for (size_t from = 0; from < blocks; from += STRIP) {
        const size_t now = blocks - from < STRIP ? blocks - from : STRIP;
        see(data, from, now, &c, &strip, number_strip, with_numbers);
        find_strings(&s, data + 64 * from, now, &strip, &t);
        tell(&s, now, &strip, &t, blanks + from, KINDS);
        for (size_t i = 0; i < now; i++) {
            const uint64_t tokens = t.tokens[i], starts = t.starts[i];
            _mm512_storeu_si512(bytes + tokens_here,
                                _mm512_maskz_compress_epi8(tokens, _mm512_loadu_si512(data + 64 * (from + i))));
            tokens_here += (size_t)_mm_popcnt_u64(tokens);

            uint64_t look = starts;
            if (with_numbers) {
                const number_planes *n = number_strip + i;
                look &= ~(dense & (n->digit | strip.minus[i]));
                look |= numbers(&s, t.scalar[i], starts & dense, n->digit, n->zero, n->point, strip.minus[i], n->e);
            }
            const unsigned count = (unsigned)_mm_popcnt_u64(look);
            write_places(visit, look, start, count);
            start = _mm512_add_epi32(start, _mm512_set1_epi32(64));
            visit += count;
            started += (uint64_t)_mm_popcnt_u64(starts);
        }
        // Those that fill no word come to the front.
        size_t done = 0;
        for (; done + 64 <= tokens_here; done += 64) {
            *out++ = kinds_of(look_up(token_table, _mm512_loadu_si512(bytes + done)));
        }
        _mm512_storeu_si512(bytes, _mm512_loadu_si512(bytes + done));
        tokens_here -= done;
    }
    s.kinds = kinds_of(look_up(token_table, _mm512_maskz_loadu_epi8(((uint64_t)1 << tokens_here) - 1, bytes)));
    s.kind_count = tokens_here;
    finish_telling(&t, &s);
    finish_characters(c, data, blocks, &s);
    s.starts = started;
    s.visits = (uint64_t)(visit - visits);
    *state = s;
    return (size_t)(out - kinds);
}

CK_ROW size_t ck_json_kinds_avx512vbmi2(CK_JSON_KINDS_PARAMETERS) {
    if ((state->dense | state->number) != 0) {
        return row_kinds(data, blocks, state, kinds, blanks, visits, 1);
    }
    return row_kinds(data, blocks, state, kinds, blanks, visits, 0);
}

CK_ROW size_t ck_json_compact_avx512vbmi2(CK_JSON_COMPACT_PARAMETERS) {
    uint8_t *at = out;
    uint64_t in_string = state->in_string, carry = state->backslash;
    for (size_t i = 0; i < blocks; i++) {
        const __m512i x = _mm512_loadu_si512(data + 64 * i);
        const uint64_t backslash = equal(x, '\\');
        uint64_t quote = equal(x, '"');
        if ((backslash | carry) != 0) {
            quote &= ~escaped_bytes(backslash, &carry);
        }
        const uint64_t string = prefix_xor(quote) ^ in_string;
        in_string = (uint64_t)((int64_t)string >> 63);
        const uint64_t keep = string | ~blank_bytes(x);
        _mm512_storeu_si512(at, _mm512_maskz_compress_epi8(keep, x));
        at += _mm_popcnt_u64(keep);
    }
    state->in_string = in_string;
    state->backslash = carry;
    return (size_t)(at - out);
}

CK_ROW size_t ck_json_squeeze_avx512vbmi2(CK_JSON_SQUEEZE_PARAMETERS) {
    uint8_t *at = out;
    for (size_t i = 0; i < blocks; i++) {
        const uint64_t keep = ~blanks[i];
        // To a register, all of which is stored, what is behind the bytes kept as well: the next block's go over it. To compress to
        // memory takes more than a hundred cycles on Zen 4.
        _mm512_storeu_si512(at, _mm512_maskz_compress_epi8(keep, _mm512_loadu_si512(data + 64 * i)));
        at += _mm_popcnt_u64(keep);
    }
    return (size_t)(at - out);
}
#endif
