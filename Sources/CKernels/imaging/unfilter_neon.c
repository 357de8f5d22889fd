// Taking PNG's filters off: a pixel at a time in one register, and four rows at once.
#if defined(__aarch64__)
#include "ck_imaging.h"
#include "png_guess.h"
#include <arm_neon.h>
#include <string.h>

#define CK_ROW_INLINE __attribute__((always_inline)) static inline

CK_ROW_INLINE uint8x8_t load_pixel(const uint8_t *data, size_t distance) {
    uint64_t word = 0;
    memcpy(&word, data, distance);
    return vcreate_u8(word);
}

CK_ROW_INLINE void store_pixel(uint8_t *data, uint8x8_t pixel, size_t distance) {
    uint64_t word = vget_lane_u64(vreinterpret_u64_u8(pixel), 0);
    memcpy(data, &word, distance);
}

// The nearest to a + b - c. The distance to c is that of both to c, which as a sum of widened differences fits 16 bits.
CK_ROW_INLINE uint8x8_t paeth(uint8x8_t a, uint8x8_t b, uint8x8_t c) {
    uint8x8_t pa = vabd_u8(b, c), pb = vabd_u8(a, c);
    uint16x8_t wide = vabdq_u16(vaddl_u8(a, b), vshll_n_u8(c, 1));
    // A distance above 255 is never the least: it may stop there.
    uint8x8_t pc = vqmovn_u16(wide);
    uint8x8_t b_or_c = vbsl_u8(vcle_u8(pb, pc), b, c);
    return vbsl_u8(vand_u8(vcle_u8(pa, pb), vcle_u8(pa, pc)), a, b_or_c);
}

CK_ROW_INLINE void row_of(int32_t filter, const uint8_t *raw, const uint8_t *prior, uint8_t *row, size_t count,
                          size_t distance) {
    uint8x8_t a = vcreate_u8(0), c = a;
    for (size_t i = 0; i + distance <= count; i += distance) {
        uint8x8_t x = load_pixel(raw + i, distance), b = load_pixel(prior + i, distance);
        if (filter == 1) a = vadd_u8(x, a);
        if (filter == 3) a = vadd_u8(x, vhadd_u8(a, b));
        if (filter == 4) a = vadd_u8(x, paeth(a, b, c));
        c = b;
        store_pixel(row + i, a, distance);
    }
}

CK_ROW_INLINE void rows_of(int32_t filter, const uint8_t *raw, const uint8_t *prior, uint8_t *row, size_t count,
                           size_t distance) {
    if (filter == 1) row_of(1, raw, prior, row, count, distance);
    if (filter == 3) row_of(3, raw, prior, row, count, distance);
    if (filter == 4) row_of(4, raw, prior, row, count, distance);
}

void ck_unfilter_row_neon(CK_UNFILTER_ROW_PARAMETERS) {
    if (filter == 2) {
        for (size_t i = 0; i < count; i++) row[i] = (uint8_t)(raw[i] + prior[i]);
        return;
    }
    switch (distance) {
    case 1: rows_of(filter, raw, prior, row, count, 1); break;
    case 2: rows_of(filter, raw, prior, row, count, 2); break;
    case 3: rows_of(filter, raw, prior, row, count, 3); break;
    case 4: rows_of(filter, raw, prior, row, count, 4); break;
    case 6: rows_of(filter, raw, prior, row, count, 6); break;
    default: rows_of(filter, raw, prior, row, count, 8); break;
    }
}

// ---------------------------------------------------------------- four rows
//
// Row n at pixel i - n: each waits for its own left neighbour alone, so that four chains run side by side, four bytes of a
// register each. What is above a row is what the row before gave in the step before.

// What the filters of four rows come to: Sub is Paeth of a and two zeros, Up of b and two zeros, None of zeros.
typedef struct {
    uint8x16_t a, b, c, average;
} filters;

// Each byte of `four`, four times.
CK_ROW_INLINE uint8x16_t rows_where(const uint8_t *four) {
    uint8_t bytes[16];
    for (size_t i = 0; i < 16; i++) bytes[i] = four[i / 4] ? 255 : 0;
    return vld1q_u8(bytes);
}

CK_ROW_INLINE filters filters_of(const uint8_t *const *raws) {
    uint8_t a[4], b[4], c[4], average[4];
    for (size_t n = 0; n < 4; n++) {
        uint8_t filter = raws[n][-1];
        a[n] = filter == 1 || filter >= 3;
        b[n] = filter >= 2;
        c[n] = filter == 4;
        average[n] = filter == 3;
    }
    return (filters){rows_where(a), rows_where(b), rows_where(c), rows_where(average)};
}

CK_ROW_INLINE uint8x16_t four_pixels(const uint8_t *first, const uint8_t *second, const uint8_t *third,
                                     const uint8_t *fourth) {
    uint32_t words[4];
    memcpy(words, first, 4);
    memcpy(words + 1, second, 4);
    memcpy(words + 2, third, 4);
    memcpy(words + 3, fourth, 4);
    return vreinterpretq_u8_u32(vld1q_u32(words));
}

CK_ROW_INLINE void store_word(uint8_t *data, uint32_t word) { memcpy(data, &word, 4); }

