// CRC-32C by the instruction of SSE4.2. Each step waits 3 cycles for the one before, which for some blocks is less than what folding
// takes to begin and to end.
#if defined(__x86_64__)
#include <nmmintrin.h>

#include "CKernels.h"

__attribute__((target("sse4.2,crc32"))) uint64_t ck_crc32c_sse42(CK_CRC_PARAMETERS) {
    (void)constants;  // the polynomial is the instruction's
    for (; length >= 8; data += 8, length -= 8) {
        uint64_t word;
        __builtin_memcpy(&word, data, 8);
        crc = _mm_crc32_u64(crc, word);
    }
    uint32_t rest = (uint32_t)crc;
    if (length & 4) {
        uint32_t word;
        __builtin_memcpy(&word, data, 4);
        rest = _mm_crc32_u32(rest, word);
        data += 4;
    }
    if (length & 2) {
        uint16_t word;
        __builtin_memcpy(&word, data, 2);
        rest = _mm_crc32_u16(rest, word);
        data += 2;
    }
    if (length & 1) rest = _mm_crc32_u8(rest, *data);
    return rest;
}
#endif
