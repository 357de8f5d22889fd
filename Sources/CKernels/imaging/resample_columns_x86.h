// Columns of 8-bit pixels by the multiply-and-add of 16-bit pairs, for a file that defines
//
//   CK_ROW                 the target attribute
//   CK_DOT(sum, a, b)      sum + a . b, pairs of 16 bits to 32, 256 bits
//   CK_DOT_128(sum, a, b)  the same of 128 bits
//
// A weight has 24 bits: its halves are multiplied apart, and put together once a column. Eight pixels make two vectors of
// pairs: of taps 0 1 | 4 5 and of taps 2 3 | 6 7, each pair for all channels. Rows go together, so that weights are spread
// once for all of them.
#include <immintrin.h>
#include <string.h>

#include "CKernels.h"

#define CK_INLINE CK_ROW static inline __attribute__((always_inline))

enum { zero = -128 };  // for a byte shuffle

// Pixels as they lie in 16 bytes, to pairs of one channel. Eight pixels of three channels overlap in their second vector,
// where they lie 4 bytes further on.
CK_INLINE __m256i ck_pairs(size_t channels, int second) {
    if (channels == 4) {
        char a = second ? 8 : 0;
        __m128i pairs = _mm_setr_epi8(a, zero, a + 4, zero, a + 1, zero, a + 5, zero, a + 2, zero, a + 6, zero, a + 3, zero,
                                      a + 7, zero);
        return _mm256_broadcastsi128_si256(pairs);
    }
    char a = second ? 6 : 0, b = a + 4;
    return _mm256_setr_epi8(a, zero, a + 3, zero, a + 1, zero, a + 4, zero, a + 2, zero, a + 5, zero, zero, zero, zero, zero,
                            b, zero, b + 3, zero, b + 1, zero, b + 4, zero, b + 2, zero, b + 5, zero, zero, zero, zero, zero);
}

CK_INLINE __m256i ck_eight(size_t channels, const uint8_t *_Nonnull at) {
    if (channels == 4) return _mm256_loadu_si256((const __m256i *)at);
    __m128i low = _mm_loadu_si128((const __m128i *)at), high = _mm_loadu_si128((const __m128i *)(at + 8));
    return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
}

CK_INLINE __m128i ck_four(size_t channels, const uint8_t *_Nonnull at) {
    if (channels == 4) return _mm_loadu_si128((const __m128i *)at);
    int32_t last;
    memcpy(&last, at + 8, sizeof last);
    return _mm_insert_epi32(_mm_loadl_epi64((const __m128i *)at), last, 2);
}

// Sums of the halves to the four channels of a pixel, in the lowest 32 bits.
CK_INLINE __m128i ck_pixel(__m128i low, __m128i high) {
    __m128i sum = _mm_add_epi32(_mm_add_epi32(low, _mm_slli_epi32(high, 16)), _mm_set1_epi32(1 << 21));
    sum = _mm_packs_epi32(_mm_srai_epi32(sum, 22), _mm_setzero_si128());
    return _mm_packus_epi16(sum, sum);
}

CK_INLINE __m128i ck_halves(__m256i sum) {
    return _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
}

// Three or four channels, `count` rows at once.
CK_INLINE void ck_columns_34(const uint8_t *_Nonnull source, size_t stride, uint8_t *_Nonnull output, size_t output_stride,
                             const int count, const int32_t *_Nonnull starts, const int16_t *_Nonnull weights, size_t taps,
                             size_t columns, const size_t channels) {
    const __m256i first = ck_pairs(channels, 0), second = ck_pairs(channels, 1);
    for (size_t x = 0; x < columns; x++) {
        const uint8_t *pixels = source + (size_t)starts[x] * channels;
        const int16_t *low = weights + 2 * taps * x, *high = low + taps;
        __m256i low_sum[4], high_sum[4];
        for (int row = 0; row < count; row++) low_sum[row] = high_sum[row] = _mm256_setzero_si256();
        size_t j = 0;
        for (; j + 8 <= taps; j += 8) {
            __m256i spread_low = _mm256_cvtepu32_epi64(_mm_loadu_si128((const __m128i *)(low + j)));
            __m256i spread_high = _mm256_cvtepu32_epi64(_mm_loadu_si128((const __m128i *)(high + j)));
            __m256i low_a = _mm256_shuffle_epi32(spread_low, 0x00), low_b = _mm256_shuffle_epi32(spread_low, 0xaa);
            __m256i high_a = _mm256_shuffle_epi32(spread_high, 0x00), high_b = _mm256_shuffle_epi32(spread_high, 0xaa);
            for (int row = 0; row < count; row++) {
                __m256i eight = ck_eight(channels, pixels + (size_t)row * stride + j * channels);
                __m256i a = _mm256_shuffle_epi8(eight, first), b = _mm256_shuffle_epi8(eight, second);
                low_sum[row] = CK_DOT(CK_DOT(low_sum[row], a, low_a), b, low_b);
                high_sum[row] = CK_DOT(CK_DOT(high_sum[row], a, high_a), b, high_b);
            }
        }
        __m128i low_four = _mm_setzero_si128(), high_four = _mm_setzero_si128();
        if (j < taps) {
            low_four = _mm_loadl_epi64((const __m128i *)(low + j));
            high_four = _mm_loadl_epi64((const __m128i *)(high + j));
        }
        for (int row = 0; row < count; row++) {
            __m128i low_total = ck_halves(low_sum[row]), high_total = ck_halves(high_sum[row]);
            if (j < taps) {
                __m128i four = ck_four(channels, pixels + (size_t)row * stride + j * channels);
                __m128i a = _mm_shuffle_epi8(four, _mm256_castsi256_si128(first));
                __m128i b = _mm_shuffle_epi8(four, _mm256_castsi256_si128(second));
                low_total = CK_DOT_128(low_total, a, _mm_shuffle_epi32(low_four, 0x00));
                low_total = CK_DOT_128(low_total, b, _mm_shuffle_epi32(low_four, 0x55));
                high_total = CK_DOT_128(high_total, a, _mm_shuffle_epi32(high_four, 0x00));
                high_total = CK_DOT_128(high_total, b, _mm_shuffle_epi32(high_four, 0x55));
            }
            int32_t pixel = _mm_cvtsi128_si32(ck_pixel(low_total, high_total));
            uint8_t *at = output + (size_t)row * output_stride + x * channels;
            // The byte after three is the next pixel's first, which is yet to be written; the last pixel has no next.
            if (channels == 4 || x + 1 < columns) {
                memcpy(at, &pixel, 4);
            } else {
                memcpy(at, &pixel, 3);
            }
        }
    }
}

