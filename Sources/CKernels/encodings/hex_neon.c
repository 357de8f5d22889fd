// Hexadecimal digits of bytes and back, 16 bytes at a time.
#if defined(__aarch64__)
#include <arm_neon.h>

#include "CKernels.h"

size_t ck_hex_encode_neon(CK_HEX_ENCODE_PARAMETERS) {
    uint8x16_t table = vld1q_u8(digits);
    size_t i = 0;
    for (; length - i >= 16; i += 16) {
        uint8x16_t x = vld1q_u8(bytes + i);
        uint8x16x2_t pairs = {{vqtbl1q_u8(table, vshrq_n_u8(x, 4)), vqtbl1q_u8(table, vandq_u8(x, vdupq_n_u8(15)))}};
        vst2q_u8(text + 2 * i, pairs);
    }
    return i;
}

// The values of digits of either case; `right` keeps its bits where all are digits.
static inline uint8x16_t values(uint8x16_t x, uint8x16_t *right) {
    uint8x16_t decimal = vsubq_u8(x, vdupq_n_u8('0'));
    uint8x16_t letter = vsubq_u8(vorrq_u8(x, vdupq_n_u8(0x20)), vdupq_n_u8('a'));
    uint8x16_t is_decimal = vcleq_u8(decimal, vdupq_n_u8(9)), is_letter = vcleq_u8(letter, vdupq_n_u8(5));
    *right = vandq_u8(*right, vorrq_u8(is_decimal, is_letter));
    return vbslq_u8(is_decimal, decimal, vaddq_u8(letter, vdupq_n_u8(10)));
}

size_t ck_hex_decode_neon(CK_HEX_DECODE_PARAMETERS) {
    size_t i = 0;
    for (; length - i >= 32; i += 32) {
        uint8x16x2_t x = vld2q_u8(text + i);
        uint8x16_t right = vdupq_n_u8(0xff);
        uint8x16_t high = values(x.val[0], &right), low = values(x.val[1], &right);
        if (vminvq_u8(right) != 0xff) break;
        vst1q_u8(bytes + i / 2, vorrq_u8(vshlq_n_u8(high, 4), low));
    }
    return i;
}
#endif
