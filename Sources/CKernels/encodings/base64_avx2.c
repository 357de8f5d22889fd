// Base64 by W. Mula, D. Lemire, "Faster Base64 Encoding and Decoding Using AVX2 Instructions", ACM Transactions on the
// Web 12, 2018: 24 bytes, 32 characters at a time.
#if defined(__x86_64__)
#include <immintrin.h>

#include "CKernels.h"

#define CK_ROW __attribute__((target("avx2")))
#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

CK_ROW_INLINE __m256i both_halves(const uint8_t *table) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
}

// What multiplies words of 16 bits to move them. The compiler does not see it: it would make two shifts and a blend of a product.
CK_ROW_INLINE __m256i left_shifts(void) {
    __m256i factors = _mm256_set1_epi32(0x01000010);
    __asm__("" : "+x"(factors));
    return factors;
}

// Six bits a byte, of 12 bytes from the given place of each half (section 3.1).
CK_ROW_INLINE __m256i split(__m256i x, __m256i places, __m256i left) {
    x = _mm256_shuffle_epi8(x, places);
    __m256i odd = _mm256_and_si256(x, _mm256_set1_epi32(0x0fc0fc00));
    __m256i even = _mm256_and_si256(x, _mm256_set1_epi32(0x003f03f0));
    odd = _mm256_mulhi_epu16(odd, _mm256_set1_epi32(0x04000040));
    return _mm256_or_si256(odd, _mm256_mullo_epi16(even, left));
}

// The characters of 32 values.
CK_ROW_INLINE __m256i characters(__m256i x, __m256i distances) {
    // 0 for values of 0 ... 25, 1 for 26 ... 51, then 2, 3, ... 13.
    __m256i kind = _mm256_subs_epu8(x, _mm256_set1_epi8(51));
    kind = _mm256_sub_epi8(kind, _mm256_cmpgt_epi8(x, _mm256_set1_epi8(25)));
    return _mm256_add_epi8(x, _mm256_shuffle_epi8(distances, kind));
}

CK_ROW size_t ck_base64_encode_avx2(CK_BASE64_ENCODE_PARAMETERS) {
    const __m256i distances = both_halves(tables->distances), left = left_shifts();
    const __m256i from_start = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10));
    // The low half's 12 bytes stand at its end, so that one load gives both.
    const __m256i around_middle = _mm256_add_epi8(from_start, _mm256_zextsi128_si256(_mm_set1_epi8(4)));
    size_t i = 0;
    if (length >= 28) {
        __m256i x = _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)bytes));
        x = _mm256_inserti128_si256(x, _mm_loadu_si128((const __m128i *)(bytes + 12)), 1);
        _mm256_storeu_si256((__m256i *)text, characters(split(x, from_start, left), distances));
        text += 32;
        for (i = 24; length - i >= 52; i += 48, text += 64) {
            x = _mm256_loadu_si256((const __m256i *)(bytes + i - 4));
            __m256i y = _mm256_loadu_si256((const __m256i *)(bytes + i + 20));
            _mm256_storeu_si256((__m256i *)text, characters(split(x, around_middle, left), distances));
            _mm256_storeu_si256((__m256i *)(text + 32), characters(split(y, around_middle, left), distances));
        }
        if (length - i >= 28) {
            x = _mm256_loadu_si256((const __m256i *)(bytes + i - 4));
            _mm256_storeu_si256((__m256i *)text, characters(split(x, around_middle, left), distances));
            i += 24;
            text += 32;
        }
    }
    for (; length - i >= 16; i += 12, text += 16) {
        __m256i x = _mm256_zextsi128_si256(_mm_loadu_si128((const __m128i *)(bytes + i)));
        x = characters(split(x, from_start, left), distances);
        _mm_storeu_si128((__m128i *)text, _mm256_castsi256_si128(x));
    }
    return i;
}

typedef struct decoding {
    __m256i low, high, offsets;
} decoding;

// The values of 32 characters; where one is not of the alphabet, `wrong` is not zero.
CK_ROW_INLINE __m256i values(__m256i x, decoding d, __m256i *wrong) {
    __m256i high = _mm256_and_si256(_mm256_srli_epi32(x, 4), _mm256_set1_epi8(15));
    __m256i low = _mm256_shuffle_epi8(d.low, _mm256_and_si256(x, _mm256_set1_epi8(15)));
    *wrong = _mm256_and_si256(low, _mm256_shuffle_epi8(d.high, high));
    __m256i kind = _mm256_xor_si256(high, _mm256_and_si256(low, _mm256_set1_epi8(8)));
    return _mm256_add_epi8(x, _mm256_shuffle_epi8(d.offsets, kind));
}

// 12 bytes at the start of each half.
CK_ROW_INLINE __m256i join(__m256i x) {
    __m256i pairs = _mm256_maddubs_epi16(x, _mm256_set1_epi32(0x01400140));
    __m256i triples = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
    const __m256i places = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
    return _mm256_shuffle_epi8(triples, places);
}

// The two halves, four bytes too many.
CK_ROW_INLINE void store_28(uint8_t *bytes, __m256i x) {
    _mm_storeu_si128((__m128i *)bytes, _mm256_castsi256_si128(x));
    _mm_storeu_si128((__m128i *)(bytes + 12), _mm256_extracti128_si256(x, 1));
}

CK_ROW_INLINE void store_24(uint8_t *bytes, __m256i x) {
    x = _mm256_permutevar8x32_epi32(x, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
    _mm_storeu_si128((__m128i *)bytes, _mm256_castsi256_si128(x));
    _mm_storel_epi64((__m128i *)(bytes + 16), _mm256_extracti128_si256(x, 1));
}

CK_ROW size_t ck_base64_decode_avx2(CK_BASE64_DECODE_PARAMETERS) {
    decoding d = {both_halves(tables->low), both_halves(tables->high), both_halves(tables->offsets)};
    __m256i wrong, wrong_too;
    size_t i = 0;
    // Eight characters more than a step takes: its last store goes four bytes too far, which what follows overwrites.
    for (; length - i >= 72; i += 64, bytes += 48) {
        __m256i x = values(_mm256_loadu_si256((const __m256i *)(text + i)), d, &wrong);
        __m256i y = values(_mm256_loadu_si256((const __m256i *)(text + i + 32)), d, &wrong_too);
        wrong = _mm256_or_si256(wrong, wrong_too);
        if (!_mm256_testz_si256(wrong, wrong)) break;
        store_28(bytes, join(x));
        store_28(bytes + 24, join(y));
    }
    for (; length - i >= 32; i += 32, bytes += 24) {
        __m256i x = values(_mm256_loadu_si256((const __m256i *)(text + i)), d, &wrong);
        if (!_mm256_testz_si256(wrong, wrong)) break;
        store_24(bytes, join(x));
    }
    return i;
}
#endif
