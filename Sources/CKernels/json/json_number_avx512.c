// Numbers to doubles and back where there are VBMI2 and IFMA, by the papers that JSONNumber+Double.swift and JSONShortest.swift
// name: a number's bytes, or its digits, are one register.
#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "CKernels.h"

#define CK_ROW \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,avx512ifma,bmi,bmi2,popcnt,lzcnt")))
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

// The bits of the double nearest to a number; all ones where it has an exponent, or more than 19 digits.
CK_ROW_INLINE uint64_t read_double(const uint8_t *text, size_t count, const uint64_t *powers) {
    const __m256i x = _mm256_maskz_loadu_epi8(_bzhi_u32(UINT32_MAX, (uint32_t)count), text);
    // Digits are 0 to 9, letters above; the point, a minus and what is behind the end are negative.
    const __m256i values = _mm256_sub_epi8(x, _mm256_set1_epi8('0'));
    const __mmask32 others = _mm256_movepi8_mask(values);
    const __mmask32 letters = _mm256_cmpgt_epi8_mask(values, _mm256_set1_epi8(9));
    const uint32_t other = _cvtmask32_u32(others), minus = other & 1;
    if (__builtin_expect(count > 31 || _mm_popcnt_u32(~other) > 19 || !_kortestz_mask32_u8(letters, letters), 0)) {
        return UINT64_MAX;
    }
    // Digits from the first place on, zeros after them: 19 in all. Sixteen in the lower half, the last three in the upper one.
    const __m256i digits = _mm256_maskz_compress_epi8(_knot_mask32(others), values);
    const __m256i tens = _mm256_setr_epi8(10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0,
                                          0, 0, 0, 0, 0);
    const __m256i hundreds = _mm256_setr_epi16(100, 1, 100, 1, 100, 1, 100, 1, 10, 1, 0, 0, 0, 0, 0, 0);
    const __m256i thousands = _mm256_setr_epi16(10000, 1, 10000, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0);
    const __m256i fours = _mm256_madd_epi16(_mm256_maddubs_epi16(digits, tens), hundreds);
    const __m256i eights = _mm256_madd_epi16(_mm256_packus_epi32(fours, fours), thousands);
    const uint64_t both = (uint64_t)_mm_cvtsi128_si64(_mm256_castsi256_si128(eights));
    const uint64_t last = (uint32_t)_mm_cvtsi128_si32(_mm256_extracti128_si256(eights, 1));
    const uint64_t w = (both & UINT32_MAX) * 100000000000 + (both >> 32) * 1000 + last;
    // Digits before the point; the number is w 10^(whole - 19).
    const size_t whole = _tzcnt_u32(other & ~(uint32_t)1) - minus;

    // 128 bits of the power say which double is the nearest, but for the middle between two: to the even one.
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

CK_ROW uint64_t ck_json_double_avx512(CK_JSON_DOUBLE_PARAMETERS) { return read_double(text, count, powers); }

CK_ROW size_t ck_json_doubles_avx512(CK_JSON_DOUBLES_PARAMETERS) {
    for (size_t i = 0; i < count; i++) {
        const ck_json_node node = nodes[i];
        if ((node.kind & 7) != CK_JSON_NUMBER) {
            return i;
        }
        const uint64_t bits = read_double(source + node.begin, node.end - node.begin, powers);
        if (__builtin_expect(bits == UINT64_MAX, 0)) {
            return i;
        }
        memcpy(out + i, &bits, sizeof bits);
    }
    return count;
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

// What stands where: digits are every eighth byte, in the byte after one there is the point, and then a zero.
#define CK_DIGIT(i) ((i) < 16 ? 8 * (i) : CK_ZERO)
#define CK_POINT 1
#define CK_ZERO 2
// Byte i of a text of digits from `first` on whose point is after `point` of them.
#define CK_PLACED(first, point, i)                                                  \
    (uint8_t)((point) > 0 ? ((i) < (point)    ? CK_DIGIT((first) + (i))             \
                             : (i) == (point) ? CK_POINT                            \
                                              : CK_DIGIT((first) + (i) - 1))        \
                          : ((i) == 1            ? CK_POINT                         \
                             : (i) < 2 - (point) ? CK_ZERO                          \
                                                 : CK_DIGIT((first) + (i) - 2 + (point))))
#define CK_PLACED_8(f, p, i)                                                                                \
    CK_PLACED(f, p, i), CK_PLACED(f, p, i + 1), CK_PLACED(f, p, i + 2), CK_PLACED(f, p, i + 3),             \
        CK_PLACED(f, p, i + 4), CK_PLACED(f, p, i + 5), CK_PLACED(f, p, i + 6), CK_PLACED(f, p, i + 7)
#define CK_PLACES(f, p) {CK_PLACED_8(f, p, 0), CK_PLACED_8(f, p, 8), CK_PLACED_8(f, p, 16), CK_PLACED_8(f, p, 24)}
// Bytes of 17 digits, or those from the second on, and what is between them.
#define CK_LENGTH(f, p) (17 - (f) + ((p) > 0 ? 1 : 2 - (p)))

#define CK_BOTH(f, k) f(0, 17 + (k)), f(1, 16 + (k))
#define CK_UNITS(f)                                                                                              \
    CK_BOTH(f, -1), CK_BOTH(f, -2), CK_BOTH(f, -3), CK_BOTH(f, -4), CK_BOTH(f, -5), CK_BOTH(f, -6),              \
        CK_BOTH(f, -7), CK_BOTH(f, -8), CK_BOTH(f, -9), CK_BOTH(f, -10), CK_BOTH(f, -11), CK_BOTH(f, -12),       \
        CK_BOTH(f, -13), CK_BOTH(f, -14), CK_BOTH(f, -15), CK_BOTH(f, -16), CK_BOTH(f, -17), CK_BOTH(f, -18),    \
        CK_BOTH(f, -19), CK_BOTH(f, -20), CK_BOTH(f, -21)
static const _Alignas(64) uint8_t places[42][32] = {CK_UNITS(CK_PLACES)};
static const uint8_t lengths[42] = {CK_UNITS(CK_LENGTH)};

// The digits of a number below 10^8, a lane each, as text, with a point and a zero behind each: what is behind the point of
// x / 10^i, in 2^-52, times ten. Reciprocals are rounded up, which is right but for 10^-8, where it would be too much: that one
// is cut off, and what is lost, less than 0.28 x, made good.
CK_ROW_INLINE __m512i eight_digits(uint64_t x) {
    const __m512i reciprocals = _mm512_setr_epi64(45035996, 450359963, 4503599628, 45035996274, 450359962738, 4503599627371,
                                                  45035996273705, 450359962737050);
    const __m512i lost = _mm512_setr_epi64(36000000, 0, 0, 0, 0, 0, 0, 0);
    const __m512i text = _mm512_set1_epi64('0' | '.' << 8 | '0' << 16);
    const __m512i behind = _mm512_madd52lo_epu64(lost, _mm512_set1_epi64((long long)x), reciprocals);
    return _mm512_madd52hi_epu64(text, behind, _mm512_set1_epi64(10));
}

// Writes the shortest text that reads back; how many bytes, 0 where the row does not know.
CK_ROW_INLINE size_t write_double(uint64_t bits, uint8_t *out) {
    const uint64_t behind = 1075 - (bits >> 52 & 0x7ff), mantissa = bits << 11 | (uint64_t)1 << 63;
    // Integers, which have as many zeros at the end as there are bits behind the point, and powers of two are for others, too.
    if (__builtin_expect(behind > MOST_BEHIND || behind + 11 <= _tzcnt_u64(mantissa) || bits << 12 == 0, 0)) {
        return 0;
    }
    // In units of 10^(k + 1), the double and half the way to the next one.
    const uint64_t scale = scales[behind], half = scale << 10;
    const wide product = (wide)mantissa * scale;
    const uint64_t rest = (uint64_t)product;
    const wide tens = (wide)rest * 10;
    // A multiple of ten within half is shorter, and there are not two; else the nearest one.
    uint64_t below, above, nearest;
    const uint64_t is_down = __builtin_sub_overflow(rest, half, &below);
    const uint64_t is_up = __builtin_add_overflow(rest, half, &above);
    const uint64_t digit = (uint64_t)(tens >> 64) + __builtin_add_overflow((uint64_t)tens, (uint64_t)1 << 63, &nearest);
    // In the middle of two, or at the end of what reads back: what is even decides.
    if (__builtin_expect(below == 0 || above == 0 || nearest == 0, 0)) {
        return 0;
    }
    const uint64_t upper = (uint64_t)(product >> 64) + is_up;
    const uint64_t last = (is_up | is_down) != 0 ? 0 : digit;
    const size_t first = upper < 1000000000000000;
    // By the reciprocal of 10^8, which is right below 10^16: no division is as quick.
    const uint64_t high_half = (uint64_t)(((wide)upper * 12379400392853802749u) >> 90), low_half = upper - high_half * 100000000;
    const __m512i order = _mm512_castsi256_si512(_mm256_load_si256((const __m256i *)places[rows[behind] + first]));
    const __m256i text =
        _mm512_castsi512_si256(_mm512_permutex2var_epi8(eight_digits(high_half), order, eight_digits(low_half)));
    out[0] = '-';
    out += bits >> 63;
    _mm256_storeu_si256((__m256i *)out, text);
    const size_t whole = lengths[rows[behind] + first];
    out[whole - 1] = (uint8_t)('0' + last);
    // Zeros at the end are left out.
    const size_t without = 32 - _lzcnt_u32(_mm256_cmpgt_epu8_mask(text, _mm256_set1_epi8('0')));
    return (last != 0 ? whole : without) + (bits >> 63);
}

CK_ROW size_t ck_json_write_double_avx512(CK_JSON_WRITE_DOUBLE_PARAMETERS) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return write_double(bits, out);
}

CK_ROW size_t ck_json_write_doubles_avx512(CK_JSON_WRITE_DOUBLES_PARAMETERS) {
    uint8_t *at = out;
    size_t i = 0;
    for (; i < *count; i++) {
        uint64_t bits;
        memcpy(&bits, values + i, sizeof bits);
        const size_t written = write_double(bits, at);
        if (__builtin_expect(written == 0, 0)) {
            break;
        }
        at[written] = ',';
        at += written + 1;
    }
    *count = i;
    return (size_t)(at - out);
}

#pragma clang assume_nonnull end
#endif
