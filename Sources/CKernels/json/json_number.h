// What the rows of numbers share: which double a decimal is, and which decimal a double, by the papers that JSONNumber+Double.swift
// and JSONShortest.swift name. A row says what it is compiled for, `CK_ROW`.
#ifndef CK_JSON_NUMBER_LEAF_H
#define CK_JSON_NUMBER_LEAF_H

#include <immintrin.h>
#include <string.h>

#include "CKernels.h"

#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

#pragma clang assume_nonnull begin

typedef unsigned __int128 wide;

// ---------------------------------------------------------------- text to double

// The exponent of 10^q for q = i - 19, with what the mantissa's place adds.
#define CK_EXPONENT(i) (1085 + ((217706 * (i) - 217706 * 19) >> 16))
static const uint16_t exponents[20] = {
    CK_EXPONENT(0),  CK_EXPONENT(1),  CK_EXPONENT(2),  CK_EXPONENT(3),  CK_EXPONENT(4),  CK_EXPONENT(5),  CK_EXPONENT(6),
    CK_EXPONENT(7),  CK_EXPONENT(8),  CK_EXPONENT(9),  CK_EXPONENT(10), CK_EXPONENT(11), CK_EXPONENT(12), CK_EXPONENT(13),
    CK_EXPONENT(14), CK_EXPONENT(15), CK_EXPONENT(16), CK_EXPONENT(17), CK_EXPONENT(18), CK_EXPONENT(19)};

// The integer of 19 digits, a byte each from the first one on: sixteen in the lower half, the last three in the upper one.
CK_ROW_INLINE uint64_t nineteen_digits(__m256i digits) {
    const __m256i tens = _mm256_setr_epi8(10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0,
                                          0, 0, 0, 0, 0);
    const __m256i hundreds = _mm256_setr_epi16(100, 1, 100, 1, 100, 1, 100, 1, 10, 1, 0, 0, 0, 0, 0, 0);
    const __m256i thousands = _mm256_setr_epi16(10000, 1, 10000, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0);
    const __m256i fours = _mm256_madd_epi16(_mm256_maddubs_epi16(digits, tens), hundreds);
    const __m256i eights = _mm256_madd_epi16(_mm256_packus_epi32(fours, fours), thousands);
    const uint64_t both = (uint64_t)_mm_cvtsi128_si64(_mm256_castsi256_si128(eights));
    const uint64_t last = (uint32_t)_mm_cvtsi128_si32(_mm256_extracti128_si256(eights, 1));
    return (both & UINT32_MAX) * 100000000000 + (both >> 32) * 1000 + last;
}

// The bits of the double nearest to w 10^(whole - 19), whole from 0 to 19.
CK_ROW_INLINE uint64_t nearest_double(uint64_t w, size_t whole, uint32_t minus, const uint64_t *powers) {
    // 128 bits of the power say which one it is, but for the middle between two: to the even one.
    const unsigned zeros = (unsigned)_lzcnt_u64(w);
    const uint64_t normal = w << (zeros & 63);
    const uint64_t *power = powers - 2 * 19 + 2 * whole;
    const wide product = (wide)normal * power[0] + (uint64_t)(((wide)normal * power[1]) >> 64);
    const uint64_t high = (uint64_t)(product >> 64), low = (uint64_t)product;
    const uint64_t upper = high >> 63;
    uint64_t mantissa = high >> (upper + 9);
    // What is a double, or is in the middle, exactly.
    if (__builtin_expect(low <= 1, 0)) {
        if (w == 0) {
            return (uint64_t)minus << 63;
        }
        mantissa -= (mantissa & 3) == 1 && mantissa << (upper + 9) == high;
    }
    const uint64_t exponent = exponents[whole] + upper - zeros;
    // The mantissa's upper bit, and what rounding carries beyond it, go into the exponent.
    return ((exponent << 52) + ((mantissa + 1) >> 1)) | (uint64_t)minus << 63;
}

// ---------------------------------------------------------------- double to text

// The doubles are those of which the unit of their digits, 10^k <= 2^-b < 10^(k + 1), is 10^-1 ... 10^-21, with b bits behind the
// point: 16 or 17 digits are made, of which 17 + k, or one less, are before the point. With n = -k - 1, 5^n has less than 64
// bits: a product with the mantissa says all, and nothing is cut off. The mantissa fills its word, and 5^n is shifted so that whole
// multiples of 10^-n are the product's upper half.
enum { MOST_BEHIND = 69 };
#define CK_N(b) (-(-(b) * 1262611 >> 22) - 1)
#define CK_ROW_OF(b) (uint8_t)(2 * CK_N(b))
#define CK_BIT(n, i, power) ((n) >> (i) & 1 ? (uint64_t)power : (uint64_t)1)
#define CK_FIVE(n) \
    (CK_BIT(n, 0, 5) * CK_BIT(n, 1, 25) * CK_BIT(n, 2, 625) * CK_BIT(n, 3, 390625) * CK_BIT(n, 4, 152587890625))
#define CK_SCALE(b) ((b) == 0 ? 0 : CK_FIVE(CK_N(b)) << ((53 - (b) + CK_N(b)) & 63))
#define CK_10(f, b) f(b), f(b + 1), f(b + 2), f(b + 3), f(b + 4), f(b + 5), f(b + 6), f(b + 7), f(b + 8), f(b + 9)
#define CK_ALL(f) CK_10(f, 0), CK_10(f, 10), CK_10(f, 20), CK_10(f, 30), CK_10(f, 40), CK_10(f, 50), CK_10(f, 60)
static const uint64_t scales[MOST_BEHIND + 1] = {CK_ALL(CK_SCALE)};
static const uint8_t rows[MOST_BEHIND + 1] = {CK_ALL(CK_ROW_OF)};

