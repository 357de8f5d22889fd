// The row for AVX-512 with VBMI2: VPCOMPRESSB takes together the places of the bits of a mask, and the bytes that are no blanks.
#if defined(__x86_64__)
#include <immintrin.h>

#include "json_block.h"

#define CK_ROW __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,pclmul,popcnt,lzcnt")))
#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

// Writes 16 offsets of 64 in any case: up to 63 words after the last one hold anything.
CK_ROW_INLINE void row_offsets(uint32_t *out, uint64_t mask, uint32_t base, unsigned count) {
    static const uint8_t bytes[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                      22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
                                      44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m512i places = _mm512_maskz_compress_epi8(mask, _mm512_loadu_si512(bytes));
    const __m512i start = _mm512_set1_epi32((int)base);
#define CK_QUARTER(i)                \
    _mm512_storeu_si512(out + 16 * i, \
                        _mm512_add_epi32(start, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(places, i))))
    CK_QUARTER(0);
    if (__builtin_expect(count > 16, 0)) {
        CK_QUARTER(1);
        if (count > 32) {
            CK_QUARTER(2), CK_QUARTER(3);
        }
    }
#undef CK_QUARTER
}

CK_ROW_INLINE void row_visits(uint32_t *out, uint64_t mask, uint32_t base, unsigned count) {
    row_offsets(out, mask, base, count);
}

#include "json_avx512.h"

CK_ROW size_t ck_json_index_avx512vbmi2(CK_JSON_INDEX_PARAMETERS) {
    return index_blocks(data, blocks, state, index, escapes);
}

CK_ROW size_t ck_json_kinds_avx512vbmi2(CK_JSON_KINDS_PARAMETERS) {
    return kinds_of_blocks(data, blocks, state, kinds, blanks, visits);
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
