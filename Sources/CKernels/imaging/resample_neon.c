// The passes of a resize by NEON. Weights are multiplied by their halves, 16 bits each, by the widening multiply-and-add.
#if defined(__aarch64__)
#include <arm_neon.h>
#include <string.h>

#include "resample_pixels.h"

#define CK_INLINE static inline __attribute__((always_inline))

// Products are rounded before they are added, as every row does.
#pragma STDC FP_CONTRACT OFF

// ---------------------------------------------------------------- columns of 8-bit pixels

// Four pixels of three channels, with nothing after each; 12 bytes are read.
CK_INLINE uint8x16_t ck_four_of_three(const uint8_t *at) {
    const uint8x16_t places = {0, 1, 2, 255, 3, 4, 5, 255, 6, 7, 8, 255, 9, 10, 11, 255};
    uint32_t last;
    memcpy(&last, at + 8, sizeof last);
    uint8x16_t bytes = vcombine_u8(vld1_u8(at), vcreate_u8(last));
    return vqtbl1q_u8(bytes, places);
}

CK_INLINE int32x4_t ck_total(int32x4_t low, int32x4_t high) {
    return vaddq_s32(vaddq_s32(low, vshlq_n_s32(high, 16)), vdupq_n_s32(1 << 21));
}

// Clamped to bytes, twice over.
CK_INLINE uint8x8_t ck_bytes(int32x4_t total) {
    uint16x4_t words = vqmovun_s32(vshrq_n_s32(total, 22));
    return vqmovn_u16(vcombine_u16(words, words));
}

CK_INLINE void ck_columns_34(const uint8_t *source, uint8_t *output, const int32_t *starts, const int16_t *weights,
                             size_t taps, size_t columns, const size_t channels) {
    for (size_t x = 0; x < columns; x++) {
        const uint8_t *pixels = source + (size_t)starts[x] * channels;
        const int16_t *low = weights + 2 * taps * x, *high = low + taps;
        int32x4_t low_a = vdupq_n_s32(0), low_b = low_a, high_a = low_a, high_b = low_a;
        for (size_t j = 0; j < taps; j += 4) {
            const uint8_t *at = pixels + j * channels;
            uint8x16_t bytes = channels == 4 ? vld1q_u8(at) : ck_four_of_three(at);
            int16x8_t a = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(bytes)));
            int16x8_t b = vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(bytes)));
            int16x4_t low_four = vld1_s16(low + j), high_four = vld1_s16(high + j);
            low_a = vmlal_lane_s16(low_a, vget_low_s16(a), low_four, 0);
            low_b = vmlal_lane_s16(low_b, vget_high_s16(a), low_four, 1);
            low_a = vmlal_lane_s16(low_a, vget_low_s16(b), low_four, 2);
            low_b = vmlal_lane_s16(low_b, vget_high_s16(b), low_four, 3);
            high_a = vmlal_lane_s16(high_a, vget_low_s16(a), high_four, 0);
            high_b = vmlal_lane_s16(high_b, vget_high_s16(a), high_four, 1);
            high_a = vmlal_lane_s16(high_a, vget_low_s16(b), high_four, 2);
            high_b = vmlal_lane_s16(high_b, vget_high_s16(b), high_four, 3);
        }
        uint8x8_t bytes = ck_bytes(ck_total(vaddq_s32(low_a, low_b), vaddq_s32(high_a, high_b)));
        uint32_t pixel = vget_lane_u32(vreinterpret_u32_u8(bytes), 0);
        memcpy(output + x * channels, &pixel, channels);
    }
}

CK_INLINE void ck_columns_12(const uint8_t *source, uint8_t *output, const int32_t *starts, const int16_t *weights,
                             size_t taps, size_t columns, const size_t channels) {
    for (size_t x = 0; x < columns; x++) {
        const uint8_t *pixels = source + (size_t)starts[x] * channels;
        const int16_t *low = weights + 2 * taps * x, *high = low + taps;
        int32x4_t low_sum = vdupq_n_s32(0), high_sum = low_sum;
        for (size_t j = 0; j < taps; j += 4) {
            int16x4_t low_four = vld1_s16(low + j), high_four = vld1_s16(high + j);
            if (channels == 1) {
                uint32_t four;
                memcpy(&four, pixels + j, sizeof four);
                int16x4_t values = vreinterpret_s16_u16(vget_low_u16(vmovl_u8(vcreate_u8(four))));
                low_sum = vmlal_s16(low_sum, values, low_four);
                high_sum = vmlal_s16(high_sum, values, high_four);
            } else {
                int16x8_t values = vreinterpretq_s16_u16(vmovl_u8(vld1_u8(pixels + 2 * j)));
                low_sum = vmlal_s16(low_sum, vget_low_s16(values), vzip1_s16(low_four, low_four));
                low_sum = vmlal_s16(low_sum, vget_high_s16(values), vzip2_s16(low_four, low_four));
                high_sum = vmlal_s16(high_sum, vget_low_s16(values), vzip1_s16(high_four, high_four));
                high_sum = vmlal_s16(high_sum, vget_high_s16(values), vzip2_s16(high_four, high_four));
            }
        }
        // Sums of one channel stand two places apart, or side by side where there is but one.
        low_sum = vaddq_s32(low_sum, vextq_s32(low_sum, low_sum, 2));
        high_sum = vaddq_s32(high_sum, vextq_s32(high_sum, high_sum, 2));
        if (channels == 1) {
            low_sum = vaddq_s32(low_sum, vrev64q_s32(low_sum));
            high_sum = vaddq_s32(high_sum, vrev64q_s32(high_sum));
        }
        uint32_t pixel = vget_lane_u32(vreinterpret_u32_u8(ck_bytes(ck_total(low_sum, high_sum))), 0);
        memcpy(output + x * channels, &pixel, channels);
    }
}

