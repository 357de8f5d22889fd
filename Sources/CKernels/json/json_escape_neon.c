// Texts as they stand in JSON strings: what need not be escaped is copied 16 bytes at a time.
#if defined(__aarch64__)
#include <arm_neon.h>

#include "json_escape.h"

size_t ck_json_escape_neon(CK_JSON_ESCAPE_PARAMETERS) {
    uint8_t *at = out;
    size_t from = 0;
    // As many as are loaded may be stored: what is left of the text has room for six times as much.
    while (count - from >= 16) {
        const uint8x16_t x = vld1q_u8(text + from);
        const uint8x16_t special = vorrq_u8(vcltq_u8(x, vdupq_n_u8(' ')), vorrq_u8(vceqq_u8(x, vdupq_n_u8('"')), vceqq_u8(x, vdupq_n_u8('\\'))));
        // Four bits a byte.
        const uint64_t mask = vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(special), 4)), 0);
        vst1q_u8(at, x);
        if (mask == 0) {
            from += 16, at += 16;
            continue;
        }
        const size_t plain = (size_t)__builtin_ctzll(mask) / 4;
        at = write_escape(text[from + plain], at + plain);
        from += plain + 1;
    }
    return escape_rest(text + from, count - from, at) + (size_t)(at - out);
}
#endif
