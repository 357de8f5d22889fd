// The passes of a resize by AVX-512: columns of 8-bit pixels by VNNI's dot product of 16-bit pairs, which adds as well.
#if defined(__x86_64__)
#define CK_ROW __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))
#define CK_DOT(sum, a, b) _mm256_dpwssd_epi32(sum, a, b)
#define CK_DOT_128(sum, a, b) _mm_dpwssd_epi32(sum, a, b)

#include "resample_columns_x86.h"

#pragma STDC FP_CONTRACT OFF

CK_ROW void ck_resample_columns_avx512vnni(CK_RESAMPLE_COLUMNS_PARAMETERS) {
    ck_columns(source, stride, output, output_stride, count, starts, weights, taps, columns, channels);
}

CK_ROW void ck_resample_rows_avx512vnni(CK_RESAMPLE_ROWS_PARAMETERS) {
    const __m512i none = _mm512_setzero_si512();
    for (size_t i = 0; i < samples; i += 64) {
        __m512i low_sum[4] = {none, none, none, none}, high_sum[4] = {none, none, none, none};
        for (size_t j = 0; j < count; j += 2) {
            int32_t low, high;
            memcpy(&low, weights + j, sizeof low);
            memcpy(&high, weights + weights_stride + j, sizeof high);
            __m512i low_pair = _mm512_set1_epi32(low), high_pair = _mm512_set1_epi32(high);
            __m512i a = _mm512_loadu_si512(rows[j] + i), b = _mm512_loadu_si512(rows[j + 1] + i);
            __m512i first = _mm512_unpacklo_epi8(a, b), second = _mm512_unpackhi_epi8(a, b);
            __m512i pairs[4] = {_mm512_unpacklo_epi8(first, none), _mm512_unpackhi_epi8(first, none),
                                _mm512_unpacklo_epi8(second, none), _mm512_unpackhi_epi8(second, none)};
            for (int k = 0; k < 4; k++) {
                low_sum[k] = _mm512_dpwssd_epi32(low_sum[k], pairs[k], low_pair);
                high_sum[k] = _mm512_dpwssd_epi32(high_sum[k], pairs[k], high_pair);
            }
        }
        for (int k = 0; k < 4; k++) {
            __m512i sum = _mm512_add_epi32(low_sum[k], _mm512_slli_epi32(high_sum[k], 16));
            low_sum[k] = _mm512_srai_epi32(_mm512_add_epi32(sum, _mm512_set1_epi32(1 << 21)), 22);
        }
        // Within each 128 bits the two packs undo the two unpacks.
        __m512i words_a = _mm512_packs_epi32(low_sum[0], low_sum[1]), words_b = _mm512_packs_epi32(low_sum[2], low_sum[3]);
        __mmask64 written = samples - i >= 64 ? ~0ull : (1ull << (samples - i)) - 1;
        _mm512_mask_storeu_epi8(output + i, written, _mm512_packus_epi16(words_a, words_b));
    }
}

// Pixels of four numbers, `count` rows at once: each 128 bits of a vector are one of the four sums.
CK_INLINE void ck_wide_columns_4(const float *_Nonnull source, size_t stride, float *_Nonnull output, size_t output_stride,
                                 const int count, const int32_t *_Nonnull starts, const float *_Nonnull weights, size_t taps,
                                 size_t columns) {
    const __m512i spread = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
    for (size_t x = 0; x < columns; x++) {
        const float *pixels = source + (size_t)starts[x] * 4, *weight = weights + taps * x;
        float *at = output + 4 * x;
        __m512 sums[4];
        for (int row = 0; row < count; row++) sums[row] = _mm512_setzero_ps();
        for (size_t j = 0; j < taps; j += 4) {
            __m512 four = _mm512_permutevar_ps(_mm512_broadcast_f32x4(_mm_loadu_ps(weight + j)), spread);
            for (int row = 0; row < count; row++)
                sums[row] = _mm512_add_ps(sums[row], _mm512_mul_ps(_mm512_loadu_ps(pixels + (size_t)row * stride + 4 * j), four));
        }
        if (count == 4) {
            // Of two rows first + third and second + fourth, then of all four the sum of these.
            __m512 ab = _mm512_add_ps(_mm512_shuffle_f32x4(sums[0], sums[1], 0x44), _mm512_shuffle_f32x4(sums[0], sums[1], 0xee));
            __m512 cd = _mm512_add_ps(_mm512_shuffle_f32x4(sums[2], sums[3], 0x44), _mm512_shuffle_f32x4(sums[2], sums[3], 0xee));
            __m512 all = _mm512_add_ps(_mm512_shuffle_f32x4(ab, cd, 0x88), _mm512_shuffle_f32x4(ab, cd, 0xdd));
            _mm_storeu_ps(at, _mm512_castps512_ps128(all));
            _mm_storeu_ps(at + output_stride, _mm512_extractf32x4_ps(all, 1));
            _mm_storeu_ps(at + 2 * output_stride, _mm512_extractf32x4_ps(all, 2));
            _mm_storeu_ps(at + 3 * output_stride, _mm512_extractf32x4_ps(all, 3));
        } else {
            __m256 upper = _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(sums[0]), 1));
            __m256 sum = _mm256_add_ps(_mm512_castps512_ps256(sums[0]), upper);
            _mm_storeu_ps(at, _mm_add_ps(_mm256_castps256_ps128(sum), _mm256_extractf128_ps(sum, 1)));
        }
    }
}

CK_ROW void ck_resample_wide_columns_avx512vnni(CK_RESAMPLE_WIDE_COLUMNS_PARAMETERS) {
    if (lanes != 4) {
        ck_resample_wide_columns_avx2(source, stride, output, output_stride, count, starts, weights, taps, columns, lanes);
    } else if (count == 4) {
        ck_wide_columns_4(source, stride, output, output_stride, 4, starts, weights, taps, columns);
    } else {
        for (size_t row = 0; row < count; row++)
            ck_wide_columns_4(source + row * stride, 0, output + row * output_stride, 0, 1, starts, weights, taps, columns);
    }
}

CK_ROW void ck_resample_wide_rows_avx512vnni(CK_RESAMPLE_WIDE_ROWS_PARAMETERS) {
    size_t i = 0;
    for (; i + 32 <= samples; i += 32) {
        __m512 a = _mm512_setzero_ps(), b = _mm512_setzero_ps();
        for (size_t j = 0; j < count; j++) {
            __m512 weight = _mm512_set1_ps(weights[j]);
            a = _mm512_add_ps(a, _mm512_mul_ps(_mm512_loadu_ps(rows[j] + i), weight));
            b = _mm512_add_ps(b, _mm512_mul_ps(_mm512_loadu_ps(rows[j] + i + 16), weight));
        }
        _mm512_storeu_ps(output + i, a);
        _mm512_storeu_ps(output + i + 16, b);
    }
    for (; i < samples; i += 16) {
        __m512 a = _mm512_setzero_ps();
        for (size_t j = 0; j < count; j++)
            a = _mm512_add_ps(a, _mm512_mul_ps(_mm512_loadu_ps(rows[j] + i), _mm512_set1_ps(weights[j])));
        _mm512_storeu_ps(output + i, a);
    }
}
#endif
