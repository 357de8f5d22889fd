// Putting PNG's filters on: 16 bytes at a time, for nothing that is filtered waits for anything else.
#if defined(__aarch64__)
#include "ck_imaging.h"
#include "png_guess.h"
#include <arm_neon.h>

#define CK_ROW_INLINE __attribute__((always_inline)) static inline

// Bytes whose sums fit 32 bits: of each 16, a lane takes 4 of at most 128.
enum { chunk_bytes = 1 << 20 };

// The distance from a + b - c to c is that of a and of b, added up where both lie on the same side of c, and else the difference
// of the two; a sum above 255 is never the least, so that it may stop there.
CK_ROW_INLINE uint8x16_t paeth_of(uint8x16_t a, uint8x16_t b, uint8x16_t c) {
    uint8x16_t pa = vabdq_u8(b, c), pb = vabdq_u8(a, c);
    uint8x16_t apart = veorq_u8(vcgeq_u8(a, c), vcgeq_u8(b, c));
    uint8x16_t pc = vbslq_u8(apart, vabdq_u8(pa, pb), vqaddq_u8(pa, pb));
    uint8x16_t b_or_c = vbslq_u8(vcleq_u8(pb, pc), b, c);
    return vbslq_u8(vandq_u8(vcleq_u8(pa, pb), vcleq_u8(pa, pc)), a, b_or_c);
}

CK_ROW_INLINE uint8x16_t guess_of(int filter, uint8x16_t a, uint8x16_t b, uint8x16_t c) {
    if (filter == 0) return vdupq_n_u8(0);
    if (filter == 1) return a;
    if (filter == 2) return b;
    if (filter == 3) return vhaddq_u8(a, b);
    return paeth_of(a, b, c);
}

CK_ROW_INLINE void add_bytes(const uint8_t *row, const uint8_t *prior, size_t from, size_t to, size_t distance,
                             uint64_t *sums) {
    for (size_t i = from; i < to; i++) {
        int a = i >= distance ? row[i - distance] : 0, c = i >= distance ? prior[i - distance] : 0;
        for (int filter = 0; filter < 5; filter++) {
            int size = (uint8_t)(row[i] - ck_png_guess(filter, a, prior[i], c));
            sums[filter] += (uint64_t)(size < 128 ? size : 256 - size);
        }
    }
}

void ck_filter_sums_neon(CK_FILTER_SUMS_PARAMETERS) {
    for (int filter = 0; filter < 5; filter++) sums[filter] = 0;
    size_t i = distance < count ? distance : count;
    add_bytes(row, prior, 0, i, distance, sums);
    while (i + 16 <= count) {
        size_t end = count - i < chunk_bytes ? count : i + chunk_bytes;
        uint32x4_t total[5] = {vdupq_n_u32(0), vdupq_n_u32(0), vdupq_n_u32(0), vdupq_n_u32(0), vdupq_n_u32(0)};
        for (; i + 16 <= end; i += 16) {
            uint8x16_t x = vld1q_u8(row + i), a = vld1q_u8(row + i - distance);
            uint8x16_t b = vld1q_u8(prior + i), c = vld1q_u8(prior + i - distance);
            for (int filter = 0; filter < 5; filter++) {
                uint8x16_t byte = vsubq_u8(x, guess_of(filter, a, b, c));
                uint8x16_t size = vminq_u8(byte, vsubq_u8(vdupq_n_u8(0), byte));
                total[filter] = vpadalq_u16(total[filter], vpaddlq_u8(size));
            }
        }
        for (int filter = 0; filter < 5; filter++) sums[filter] += vaddlvq_u32(total[filter]);
    }
    add_bytes(row, prior, i, count, distance, sums);
}

CK_ROW_INLINE void apply(int filter, const uint8_t *row, const uint8_t *prior, uint8_t *filtered, size_t count,
                         size_t distance) {
    size_t i = 0;
    for (; i < distance && i < count; i++) filtered[i] = (uint8_t)(row[i] - ck_png_guess(filter, 0, prior[i], 0));
    for (; i + 16 <= count; i += 16) {
        uint8x16_t a = vld1q_u8(row + i - distance), b = vld1q_u8(prior + i), c = vld1q_u8(prior + i - distance);
        vst1q_u8(filtered + i, vsubq_u8(vld1q_u8(row + i), guess_of(filter, a, b, c)));
    }
    for (; i < count; i++) {
        filtered[i] = (uint8_t)(row[i] - ck_png_guess(filter, row[i - distance], prior[i], prior[i - distance]));
    }
}

void ck_filter_row_neon(CK_FILTER_ROW_PARAMETERS) {
    switch (filter) {
    case 1: apply(1, row, prior, filtered, count, distance); break;
    case 2: apply(2, row, prior, filtered, count, distance); break;
    case 3: apply(3, row, prior, filtered, count, distance); break;
    case 4: apply(4, row, prior, filtered, count, distance); break;
    default: apply(0, row, prior, filtered, count, distance); break;
    }
}
#endif
