// Pixels to single precision and back, alpha multiplied in and divided out, by AVX2: eight numbers at a time, which are two
// pixels of three or four channels.
#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "resample_pixels.h"

#define CK_ROW __attribute__((target("avx2")))
#define CK_INLINE CK_ROW static inline __attribute__((always_inline))

// Eight samples, or two pixels of three channels with nothing after each: from 8 or 16 bytes.
CK_INLINE __m256 ck_load(const uint8_t *at, const size_t channels, const size_t bits) {
    const char none = -128;
    __m256i samples;
    if (bits == 8) {
        __m128i bytes = _mm_loadl_epi64((const __m128i *)at);
        if (channels == 3)
            bytes = _mm_shuffle_epi8(bytes, _mm_setr_epi8(0, 1, 2, none, 3, 4, 5, none, none, none, none, none, none, none, none, none));
        samples = _mm256_cvtepu8_epi32(bytes);
    } else {
        __m128i words = _mm_loadu_si128((const __m128i *)at);
        if (channels == 3)
            words = _mm_shuffle_epi8(words, _mm_setr_epi8(0, 1, 2, 3, 4, 5, none, none, 6, 7, 8, 9, 10, 11, none, none));
        samples = _mm256_cvtepu16_epi32(words);
    }
    return _mm256_cvtepi32_ps(samples);
}

// Alpha of each pixel to all its numbers.
CK_INLINE __m256 ck_alphas(__m256 values, const size_t channels) {
    return channels == 4 ? _mm256_permute_ps(values, 0xff) : _mm256_permute_ps(values, 0xf5);
}

CK_INLINE __m256 ck_with_alpha(__m256 colours, __m256 alpha, const size_t channels) {
    return channels == 4 ? _mm256_blend_ps(colours, alpha, 0x88) : _mm256_blend_ps(colours, alpha, 0xaa);
}

CK_INLINE void ck_widen(CK_RESAMPLE_WIDEN_PARAMETERS) {
    const float top = bits == 8 ? 255 : 65535;
    const __m256 scale = _mm256_set1_ps(1 / top);
    const size_t lanes = channels == 3 ? 4 : channels, step = 8 / lanes, bytes = channels * bits / 8;
    // Two pixels of three channels are read with what comes after them, which must be there.
    const size_t needed = channels == 3 ? 3 : step;
    size_t i = 0;
    for (; i + needed <= pixels; i += step) {
        __m256 values = ck_load((const uint8_t *)source + i * bytes, channels, bits);
        if (alpha) {
            __m256 factor = _mm256_mul_ps(ck_alphas(values, channels), scale);
            values = ck_with_alpha(_mm256_mul_ps(values, factor), values, channels);
        }
        _mm256_storeu_ps(output + i * lanes, values);
    }
    ck_widen_rest((const uint8_t *)source + i * bytes, output + i * lanes, pixels - i, channels, bits, alpha);
}

CK_INLINE void ck_narrow(CK_RESAMPLE_NARROW_PARAMETERS) {
    const char none = -128;
    const __m256 top = _mm256_set1_ps(bits == 8 ? 255 : 65535), half = _mm256_set1_ps(0.5f);
    const size_t lanes = channels == 3 ? 4 : channels, step = 8 / lanes, bytes = channels * bits / 8;
    const size_t needed = channels == 3 ? 3 : step;
    size_t i = 0;
    for (; i + needed <= pixels; i += step) {
        __m256 values = _mm256_loadu_ps(source + i * lanes);
        if (alpha) {
            __m256 alphas = ck_alphas(values, channels);
            __m256 shown = _mm256_cmp_ps(_mm256_add_ps(alphas, half), _mm256_set1_ps(1), _CMP_GE_OQ);
            __m256 factor = _mm256_and_ps(_mm256_div_ps(top, alphas), shown);
            values = ck_with_alpha(_mm256_mul_ps(values, factor), values, channels);
        }
        values = _mm256_min_ps(_mm256_max_ps(values, _mm256_setzero_ps()), top);
        __m256i samples = _mm256_cvttps_epi32(_mm256_add_ps(values, half));
        __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(samples), _mm256_extracti128_si256(samples, 1));
        uint8_t *at = (uint8_t *)output + i * bytes;
        if (bits == 8) {
            __m128i packed = _mm_packus_epi16(words, words);
            if (channels == 3)
                packed = _mm_shuffle_epi8(packed, _mm_setr_epi8(0, 1, 2, 4, 5, 6, none, none, none, none, none, none, none, none, none, none));
            _mm_storel_epi64((__m128i *)at, packed);
        } else {
            if (channels == 3)
                words = _mm_shuffle_epi8(words, _mm_setr_epi8(0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, none, none, none, none));
            _mm_storeu_si128((__m128i *)at, words);
        }
    }
    ck_narrow_rest(source + i * lanes, (uint8_t *)output + i * bytes, pixels - i, channels, bits, alpha);
}

CK_ROW void ck_resample_widen_avx2(CK_RESAMPLE_WIDEN_PARAMETERS) { CK_EACH_FORMAT(ck_widen) }

CK_ROW void ck_resample_narrow_avx2(CK_RESAMPLE_NARROW_PARAMETERS) { CK_EACH_FORMAT(ck_narrow) }
#endif