// One or two channels, a row.
CK_INLINE void ck_columns_12(const uint8_t *_Nonnull source, uint8_t *_Nonnull output, const int32_t *_Nonnull starts, const int16_t *_Nonnull weights,
                             size_t taps, size_t columns, const size_t channels) {
    const __m128i pairs = _mm_setr_epi8(0, zero, 2, zero, 1, zero, 3, zero, 4, zero, 6, zero, 5, zero, 7, zero);
    for (size_t x = 0; x < columns; x++) {
        const uint8_t *pixels = source + (size_t)starts[x] * channels;
        const int16_t *low = weights + 2 * taps * x, *high = low + taps;
        __m128i low_sum = _mm_setzero_si128(), high_sum = _mm_setzero_si128();
        for (size_t j = 0; j < taps; j += 4) {
            __m128i low_four = _mm_loadl_epi64((const __m128i *)(low + j));
            __m128i high_four = _mm_loadl_epi64((const __m128i *)(high + j));
            __m128i four;
            if (channels == 1) {
                int32_t bytes;
                memcpy(&bytes, pixels + j, sizeof bytes);
                four = _mm_cvtepu8_epi16(_mm_cvtsi32_si128(bytes));
            } else {
                four = _mm_shuffle_epi8(_mm_loadl_epi64((const __m128i *)(pixels + 2 * j)), pairs);
                low_four = _mm_unpacklo_epi32(low_four, low_four);
                high_four = _mm_unpacklo_epi32(high_four, high_four);
            }
            low_sum = CK_DOT_128(low_sum, four, low_four);
            high_sum = CK_DOT_128(high_sum, four, high_four);
        }
        // Sums of one channel stand two places apart, or side by side where there is but one.
        low_sum = _mm_add_epi32(low_sum, _mm_shuffle_epi32(low_sum, 0xee));
        high_sum = _mm_add_epi32(high_sum, _mm_shuffle_epi32(high_sum, 0xee));
        if (channels == 1) {
            low_sum = _mm_add_epi32(low_sum, _mm_shuffle_epi32(low_sum, 0x55));
            high_sum = _mm_add_epi32(high_sum, _mm_shuffle_epi32(high_sum, 0x55));
        }
        int32_t pixel = _mm_cvtsi128_si32(ck_pixel(low_sum, high_sum));
        memcpy(output + x * channels, &pixel, channels);
    }
}

CK_INLINE void ck_columns(CK_RESAMPLE_COLUMNS_PARAMETERS) {
    if (channels == 4 && count == 4) {
        ck_columns_34(source, stride, output, output_stride, 4, starts, weights, taps, columns, 4);
    } else if (channels == 3 && count == 4) {
        ck_columns_34(source, stride, output, output_stride, 4, starts, weights, taps, columns, 3);
    } else {
        for (size_t row = 0; row < count; row++, source += stride, output += output_stride) {
            switch (channels) {
                case 4: ck_columns_34(source, 0, output, 0, 1, starts, weights, taps, columns, 4); break;
                case 3: ck_columns_34(source, 0, output, 0, 1, starts, weights, taps, columns, 3); break;
                case 2: ck_columns_12(source, output, starts, weights, taps, columns, 2); break;
                default: ck_columns_12(source, output, starts, weights, taps, columns, 1); break;
            }
        }
    }
}
