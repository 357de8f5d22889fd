// Hexadecimal digits of bytes and back, 32 and 16 bytes at a time.
#if defined(__x86_64__)
#include <immintrin.h>

#include "CKernels.h"

#define CK_ROW __attribute__((target("avx2")))

CK_ROW size_t ck_hex_encode_avx2(CK_HEX_ENCODE_PARAMETERS) {
    __m256i table = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)digits));
    __m256i nibble = _mm256_set1_epi8(15);
    size_t i = 0;
    for (; length - i >= 32; i += 32) {
        __m256i x = _mm256_loadu_si256((const __m256i *)(bytes + i));
        __m256i high = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble));
        __m256i low = _mm256_shuffle_epi8(table, _mm256_and_si256(x, nibble));
        // Digits of bytes 0 ... 7 and 16 ... 23, and of the others.
        __m256i a = _mm256_unpacklo_epi8(high, low), b = _mm256_unpackhi_epi8(high, low);
        _mm256_storeu_si256((__m256i *)(text + 2 * i), _mm256_permute2x128_si256(a, b, 0x20));
        _mm256_storeu_si256((__m256i *)(text + 2 * i + 32), _mm256_permute2x128_si256(a, b, 0x31));
    }
    return i;
}

CK_ROW size_t ck_hex_decode_avx2(CK_HEX_DECODE_PARAMETERS) {
    size_t i = 0;
    for (; length - i >= 32; i += 32) {
        __m256i x = _mm256_loadu_si256((const __m256i *)(text + i));
        // 0 ... 9 for decimal digits, 0 ... 5 for letters of either case; anything else is above, as an unsigned byte.
        __m256i decimal = _mm256_sub_epi8(x, _mm256_set1_epi8('0'));
        __m256i letter = _mm256_sub_epi8(_mm256_or_si256(x, _mm256_set1_epi8(0x20)), _mm256_set1_epi8('a'));
        __m256i is_decimal = _mm256_cmpeq_epi8(_mm256_min_epu8(decimal, _mm256_set1_epi8(9)), decimal);
        __m256i is_letter = _mm256_cmpeq_epi8(_mm256_min_epu8(letter, _mm256_set1_epi8(5)), letter);
        if (_mm256_movemask_epi8(_mm256_or_si256(is_decimal, is_letter)) != -1) break;
        __m256i value = _mm256_blendv_epi8(_mm256_add_epi8(letter, _mm256_set1_epi8(10)), decimal, is_decimal);
        __m256i pairs = _mm256_maddubs_epi16(value, _mm256_set1_epi16(0x0110));
        __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi16(pairs, pairs), 0x08);
        _mm_storeu_si128((__m128i *)(bytes + i / 2), _mm256_castsi256_si128(packed));
    }
    return i;
}
#endif
