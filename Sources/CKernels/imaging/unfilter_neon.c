// Taking PNG's filters off: a pixel at a time in one register.
#if defined(__aarch64__)
#include "ck_imaging.h"
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
#endif
