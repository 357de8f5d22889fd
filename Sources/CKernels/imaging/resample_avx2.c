// The passes of a resize by AVX2.
#if defined(__x86_64__)
#define CK_ROW __attribute__((target("avx2")))
#define CK_DOT(sum, a, b) _mm256_add_epi32(sum, _mm256_madd_epi16(a, b))
#define CK_DOT_128(sum, a, b) _mm_add_epi32(sum, _mm_madd_epi16(a, b))

#include "resample_columns_x86.h"

// Products are rounded before they are added, as every row does.
#pragma STDC FP_CONTRACT OFF

CK_ROW void ck_resample_columns_avx2(CK_RESAMPLE_COLUMNS_PARAMETERS) {
    ck_columns(source, stride, output, output_stride, count, starts, weights, taps, columns, channels);
}

CK_ROW void ck_resample_rows_avx2(CK_RESAMPLE_ROWS_PARAMETERS) {
    const __m256i none = _mm256_setzero_si256();
    for (size_t i = 0; i < samples; i += 32) {
        __m256i low_sum[4] = {none, none, none, none}, high_sum[4] = {none, none, none, none};
        for (size_t j = 0; j < count; j += 2) {
            int32_t low, high;
            memcpy(&low, weights + j, sizeof low);
            memcpy(&high, weights + weights_stride + j, sizeof high);
            __m256i low_pair = _mm256_set1_epi32(low), high_pair = _mm256_set1_epi32(high);
            __m256i a = _mm256_loadu_si256((const __m256i *)(rows[j] + i));
            __m256i b = _mm256_loadu_si256((const __m256i *)(rows[j + 1] + i));
            __m256i first = _mm256_unpacklo_epi8(a, b), second = _mm256_unpackhi_epi8(a, b);
            __m256i pairs[4] = {_mm256_unpacklo_epi8(first, none), _mm256_unpackhi_epi8(first, none),
                                _mm256_unpacklo_epi8(second, none), _mm256_unpackhi_epi8(second, none)};
            for (int k = 0; k < 4; k++) {
                low_sum[k] = CK_DOT(low_sum[k], pairs[k], low_pair);
                high_sum[k] = CK_DOT(high_sum[k], pairs[k], high_pair);
            }
        }
        for (int k = 0; k < 4; k++) {
            __m256i sum = _mm256_add_epi32(low_sum[k], _mm256_slli_epi32(high_sum[k], 16));
            low_sum[k] = _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(1 << 21)), 22);
        }
        __m256i packed = _mm256_packus_epi16(_mm256_packs_epi32(low_sum[0], low_sum[1]), _mm256_packs_epi32(low_sum[2], low_sum[3]));
        if (samples - i >= 32) {
            _mm256_storeu_si256((__m256i *)(output + i), packed);
        } else {
            uint8_t last[32];
            _mm256_storeu_si256((__m256i *)last, packed);
            memcpy(output + i, last, samples - i);
        }
    }
}

// Two weights, again and again.
CK_INLINE __m256 ck_two(const float *weights) {
    double two;
    memcpy(&two, weights, sizeof two);
    return _mm256_castpd_ps(_mm256_set1_pd(two));
}

// Pixels of four numbers, `count` rows at once.
CK_INLINE void ck_wide_columns_4(const float *_Nonnull source, size_t stride, float *_Nonnull output, size_t output_stride,
                                 const int count, const int32_t *_Nonnull starts, const float *_Nonnull weights, size_t taps,
                                 size_t columns) {
    __m256i spread = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
    // A compiler that knows the numbers takes two shuffles instead, one of them across lanes: 6.5 cycles four taps, not 3.
    __asm__("" : "+x"(spread));
    for (size_t x = 0; x < columns; x++) {
        const float *pixels = source + (size_t)starts[x] * 4, *weight = weights + taps * x;
        __m256 a[4], b[4];
        for (int row = 0; row < count; row++) a[row] = b[row] = _mm256_setzero_ps();
        for (size_t j = 0; j < taps; j += 4) {
            __m256 first = _mm256_permutevar_ps(ck_two(weight + j), spread);
            __m256 second = _mm256_permutevar_ps(ck_two(weight + j + 2), spread);
            for (int row = 0; row < count; row++) {
                const float *at = pixels + (size_t)row * stride + 4 * j;
                a[row] = _mm256_add_ps(a[row], _mm256_mul_ps(_mm256_loadu_ps(at), first));
                b[row] = _mm256_add_ps(b[row], _mm256_mul_ps(_mm256_loadu_ps(at + 8), second));
            }
        }
        for (int row = 0; row < count; row++) {
            __m256 sum = _mm256_add_ps(a[row], b[row]);
            _mm_storeu_ps(output + (size_t)row * output_stride + 4 * x,
                          _mm_add_ps(_mm256_castps256_ps128(sum), _mm256_extractf128_ps(sum, 1)));
        }
    }
}

