// Base64 by tables of 64 bytes in registers: 48 bytes, 64 characters at a time.
#if defined(__aarch64__)
#include <arm_neon.h>

#include "CKernels.h"

size_t ck_base64_encode_neon(CK_BASE64_ENCODE_PARAMETERS) {
    uint8x16x4_t table = vld1q_u8_x4(tables->alphabet);
    uint8x16_t six = vdupq_n_u8(63);
    size_t i = 0;
    for (; length - i >= 48; i += 48, text += 64) {
        uint8x16x3_t x = vld3q_u8(bytes + i);
        uint8x16x4_t out = {{
            vqtbl4q_u8(table, vshrq_n_u8(x.val[0], 2)),
            vqtbl4q_u8(table, vandq_u8(vsliq_n_u8(vshrq_n_u8(x.val[1], 4), x.val[0], 4), six)),
            vqtbl4q_u8(table, vandq_u8(vsliq_n_u8(vshrq_n_u8(x.val[2], 6), x.val[1], 2), six)),
            vqtbl4q_u8(table, vandq_u8(x.val[2], six)),
        }};
        vst4q_u8(text, out);
    }
    return i;
}

size_t ck_base64_decode_neon(CK_BASE64_DECODE_PARAMETERS) {
    uint8x16x4_t lower = vld1q_u8_x4(tables->values), upper = vld1q_u8_x4(tables->values + 64);
    size_t i = 0;
    for (; length - i >= 64; i += 64, bytes += 48) {
        uint8x16x4_t x = vld4q_u8(text + i);
        uint8x16_t wrong = vdupq_n_u8(0);
#pragma clang loop unroll(full)
        for (int k = 0; k < 4; k++) {
            // Out of range is zero for one table, for the other what the first gave; past both the byte's high bit tells.
            uint8x16_t above = veorq_u8(x.val[k], vdupq_n_u8(64));
            uint8x16_t value = vqtbx4q_u8(vqtbl4q_u8(lower, x.val[k]), upper, above);
            wrong = vorrq_u8(wrong, vorrq_u8(value, x.val[k]));
            x.val[k] = value;
        }
        // Values that stand for no character have their high bit set.
        if (vmaxvq_u8(wrong) > 127) break;
        uint8x16x3_t out = {{
            vorrq_u8(vshlq_n_u8(x.val[0], 2), vshrq_n_u8(x.val[1], 4)),
            vorrq_u8(vshlq_n_u8(x.val[1], 4), vshrq_n_u8(x.val[2], 2)),
            vorrq_u8(vshlq_n_u8(x.val[2], 6), x.val[3]),
        }};
        vst3q_u8(bytes, out);
    }
    return i;
}
#endif