void ck_resample_columns_neon(CK_RESAMPLE_COLUMNS_PARAMETERS) {
    for (size_t row = 0; row < count; row++, source += stride, output += output_stride) {
        switch (channels) {
            case 4: ck_columns_34(source, output, starts, weights, taps, columns, 4); break;
            case 3: ck_columns_34(source, output, starts, weights, taps, columns, 3); break;
            case 2: ck_columns_12(source, output, starts, weights, taps, columns, 2); break;
            default: ck_columns_12(source, output, starts, weights, taps, columns, 1); break;
        }
    }
}

// ---------------------------------------------------------------- rows of 8-bit samples

void ck_resample_rows_neon(CK_RESAMPLE_ROWS_PARAMETERS) {
    for (size_t i = 0; i < samples; i += 16) {
        int32x4_t none = vdupq_n_s32(0);
        int32x4_t low_sum[4] = {none, none, none, none}, high_sum[4] = {none, none, none, none};
        for (size_t j = 0; j < count; j++) {
            int16_t low = weights[j], high = weights[weights_stride + j];
            uint8x16_t bytes = vld1q_u8(rows[j] + i);
            int16x8_t a = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(bytes)));
            int16x8_t b = vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(bytes)));
            int16x4_t parts[4] = {vget_low_s16(a), vget_high_s16(a), vget_low_s16(b), vget_high_s16(b)};
            for (int k = 0; k < 4; k++) {
                low_sum[k] = vmlal_n_s16(low_sum[k], parts[k], low);
                high_sum[k] = vmlal_n_s16(high_sum[k], parts[k], high);
            }
        }
        uint16x4_t words[4];
        for (int k = 0; k < 4; k++) words[k] = vqmovun_s32(vshrq_n_s32(ck_total(low_sum[k], high_sum[k]), 22));
        uint8x16_t packed = vcombine_u8(vqmovn_u16(vcombine_u16(words[0], words[1])),
                                        vqmovn_u16(vcombine_u16(words[2], words[3])));
        if (samples - i >= 16) {
            vst1q_u8(output + i, packed);
        } else {
            uint8_t last[16];
            vst1q_u8(last, packed);
            memcpy(output + i, last, samples - i);
        }
    }
}

// ---------------------------------------------------------------- single precision

static inline void ck_wide_columns(const float *_Nonnull source, float *_Nonnull output, const int32_t *_Nonnull starts,
                                   const float *_Nonnull weights, size_t taps, size_t columns, size_t lanes) {
    for (size_t x = 0; x < columns; x++) {
        const float *pixels = source + (size_t)starts[x] * lanes, *weight = weights + taps * x;
        float32x4_t a = vdupq_n_f32(0), b = a, c = a, d = a;
        for (size_t j = 0; j < taps; j += 4) {
            float32x4_t four = vld1q_f32(weight + j);
            const float *at = pixels + lanes * j;
            if (lanes == 4) {
                a = vaddq_f32(a, vmulq_laneq_f32(vld1q_f32(at), four, 0));
                b = vaddq_f32(b, vmulq_laneq_f32(vld1q_f32(at + 4), four, 1));
                c = vaddq_f32(c, vmulq_laneq_f32(vld1q_f32(at + 8), four, 2));
                d = vaddq_f32(d, vmulq_laneq_f32(vld1q_f32(at + 12), four, 3));
            } else if (lanes == 2) {
                a = vaddq_f32(a, vmulq_f32(vld1q_f32(at), vzip1q_f32(four, four)));
                b = vaddq_f32(b, vmulq_f32(vld1q_f32(at + 4), vzip2q_f32(four, four)));
            } else {
                a = vaddq_f32(a, vmulq_f32(vld1q_f32(at), four));
            }
        }
        if (lanes == 4) {
            vst1q_f32(output + 4 * x, vaddq_f32(vaddq_f32(a, c), vaddq_f32(b, d)));
        } else if (lanes == 2) {
            float32x4_t sum = vaddq_f32(a, b);
            vst1_f32(output + 2 * x, vadd_f32(vget_low_f32(sum), vget_high_f32(sum)));
        } else {
            float32x2_t sum = vadd_f32(vget_low_f32(a), vget_high_f32(a));
            output[x] = vget_lane_f32(sum, 0) + vget_lane_f32(sum, 1);
        }
    }
}

void ck_resample_wide_columns_neon(CK_RESAMPLE_WIDE_COLUMNS_PARAMETERS) {
    for (size_t row = 0; row < count; row++)
        ck_wide_columns(source + row * stride, output + row * output_stride, starts, weights, taps, columns, lanes);
}

void ck_resample_wide_rows_neon(CK_RESAMPLE_WIDE_ROWS_PARAMETERS) {
    for (size_t i = 0; i < samples; i += 16) {
        float32x4_t none = vdupq_n_f32(0), sums[4] = {none, none, none, none};
        for (size_t j = 0; j < count; j++)
            for (int k = 0; k < 4; k++)
                sums[k] = vaddq_f32(sums[k], vmulq_n_f32(vld1q_f32(rows[j] + i + 4 * k), weights[j]));
        for (int k = 0; k < 4; k++) vst1q_f32(output + i + 4 * k, sums[k]);
    }
}

// The compiler makes vectors of these where it pays.
void ck_resample_widen_neon(CK_RESAMPLE_WIDEN_PARAMETERS) { CK_EACH_FORMAT(ck_widen_rest) }

void ck_resample_narrow_neon(CK_RESAMPLE_NARROW_PARAMETERS) { CK_EACH_FORMAT(ck_narrow_rest) }
#endif
