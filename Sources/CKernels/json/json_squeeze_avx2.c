// Bytes without blanks, eight at a time, by a table of shuffles.
#if defined(__x86_64__)
#include "json_avx2.h"

// Of eight bytes those whose bit is not set in `blank`, in turn: the place of each where it goes.
#define CK_KEPT(blank, i)                                                                                        \
    ((blank) >> (i) & 1 ? 0 : (uint64_t)(i) << 8 * __builtin_popcount(~(unsigned)(blank) & ((1u << (i)) - 1)))
#define CK_ROW_OF(blank)                                                                                         \
    (CK_KEPT(blank, 1) | CK_KEPT(blank, 2) | CK_KEPT(blank, 3) | CK_KEPT(blank, 4) | CK_KEPT(blank, 5) |         \
     CK_KEPT(blank, 6) | CK_KEPT(blank, 7))
#define CK_ROWS_4(x) CK_ROW_OF(x), CK_ROW_OF((x) + 1), CK_ROW_OF((x) + 2), CK_ROW_OF((x) + 3)
#define CK_ROWS_16(x) CK_ROWS_4(x), CK_ROWS_4((x) + 4), CK_ROWS_4((x) + 8), CK_ROWS_4((x) + 12)
#define CK_ROWS_64(x) CK_ROWS_16(x), CK_ROWS_16((x) + 16), CK_ROWS_16((x) + 32), CK_ROWS_16((x) + 48)

// One more, as two are read at once.
static const uint64_t shuffles[257] = {CK_ROWS_64(0), CK_ROWS_64(64), CK_ROWS_64(128), CK_ROWS_64(192)};

CK_ROW_INLINE size_t squeeze(CK_JSON_SQUEEZE_PARAMETERS) {
    uint8_t *at = out;
    for (size_t i = 0; i < blocks; i++, data += 64) {
        if (blanks[i] == 0) {
            const __m256i low = _mm256_loadu_si256((const __m256i *)data);
            const __m256i high = _mm256_loadu_si256((const __m256i *)(data + 32));
            _mm256_storeu_si256((__m256i *)at, low);
            _mm256_storeu_si256((__m256i *)(at + 32), high);
            at += 64;
            continue;
        }
        const uint8_t *mask = (const uint8_t *)&blanks[i];
#pragma GCC unroll 8
        for (int word = 0; word < 8; word++) {
            const unsigned blank = mask[word];
            const __m128i x = _mm_loadl_epi64((const __m128i *)(data + 8 * word));
            const __m128i places = _mm_loadu_si128((const __m128i *)&shuffles[blank]);
            _mm_storel_epi64((__m128i *)(at + 8 * word), _mm_shuffle_epi8(x, places));
            at -= _mm_popcnt_u32(blank);
        }
        at += 64;
    }
    return (size_t)(at - out);
}

CK_ROW size_t ck_json_squeeze_avx2(CK_JSON_SQUEEZE_PARAMETERS) { return squeeze(data, blocks, blanks, out); }

CK_ROW size_t ck_json_compact_avx2(CK_JSON_COMPACT_PARAMETERS) {
    uint64_t in_string = state->in_string, backslash = state->backslash, blanks[CK_STRIP];
    uint8_t *at = out;
    for (size_t first = 0; first < blocks; first += CK_STRIP) {
        const size_t count = blocks - first < CK_STRIP ? blocks - first : CK_STRIP;
        const uint8_t *from = data + 64 * first;
        for (size_t i = 0; i < count; i++) {
            const __m256i *bytes = (const __m256i *)(from + 64 * i);
            const block x = {_mm256_loadu_si256(bytes), _mm256_loadu_si256(bytes + 1)};
            const uint64_t slashes = equal(x, '\\');
            uint64_t quote = equal(x, '"');
            if ((slashes | backslash) != 0) {
                quote &= ~escaped_bytes(slashes, &backslash);
            }
            const uint64_t string = prefix_xor(quote) ^ in_string;
            in_string = (uint64_t)((int64_t)string >> 63);
            blanks[i] = blank_bytes(x) & ~string;
        }
        at += squeeze(from, count, blanks, at);
    }
    state->in_string = in_string;
    state->backslash = backslash;
    return (size_t)(at - out);
}
#endif
