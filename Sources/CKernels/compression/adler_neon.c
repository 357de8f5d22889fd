// Adler-32, 16 bytes at a time.
#if defined(__aarch64__)
#include <arm_neon.h>

#include "adler_sums.h"

uint32_t ck_adler_neon(CK_ADLER_PARAMETERS) {
    static const uint8_t weights[16] = {16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
    const uint8x8_t high = vld1_u8(weights), low = vld1_u8(weights + 8);
    ck_adler_sums sums = ck_adler_start(adler);
    while (length >= 16) {
        size_t chunk = length < ck_adler_chunk ? length & ~(size_t)15 : ck_adler_chunk;
        uint32x4_t sum = vdupq_n_u32(0), before = vdupq_n_u32(0), weighted = vdupq_n_u32(0);
        for (size_t i = 0; i < chunk; i += 16) {
            uint8x16_t bytes = vld1q_u8(data + i);
            before = vaddq_u32(before, sum);
            sum = vpadalq_u16(sum, vpaddlq_u8(bytes));
            // At most 255 x (16 + 8): the 16 bits hold it.
            uint16x8_t products = vmull_u8(vget_low_u8(bytes), high);
            weighted = vpadalq_u16(weighted, vmlal_u8(products, vget_high_u8(bytes), low));
        }
        sums = ck_adler_add(sums, chunk, vaddvq_u32(sum), 16 * vaddvq_u32(before) + vaddvq_u32(weighted));
        data += chunk;
        length -= chunk;
    }
    return ck_adler_finish(sums, data, length);
}
#endif