// In bytes: a + b - c is as far from c as a and b are together where both lie on the same side of it, and else as those differ.
CK_ROW_INLINE uint8x16_t paeth_of_four(uint8x16_t a, uint8x16_t b, uint8x16_t c) {
    uint8x16_t pa = vabdq_u8(b, c), pb = vabdq_u8(a, c);
    uint8x16_t apart = veorq_u8(vcgeq_u8(a, c), vcgeq_u8(b, c));
    uint8x16_t pc = vbslq_u8(apart, vabdq_u8(pa, pb), vqaddq_u8(pa, pb));
    uint8x16_t b_or_c = vbslq_u8(vcleq_u8(pb, pc), b, c);
    return vbslq_u8(vandq_u8(vcleq_u8(pa, pb), vcleq_u8(pa, pc)), a, b_or_c);
}

// `kind`: 0 where all are Paeth, 1 where some are Average, 2 for any.
CK_ROW_INLINE uint8x16_t predict(uint8x16_t a, uint8x16_t b, uint8x16_t c, filters f, int kind) {
    if (kind == 0) return paeth_of_four(a, b, c);
    uint8x16_t average = vhaddq_u8(a, b);
    if (kind == 2) {
        a = vandq_u8(a, f.a);
        b = vandq_u8(b, f.b);
        c = vandq_u8(c, f.c);
    }
    return vbslq_u8(f.average, average, paeth_of_four(a, b, c));
}

// One pixel, for the corners where not all rows have one.
static void pixel_at(const uint8_t *raw, const uint8_t *prior, uint8_t *row, uint8_t filter, size_t at, size_t distance) {
    for (size_t i = at * distance; i < (at + 1) * distance; i++) {
        int a = at ? row[i - distance] : 0, c = at ? prior[i - distance] : 0;
        row[i] = (uint8_t)(raw[i] + ck_png_guess(filter, a, prior[i], c));
    }
}

CK_ROW_INLINE void four_rows(const uint8_t *raw, size_t raw_stride, const uint8_t *prior, uint8_t *rows, size_t stride,
                             size_t count, size_t distance, int kind) {
    const uint8_t *raws[4] = {raw, raw + raw_stride, raw + 2 * raw_stride, raw + 3 * raw_stride};
    uint8_t *row[4] = {rows, rows + stride, rows + 2 * stride, rows + 3 * stride};
    const uint8_t *above[4] = {prior, row[0], row[1], row[2]};
    filters f = filters_of(raws);

    for (size_t n = 0; n < 3; n++) {
        for (size_t i = 0; i + n < 3; i++) pixel_at(raws[n], above[n], row[n], raws[n][-1], i, distance);
    }
    // The last row has no pixel yet, and zeros to its left.
    const uint8_t none[4] = {0, 0, 0, 0};
    uint8x16_t x = four_pixels(row[0] + 2 * distance, row[1] + distance, row[2], none);
    uint8x16_t above_x = four_pixels(prior + 2 * distance, row[0] + distance, row[1], none);
    // Beside three bytes lies the next pixel's first: a lane that no other lane looks at.
    for (size_t i = 3; i + 1 < count; i++) {
        size_t at = i * distance;
        uint32_t word;
        memcpy(&word, prior + at, 4);
        uint8x16_t b = vextq_u8(vreinterpretq_u8_u32(vdupq_n_u32(word)), x, 12);
        uint8x16_t next = four_pixels(raws[0] + at, raws[1] + at - distance, raws[2] + at - 2 * distance,
                                      raws[3] + at - 3 * distance);
        next = vaddq_u8(next, predict(x, b, above_x, f, kind));
        uint32x4_t words = vreinterpretq_u32_u8(next);
        store_word(row[0] + at, vgetq_lane_u32(words, 0));
        store_word(row[1] + at - distance, vgetq_lane_u32(words, 1));
        store_word(row[2] + at - 2 * distance, vgetq_lane_u32(words, 2));
        store_word(row[3] + at - 3 * distance, vgetq_lane_u32(words, 3));
        x = next;
        above_x = b;
    }
    for (size_t n = 0; n < 4; n++) {
        for (size_t i = count - 1 - n; i < count; i++) pixel_at(raws[n], above[n], row[n], raws[n][-1], i, distance);
    }
}

void ck_unfilter_four_neon(CK_UNFILTER_FOUR_PARAMETERS) {
    int least = 4, all = 4;
    for (size_t n = 0; n < 4; n++) {
        int filter = (raw + n * raw_stride)[-1];
        if (filter < least) least = filter;
        all &= filter;
    }
    int kind = all == 4 ? 0 : least >= 3 ? 1 : 2;
    if (distance == 3) {
        if (kind == 0) four_rows(raw, raw_stride, prior, rows, stride, count, 3, 0);
        if (kind == 1) four_rows(raw, raw_stride, prior, rows, stride, count, 3, 1);
        if (kind == 2) four_rows(raw, raw_stride, prior, rows, stride, count, 3, 2);
    } else {
        if (kind == 0) four_rows(raw, raw_stride, prior, rows, stride, count, 4, 0);
        if (kind == 1) four_rows(raw, raw_stride, prior, rows, stride, count, 4, 1);
        if (kind == 2) four_rows(raw, raw_stride, prior, rows, stride, count, 4, 2);
    }
}
#endif