// One or two numbers, a row.
CK_INLINE void ck_wide_columns_12(const float *_Nonnull source, float *_Nonnull output, const int32_t *_Nonnull starts,
                                  const float *_Nonnull weights, size_t taps, size_t columns, const size_t lanes) {
    for (size_t x = 0; x < columns; x++) {
        const float *pixels = source + (size_t)starts[x] * lanes, *weight = weights + taps * x;
        __m128 a = _mm_setzero_ps(), b = _mm_setzero_ps();
        for (size_t j = 0; j < taps; j += 4) {
            __m128 four = _mm_loadu_ps(weight + j);
            if (lanes == 1) {
                a = _mm_add_ps(a, _mm_mul_ps(_mm_loadu_ps(pixels + j), four));
            } else {
                a = _mm_add_ps(a, _mm_mul_ps(_mm_loadu_ps(pixels + 2 * j), _mm_unpacklo_ps(four, four)));
                b = _mm_add_ps(b, _mm_mul_ps(_mm_loadu_ps(pixels + 2 * j + 4), _mm_unpackhi_ps(four, four)));
            }
        }
        // One lane: sums 0 1 2 3; two: sums 0 0 1 1 and 2 2 3 3.
        __m128 sum = lanes == 1 ? _mm_add_ps(a, _mm_movehl_ps(a, a)) : _mm_add_ps(a, b);
        if (lanes == 1) {
            _mm_store_ss(output + x, _mm_add_ss(sum, _mm_shuffle_ps(sum, sum, 0x55)));
        } else {
            _mm_storel_pi((__m64 *)(output + 2 * x), _mm_add_ps(sum, _mm_movehl_ps(sum, sum)));
        }
    }
}

CK_ROW void ck_resample_wide_columns_avx2(CK_RESAMPLE_WIDE_COLUMNS_PARAMETERS) {
    if (lanes == 4 && count == 4) {
        ck_wide_columns_4(source, stride, output, output_stride, 4, starts, weights, taps, columns);
        return;
    }
    for (size_t row = 0; row < count; row++, source += stride, output += output_stride) {
        switch (lanes) {
            case 4: ck_wide_columns_4(source, 0, output, 0, 1, starts, weights, taps, columns); break;
            case 2: ck_wide_columns_12(source, output, starts, weights, taps, columns, 2); break;
            default: ck_wide_columns_12(source, output, starts, weights, taps, columns, 1); break;
        }
    }
}

CK_ROW void ck_resample_wide_rows_avx2(CK_RESAMPLE_WIDE_ROWS_PARAMETERS) {
    for (size_t i = 0; i < samples; i += 16) {
        __m256 a = _mm256_setzero_ps(), b = _mm256_setzero_ps();
        for (size_t j = 0; j < count; j++) {
            __m256 weight = _mm256_set1_ps(weights[j]);
            a = _mm256_add_ps(a, _mm256_mul_ps(_mm256_loadu_ps(rows[j] + i), weight));
            b = _mm256_add_ps(b, _mm256_mul_ps(_mm256_loadu_ps(rows[j] + i + 8), weight));
        }
        _mm256_storeu_ps(output + i, a);
        _mm256_storeu_ps(output + i + 8, b);
    }
}
#endif
