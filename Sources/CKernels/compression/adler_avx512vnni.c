// Adler-32, 64 bytes at a time, by products of bytes that are summed in fours.
#if defined(__x86_64__)
#include <immintrin.h>

#include "adler_sums.h"

#define CK_ROW __attribute__((target("avx512f,avx512bw,avx512vnni")))

CK_ROW uint32_t ck_adler_avx512vnni(CK_ADLER_PARAMETERS) {
    const __m512i zero = _mm512_setzero_si512();
    // How often each of 64 bytes counts: 64 to 1.
    uint8_t table[64];
    for (int i = 0; i < 64; i++) table[i] = (uint8_t)(64 - i);
    const __m512i weights = _mm512_loadu_si512(table);
    ck_adler_sums sums = ck_adler_start(adler);
    while (length >= 64) {
        size_t chunk = length < ck_adler_chunk ? length & ~(size_t)63 : ck_adler_chunk;
        __m512i sum = zero, before = zero, weighted = zero;
        for (size_t i = 0; i < chunk; i += 64) {
            __m512i bytes = _mm512_loadu_si512(data + i);
            before = _mm512_add_epi32(before, sum);
            sum = _mm512_add_epi32(sum, _mm512_sad_epu8(bytes, zero));
            weighted = _mm512_dpbusd_epi32(weighted, bytes, weights);
        }
        sums = ck_adler_add(sums, chunk, (uint32_t)_mm512_reduce_add_epi32(sum),
                            64 * (uint32_t)_mm512_reduce_add_epi32(before) +
                                (uint32_t)_mm512_reduce_add_epi32(weighted));
        data += chunk;
        length -= chunk;
    }
    return ck_adler_finish(sums, data, length);
}
#endif
