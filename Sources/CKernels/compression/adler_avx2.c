// Adler-32, 64 bytes at a time.
#if defined(__x86_64__)
#include <immintrin.h>

#include "adler_sums.h"

#define CK_ROW __attribute__((target("avx2")))

CK_ROW static inline uint32_t total(__m256i a) {
    __m128i b = _mm_add_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
    b = _mm_add_epi32(b, _mm_shuffle_epi32(b, 0x4e));
    return (uint32_t)_mm_cvtsi128_si32(_mm_add_epi32(b, _mm_shuffle_epi32(b, 0xb1)));
}

CK_ROW uint32_t ck_adler_avx2(CK_ADLER_PARAMETERS) {
    const __m256i zero = _mm256_setzero_si256(), ones = _mm256_set1_epi16(1);
    // How often each of 32 bytes counts, and the 32 before them 32 times more.
    const __m256i weights = _mm256_setr_epi8(32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14,
                                             13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
    ck_adler_sums sums = ck_adler_start(adler);
    while (length >= 64) {
        size_t chunk = length < ck_adler_chunk ? length & ~(size_t)63 : ck_adler_chunk;
        // Sums of the bytes; of those sums before each step of 64; of the first halves; of weighted bytes.
        __m256i sum = zero, before = zero, halves = zero, weighted = zero;
        for (size_t i = 0; i < chunk; i += 64) {
            __m256i a = _mm256_loadu_si256((const __m256i *)(data + i));
            __m256i b = _mm256_loadu_si256((const __m256i *)(data + i + 32));
            __m256i sum_a = _mm256_sad_epu8(a, zero), sum_b = _mm256_sad_epu8(b, zero);
            before = _mm256_add_epi32(before, sum);
            halves = _mm256_add_epi32(halves, sum_a);
            sum = _mm256_add_epi32(sum, _mm256_add_epi32(sum_a, sum_b));
            // At most 2 x 255 x (32 + 31): the 16 bits hold it.
            __m256i both = _mm256_add_epi16(_mm256_maddubs_epi16(a, weights), _mm256_maddubs_epi16(b, weights));
            weighted = _mm256_add_epi32(weighted, _mm256_madd_epi16(both, ones));
        }
        sums = ck_adler_add(sums, chunk, total(sum), 64 * total(before) + 32 * total(halves) + total(weighted));
        data += chunk;
        length -= chunk;
    }
    return ck_adler_finish(sums, data, length);
}
#endif
