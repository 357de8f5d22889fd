// Numbers to doubles and back where there is AVX2: a number's bytes are one register, and so are its digits.
#if defined(__x86_64__)
#define CK_ROW __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt")))
#include "json_number.h"

#pragma clang assume_nonnull begin

// Of the bytes from place 32 - n on, the first n are set; and so for the bits of a digit's value.
#define CK_32(x) x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x
static const _Alignas(64) uint8_t first_bytes[64] = {CK_32(255)}, first_values[64] = {CK_32(15)};

// The bits of the double nearest to a number; all ones where it has an exponent, or more than 19 digits, or stands at the end.
CK_ROW_INLINE uint64_t read_double(const uint8_t *text, size_t count, size_t readable, const uint64_t *powers) {
    // What begins a number is a minus, which is below the point, or a digit. By a comparison the compiler makes each number wait
    // for the one before.
    const uint32_t minus = ((uint32_t)text[0] - '.') >> 31;
    const size_t length = count - minus;
    if (__builtin_expect(length > 20 || readable < 34, 0)) {
        return UINT64_MAX;
    }
    const uint8_t *first = text + minus;
    const __m256i x = _mm256_loadu_si256((const __m256i *)first), behind = _mm256_loadu_si256((const __m256i *)(first + 1));
    // Digits come to be the highest ten of all bytes.
    const __m256i is_digit = _mm256_cmpgt_epi8(_mm256_add_epi8(x, _mm256_set1_epi8(127 - '9')), _mm256_set1_epi8(127 - 10));
    const uint32_t other = ~(uint32_t)_mm256_movemask_epi8(is_digit) | (uint32_t)1 << length;
    const size_t whole = _tzcnt_u32(other);
    // Other than digits there is the point alone.
    const int is_whole = whole == length;
    if (__builtin_expect(is_whole ? length > 19 : first[whole] != '.' || _tzcnt_u32(_blsr_u32(other)) != length, 0)) {
        return UINT64_MAX;
    }
    // Those before the point where they are, those behind it a place before that, zeros after them.
    const size_t digits = length - !is_whole;
    const __m256i before = _mm256_loadu_si256((const __m256i *)(first_bytes + 32 - whole));
    const __m256i there = _mm256_loadu_si256((const __m256i *)(first_values + 32 - digits));
    const __m256i all = _mm256_and_si256(_mm256_blendv_epi8(behind, x, before), there);
    return nearest_double(nineteen_digits(all), whole, minus, powers);
}

// What stands where: the eight digits of a half are in the order of their powers. What is no digit is in a table of its own.
#define CK_DIGIT(i) ((i) < 16 ? (i) ^ 7 : 0x80)
#define CK_PLACES(f, p) CK_PLACED_32(CK_DIGIT, 0x80, 0x80, f, p)
#define CK_NO_TEXT(i) ((i) < 16 ? 0 : '0')
#define CK_TEXT(f, p) CK_PLACED_32(CK_NO_TEXT, '.', '0', f, p)
static const _Alignas(64) uint8_t places[42][32] = {CK_UNITS(CK_PLACES)}, texts[42][32] = {CK_UNITS(CK_TEXT)};

// The digits of two numbers below 10^8: fours, pairs, digits, each quotient above its rest.
CK_ROW_INLINE __m128i sixteen_digits(uint64_t high, uint64_t low) {
    const __m128i x = _mm_unpacklo_epi64(_mm_cvtsi64_si128((long long)high), _mm_cvtsi64_si128((long long)low));
    // The reciprocals are right below 10^8, 10^4 and 10^2.
    const __m128i upper = _mm_srli_epi64(_mm_mul_epu32(x, _mm_set1_epi64x(109951163)), 40);
    const __m128i fours = _mm_add_epi64(x, _mm_mul_epu32(upper, _mm_set1_epi64x(0x100000000 - 10000)));
    const __m128i hundreds = _mm_srli_epi32(_mm_mulhi_epu16(fours, _mm_set1_epi32(10486)), 4);
    const __m128i rests = _mm_sub_epi32(fours, _mm_mullo_epi16(hundreds, _mm_set1_epi32(100)));
    const __m128i pairs = _mm_or_si128(rests, _mm_slli_epi32(hundreds, 16));
    const __m128i upper_digits = _mm_mulhi_epu16(pairs, _mm_set1_epi16(6554));
    return _mm_add_epi16(pairs, _mm_mullo_epi16(upper_digits, _mm_set1_epi16(256 - 10)));
}

// Writes the shortest text that reads back; how many bytes, 0 where the row does not know.
CK_ROW_INLINE size_t write_double(uint64_t bits, uint8_t *out) {
    shortest s;
    const found what = find_shortest(bits, &s);
    if (__builtin_expect(what == UNKNOWN, 0)) {
        return 0;
    }
    const __m128i half = _mm_or_si128(sixteen_digits(s.high, s.low), _mm_set1_epi8('0'));
    if (__builtin_expect(what == INTEGER, 0)) {
        const __m128i order = _mm_setr_epi8(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
        return write_integer(_mm_shuffle_epi8(half, order), bits >> 63, out);
    }
    const __m256i digits = _mm256_inserti128_si256(_mm256_castsi128_si256(half), half, 1);
    const __m256i order = _mm256_load_si256((const __m256i *)places[s.row]);
    const __m256i text = _mm256_or_si256(_mm256_shuffle_epi8(digits, order), _mm256_load_si256((const __m256i *)texts[s.row]));
    out[0] = '-';
    out += bits >> 63;
    _mm256_storeu_si256((__m256i *)out, text);
    const size_t whole = lengths[s.row];
    out[whole - 1] = (uint8_t)('0' + s.last);
    // Zeros at the end are left out.
    const uint32_t not_zero = (uint32_t)_mm256_movemask_epi8(_mm256_cmpgt_epi8(text, _mm256_set1_epi8('0')));
    const size_t without = 32 - _lzcnt_u32(not_zero);
    return (s.last != 0 ? whole : without) + (bits >> 63);
}

#pragma clang assume_nonnull end

#define CK_NUMBER_ROW(name) name##_avx2
#include "json_number_rows.h"
#endif
