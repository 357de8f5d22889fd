// Texts as they stand in JSON strings: what need not be escaped is copied 64 or 32 bytes at a time.
#if defined(__x86_64__)
#include <immintrin.h>

#include "json_escape.h"

#define CK_ROW_512 __attribute__((target("avx512f,avx512bw,avx512vl,bmi,bmi2,popcnt")))

CK_ROW_512 size_t ck_json_escape_avx512bw(CK_JSON_ESCAPE_PARAMETERS) {
    const __m512i space = _mm512_set1_epi8(' '), quote = _mm512_set1_epi8('"'), backslash = _mm512_set1_epi8('\\');
    uint8_t *at = out;
    size_t from = 0;
    while (from < count) {
        const size_t left = count - from;
        const __mmask64 in = left < 64 ? ((uint64_t)1 << left) - 1 : UINT64_MAX;
        const __m512i x = _mm512_maskz_loadu_epi8(in, text + from);
        const uint64_t special = in & (_mm512_cmplt_epu8_mask(x, space) | _mm512_cmpeq_epi8_mask(x, quote) |
                                       _mm512_cmpeq_epi8_mask(x, backslash));
        _mm512_mask_storeu_epi8(at, in, x);
        if (special == 0) {
            const size_t taken = left < 64 ? left : 64;
            from += taken, at += taken;
            continue;
        }
        const size_t plain = (size_t)__builtin_ctzll(special);
        at = write_escape(text[from + plain], at + plain);
        from += plain + 1;
    }
    return (size_t)(at - out);
}

#define CK_ROW_256 __attribute__((target("avx2,bmi,bmi2,popcnt")))

CK_ROW_256 size_t ck_json_escape_avx2(CK_JSON_ESCAPE_PARAMETERS) {
    const __m256i last = _mm256_set1_epi8(31), quote = _mm256_set1_epi8('"'), backslash = _mm256_set1_epi8('\\');
    uint8_t *at = out;
    size_t from = 0;
    // As many as are loaded may be stored: what is left of the text has room for six times as much.
    while (count - from >= 32) {
        const __m256i x = _mm256_loadu_si256((const __m256i *)(text + from));
        const __m256i low = _mm256_cmpeq_epi8(_mm256_min_epu8(x, last), x);
        const __m256i both = _mm256_or_si256(_mm256_cmpeq_epi8(x, quote), _mm256_cmpeq_epi8(x, backslash));
        const uint32_t special = (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(low, both));
        _mm256_storeu_si256((__m256i *)at, x);
        if (special == 0) {
            from += 32, at += 32;
            continue;
        }
        const size_t plain = (size_t)__builtin_ctz(special);
        at = write_escape(text[from + plain], at + plain);
        from += plain + 1;
    }
    return escape_rest(text + from, count - from, at) + (size_t)(at - out);
}
#endif
