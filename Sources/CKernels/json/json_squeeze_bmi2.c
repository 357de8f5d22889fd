// Bytes without blanks, eight at a time: PEXT takes together the bytes whose masks PDEP has spread.
#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "CKernels.h"

__attribute__((target("avx2,bmi2,popcnt"))) size_t ck_json_squeeze_bmi2(CK_JSON_SQUEEZE_PARAMETERS) {
    uint8_t *at = out;
    for (size_t i = 0; i < blocks; i++, data += 64) {
        uint64_t keep = ~blanks[i];
        if (keep == UINT64_MAX) {
            const __m256i low = _mm256_loadu_si256((const __m256i *)data);
            const __m256i high = _mm256_loadu_si256((const __m256i *)(data + 32));
            _mm256_storeu_si256((__m256i *)at, low);
            _mm256_storeu_si256((__m256i *)(at + 32), high);
            at += 64;
            continue;
        }
        if (keep == 0) {
            continue;
        }
        for (int word = 0; word < 8; word++, keep >>= 8) {
            uint64_t x;
            memcpy(&x, data + 8 * word, 8);
            const uint64_t mask = _pdep_u64(keep & 255, 0x0101010101010101u) * 255;
            x = _pext_u64(x, mask);
            memcpy(at, &x, 8);
            at += _mm_popcnt_u64(keep & 255);
        }
    }
    return (size_t)(at - out);
}
#endif
