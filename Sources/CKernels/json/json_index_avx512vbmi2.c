// The row for AVX-512 with VBMI2: VPCOMPRESSB takes together the places of the bits of a mask, and the bytes that are no blanks.
#if defined(__x86_64__)
#include <immintrin.h>

#include "json_eights.h"

CK_ROW size_t ck_json_index_avx512vbmi2(CK_JSON_INDEX_PARAMETERS) {
    uint8_t room[64 * 8];
    uint64_t tokens[STRIP];
    going g = start_planes(state);
    uint32_t *out = index;
    __m512i start = _mm512_setzero_si512(), separators = _mm512_setzero_si512();
    for (size_t first = 0; first < blocks; first += STRIP) {
        const size_t count = blocks - first < STRIP ? blocks - first : STRIP;
        for (size_t i = 0; i < count; i += 8) {
            const size_t now = count - i < 8 ? count - i : 8;
            const __mmask8 there = (__mmask8)((1u << now) - 1);
            const uint8_t *at = all_eight(data + 64 * (first + i), now, room);
            const planes p = see(at);
            note_characters(&g, &p, i, there);
            const strings_of s = find_strings(&g, &p, at, now, there);
            const tokens_of t = find_tokens(&g, &p, &s);
            separators = _mm512_add_epi64(separators, _mm512_popcnt_epi64(alone(p.t, p.b, s.string)));
            // A backslash, added to the ones of its string, carries into the closing quote.
            const __m512i sum = sum_of(s.string, _mm512_and_si512(s.string, p.s), now, &g.s.has_escape);
            _mm512_mask_storeu_epi64(escapes + first + i, there, both_not(sum, s.quote, s.string));
            _mm512_storeu_si512(tokens + i, _mm512_or_si512(or_not(s.quote, p.b, s.string), t.starts));
            g.last = now - 1;
        }
        for (size_t i = 0; i < count; i++) {
            const unsigned found = (unsigned)_mm_popcnt_u64(tokens[i]);
            write_places(out, tokens[i], start, found);
            start = _mm512_add_epi32(start, _mm512_set1_epi32(64));
            out += found;
        }
        check_characters(&g, data, first);
    }
    g.s.separators += (uint64_t)_mm512_reduce_add_epi64(separators);
    finish_planes(&g, data, blocks, state);
    return (size_t)(out - index);
}

// A byte of each kind, where the low `count` bits of the kinds are some.
CK_ROW_INLINE __m512i bytes_of(ck_json_kinds k) {
    __m512i code = _mm512_maskz_set1_epi8(k.bracket, 4);
    code = _mm512_mask_add_epi8(code, k.second, code, _mm512_set1_epi8(2));
    code = _mm512_mask_add_epi8(code, k.third, code, _mm512_set1_epi8(1));
    return _mm512_shuffle_epi8(four_times(_mm_setr_epi8('0', '"', ',', ':', '[', '{', ']', '}', 0, 0, 0, 0, 0, 0, 0, 0)), code);
}

CK_ROW size_t ck_json_kinds_avx512vbmi2(CK_JSON_KINDS_PARAMETERS) {
    uint8_t room[64 * 8];
    uint64_t tokens[STRIP], looks[STRIP];
    going g = start_planes(state);
    // The first bytes of tokens, one after another.
    uint8_t bytes[64 * STRIP + 128];
    size_t tokens_here = state->kind_count;
    _mm512_storeu_si512(bytes, bytes_of(state->kinds));
    ck_json_kinds *out = kinds;
    uint32_t *visit = visits;
    const __m512i dense = _mm512_set1_epi64(state->dense != 0 ? -1 : 0);
    __m512i started = _mm512_setzero_si512();
    for (size_t first = 0; first < blocks; first += STRIP) {
        const size_t count = blocks - first < STRIP ? blocks - first : STRIP;
        uint64_t with_looks = 0;
        // Planes are made of the next eight blocks before these are used: both go on at once.
        planes ahead = see(all_eight(data + 64 * first, count, room));
        for (size_t i = 0; i < count; i += 8) {
            const size_t now = count - i < 8 ? count - i : 8;
            const __mmask8 there = (__mmask8)((1u << now) - 1);
            const uint8_t *at = now == 8 ? data + 64 * (first + i) : room;
            const planes p = ahead;
            if (i + 8 < count) {
                ahead = see(all_eight(data + 64 * (first + i + 8), count - i - 8, room));
            }
            note_characters(&g, &p, i, there);
            const strings_of s = find_strings(&g, &p, at, now, there);
            const tokens_of t = find_tokens(&g, &p, &s);
            _mm512_mask_storeu_epi64(blanks + first + i, there, t.blank);
            started = _mm512_add_epi64(started, _mm512_popcnt_epi64(t.starts));
            _mm512_storeu_si512(tokens + i, first_bytes(&s, &t));
            const __m512i look = numbers_to_visit(&g, &p, &t, dense, now, there);
            _mm512_storeu_si512(looks + i, look);
            with_looks |= (uint64_t)_mm512_test_epi64_mask(look, look) << i;
            g.last = now - 1;
        }
        check_characters(&g, data, first);
        for (size_t i = 0; i < count; i++) {
            const __m512i x = _mm512_loadu_si512(data + 64 * (first + i));
            _mm512_storeu_si512(bytes + tokens_here, _mm512_maskz_compress_epi8(tokens[i], x));
            tokens_here += (size_t)_mm_popcnt_u64(tokens[i]);
        }
        // Those that fill no word come to the front.
        size_t done = 0;
        for (; done + 64 <= tokens_here; done += 64) {
            *out++ = kinds_of(look_up(token_table, _mm512_loadu_si512(bytes + done)));
        }
        _mm512_storeu_si512(bytes, _mm512_loadu_si512(bytes + done));
        tokens_here -= done;
        for (; with_looks != 0; with_looks &= with_looks - 1) {
            const size_t i = (size_t)__builtin_ctzll(with_looks);
            const unsigned found = (unsigned)_mm_popcnt_u64(looks[i]);
            write_places(visit, looks[i], _mm512_set1_epi32((int)(64 * (first + i))), found);
            visit += found;
        }
    }
    g.s.kinds = kinds_of(look_up(token_table, _mm512_maskz_loadu_epi8(((uint64_t)1 << tokens_here) - 1, bytes)));
    g.s.kind_count = tokens_here;
    g.s.starts = (uint64_t)_mm512_reduce_add_epi64(started);
    g.s.visits = (uint64_t)(visit - visits);
    finish_planes(&g, data, blocks, state);
    return (size_t)(out - kinds);
}

// Lines are asked for so many bytes before they are written.
enum { AHEAD = 1024 };

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
        __builtin_prefetch(at + AHEAD, 1);
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
        __builtin_prefetch(at + AHEAD, 1);
        // To a register, all of which is stored, what is behind the bytes kept as well: the next block's go over it. To compress to
        // memory takes more than a hundred cycles on Zen 4.
        _mm512_storeu_si512(at, _mm512_maskz_compress_epi8(keep, _mm512_loadu_si512(data + 64 * i)));
        at += _mm_popcnt_u64(keep);
    }
    return (size_t)(at - out);
}
#endif