// A double, not yet its digits.
typedef struct shortest {
    uint64_t high, low;  // eight digits each; the first one may be a zero
    uint64_t last;       // one more
    size_t row;          // of the tables of places
} shortest;

typedef enum found { UNKNOWN, INTEGER, FOUND } found;

// Two numbers of eight digits of one below 10^16.
CK_ROW_INLINE void halve(uint64_t number, shortest *out) {
    // By the reciprocal of 10^8, which is right below 10^16: no division is as quick.
    out->high = (uint64_t)(((wide)number * 12379400392853802749u) >> 90);
    out->low = number - out->high * 100000000;
}

// The shortest decimal that reads back, and of those the nearest; of an integer, as many digits as it has, behind zeros.
CK_ROW_INLINE found find_shortest(uint64_t bits, shortest *out) {
    const uint64_t behind = 1075 - (bits >> 52 & 0x7ff), mantissa = bits << 11 | (uint64_t)1 << 63;
    if (__builtin_expect(behind > MOST_BEHIND, 0)) {
        return UNKNOWN;
    }
    // As many zeros at the end as there are bits behind the point.
    if (__builtin_expect(behind + 11 <= _tzcnt_u64(mantissa), 0)) {
        halve(mantissa >> (behind + 11), out);
        return INTEGER;
    }
    // In units of 10^(k + 1), the double and half the way to the next one.
    const uint64_t scale = scales[behind], half = scale << 10;
    const wide product = (wide)mantissa * scale;
    const uint64_t rest = (uint64_t)product;
    const wide tens = (wide)rest * 10;
    const uint64_t above = rest + half, next = (uint64_t)tens;
    // In the middle of two, or at the end of what reads back: what is even decides.
    if (__builtin_expect(rest == half || above == 0 || next == (uint64_t)1 << 63, 0)) {
        return UNKNOWN;
    }
    // A multiple of ten within half is shorter, and there are not two; else the nearest one. Powers of two are multiples of it.
    const uint64_t upper = (uint64_t)(product >> 64) + (above < half);
    const uint64_t digit = (uint64_t)(tens >> 64) + (next >> 63);
    uint64_t last = rest < half ? 0 : digit;
    last = above < half ? 0 : last;
    halve(upper, out);
    out->last = last;
    out->row = rows[behind] + (upper < 1000000000000000);
    return FOUND;
}

// Writes sixteen digits without the zeros before them, of which one is not zero; how many bytes.
CK_ROW_INLINE size_t write_integer(__m128i digits, uint64_t minus, uint8_t *out) {
    static const uint8_t order[32] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const __m128i not_zero = _mm_cmpgt_epi8(digits, _mm_set1_epi8('0'));
    const size_t zeros = _tzcnt_u32((uint32_t)_mm_movemask_epi8(not_zero));
    out[0] = '-';
    _mm_storeu_si128((__m128i *)(out + minus),
                     _mm_shuffle_epi8(digits, _mm_loadu_si128((const __m128i *)(order + zeros))));
    return 16 - zeros + minus;
}

// A table of what there is for each unit, for texts of 16 digits and for those of 15, from `f(first, point)`: of digits from `first`
// on, the point is after `point` of them.
#define CK_BOTH(f, k) f(0, 17 + (k)), f(1, 16 + (k))
#define CK_UNITS(f)                                                                                              \
    CK_BOTH(f, -1), CK_BOTH(f, -2), CK_BOTH(f, -3), CK_BOTH(f, -4), CK_BOTH(f, -5), CK_BOTH(f, -6),              \
        CK_BOTH(f, -7), CK_BOTH(f, -8), CK_BOTH(f, -9), CK_BOTH(f, -10), CK_BOTH(f, -11), CK_BOTH(f, -12),       \
        CK_BOTH(f, -13), CK_BOTH(f, -14), CK_BOTH(f, -15), CK_BOTH(f, -16), CK_BOTH(f, -17), CK_BOTH(f, -18),    \
        CK_BOTH(f, -19), CK_BOTH(f, -20), CK_BOTH(f, -21)
// Byte i of such a text, from `digit(place)`, `point` and `zero`.
#define CK_PLACED(digit, dot, zero, first, point, i)                                                             \
    (uint8_t)((point) > 0 ? ((i) < (point)    ? digit((first) + (i))                                             \
                             : (i) == (point) ? (dot)                                                            \
                                              : digit((first) + (i) - 1))                                        \
                          : ((i) == 1            ? (dot)                                                         \
                             : (i) < 2 - (point) ? (zero)                                                        \
                                                 : digit((first) + (i) - 2 + (point))))
#define CK_PLACED_8(d, o, z, f, p, i)                                                                            \
    CK_PLACED(d, o, z, f, p, i), CK_PLACED(d, o, z, f, p, i + 1), CK_PLACED(d, o, z, f, p, i + 2),               \
        CK_PLACED(d, o, z, f, p, i + 3), CK_PLACED(d, o, z, f, p, i + 4), CK_PLACED(d, o, z, f, p, i + 5),       \
        CK_PLACED(d, o, z, f, p, i + 6), CK_PLACED(d, o, z, f, p, i + 7)
#define CK_PLACED_32(d, o, z, f, p)                                                                              \
    {CK_PLACED_8(d, o, z, f, p, 0), CK_PLACED_8(d, o, z, f, p, 8), CK_PLACED_8(d, o, z, f, p, 16),               \
     CK_PLACED_8(d, o, z, f, p, 24)}

// Bytes of 17 digits, or those from the second on, and what is between them.
#define CK_LENGTH(f, p) (17 - (f) + ((p) > 0 ? 1 : 2 - (p)))
static const uint8_t lengths[42] = {CK_UNITS(CK_LENGTH)};

#pragma clang assume_nonnull end

#endif
