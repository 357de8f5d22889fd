// Base64 by W. Mula, D. Lemire, "Base64 encoding and decoding at almost the speed of a memory copy", Software: Practice
// and Experience 50, 2020: 48 bytes, 64 characters at a time, each looked up directly, and the last ones under a mask.
#if defined(__x86_64__)
#include <immintrin.h>

#include "CKernels.h"

#define CK_ROW __attribute__((target("avx512f,avx512bw,avx512vbmi")))
#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

// The first `count` bytes of a register.
CK_ROW_INLINE __mmask64 first(size_t count) { return ~0ull >> (64 - count); }

CK_ROW_INLINE __m512i characters(__m512i x, __m512i alphabet) {
    // The bytes a, b, c of a group as b, a, c, b, in which the four values begin at bits 10, 4, 22 and 16.
    const __m512i groups = _mm512_setr_epi32(
        0x01020001, 0x04050304, 0x07080607, 0x0a0b090a, 0x0d0e0c0d, 0x10110f10, 0x13141213, 0x16171516, 0x191a1819,
        0x1c1d1b1c, 0x1f201e1f, 0x22232122, 0x25262425, 0x28292728, 0x2b2c2a2b, 0x2e2f2d2e);
    const __m512i bits = _mm512_set1_epi64(0x3036242a1016040a);
    // The look-up takes six bits of each.
    return _mm512_permutexvar_epi8(_mm512_multishift_epi64_epi8(bits, _mm512_permutexvar_epi8(groups, x)), alphabet);
}

CK_ROW size_t ck_base64_encode_avx512vbmi(CK_BASE64_ENCODE_PARAMETERS) {
    const __m512i alphabet = _mm512_loadu_si512(tables->alphabet);
    size_t i = 0;
    for (; length - i >= 64; i += 48, text += 64)
        _mm512_storeu_si512(text, characters(_mm512_loadu_si512(bytes + i), alphabet));
    while (length - i >= 3) {
        size_t groups = length - i >= 48 ? 16 : (length - i) / 3;
        __m512i x = _mm512_maskz_loadu_epi8(first(3 * groups), bytes + i);
        _mm512_mask_storeu_epi8(text, first(4 * groups), characters(x, alphabet));
        i += 3 * groups;
        text += 4 * groups;
    }
    return i;
}

// 48 bytes of 64 values.
CK_ROW_INLINE __m512i join(__m512i x) {
    __m512i pairs = _mm512_maddubs_epi16(x, _mm512_set1_epi32(0x01400140));
    __m512i triples = _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x00011000));
    const __m512i places = _mm512_setr_epi32(
        0x06000102, 0x090a0405, 0x0c0d0e08, 0x16101112, 0x191a1415, 0x1c1d1e18, 0x26202122, 0x292a2425, 0x2c2d2e28,
        0x36303132, 0x393a3435, 0x3c3d3e38, 0, 0, 0, 0);
    return _mm512_permutexvar_epi8(places, triples);
}

CK_ROW size_t ck_base64_decode_avx512vbmi(CK_BASE64_DECODE_PARAMETERS) {
    const __m512i lower = _mm512_loadu_si512(tables->values), upper = _mm512_loadu_si512(tables->values + 64);
    const __m512i stands_for_zero = _mm512_set1_epi8((char)tables->alphabet[0]);
    for (size_t i = 0;;) {
        size_t count = length - i >= 64 ? 64 : (length - i) / 4 * 4;
        if (count == 0) return i;
        __m512i x = _mm512_mask_loadu_epi8(stands_for_zero, first(count), text + i);
        __m512i value = _mm512_permutex2var_epi8(lower, x, upper);
        // Bytes that are not ASCII have their high bit set, and so have the values of those that are no character.
        if (_mm512_movepi8_mask(_mm512_or_si512(value, x)) != 0) return i;
        _mm512_mask_storeu_epi8(bytes, first(count / 4 * 3), join(value));
        i += count;
        bytes += count / 4 * 3;
    }
}
#endif
