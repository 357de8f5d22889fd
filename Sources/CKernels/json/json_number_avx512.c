// Numbers to doubles and back where there are VBMI2 and IFMA: a number's bytes, or its digits, are one register.
#if defined(__x86_64__)
#define CK_ROW \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,avx512ifma,bmi,bmi2,popcnt,lzcnt")))
#include "json_number.h"

#pragma clang assume_nonnull begin

// The bits of the double nearest to a number; all ones where it has an exponent, or more than 19 digits.
CK_ROW_INLINE uint64_t read_double(const uint8_t *text, size_t count, size_t readable, const uint64_t *powers) {
    (void)readable;
    const __m256i x = _mm256_maskz_loadu_epi8(_bzhi_u32(UINT32_MAX, (uint32_t)count), text);
    // Digits are 0 to 9, letters above; the point, a minus and what is behind the end are negative.
    const __m256i values = _mm256_sub_epi8(x, _mm256_set1_epi8('0'));
    const __mmask32 others = _mm256_movepi8_mask(values);
    const __mmask32 letters = _mm256_cmpgt_epi8_mask(values, _mm256_set1_epi8(9));
    const uint32_t other = _cvtmask32_u32(others), minus = other & 1;
    if (__builtin_expect(count > 31 || _mm_popcnt_u32(~other) > 19 || !_kortestz_mask32_u8(letters, letters), 0)) {
        return UINT64_MAX;
    }
    // Digits from the first place on, zeros after them.
    const __m256i digits = _mm256_maskz_compress_epi8(_knot_mask32(others), values);
    const uint64_t w = nineteen_digits(digits);
    const size_t whole = _tzcnt_u32(other & ~(uint32_t)1) - minus;
    return nearest_double(w, whole, minus, powers);
}

// What stands where: digits are every eighth byte, in the byte after one there is the point, and then a zero.
#define CK_DIGIT(i) ((i) < 16 ? 8 * (i) : 2)
#define CK_PLACES(f, p) CK_PLACED_32(CK_DIGIT, 1, 2, f, p)
static const _Alignas(64) uint8_t places[42][32] = {CK_UNITS(CK_PLACES)};
static const uint8_t all_digits[32] = {0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120};

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

// Sixteen digits, and what is between them, by a table.
CK_ROW_INLINE __m256i place(const shortest *s, const uint8_t *table) {
    const __m512i order = _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)table));
    return _mm512_castsi512_si256(_mm512_permutex2var_epi8(eight_digits(s->high), order, eight_digits(s->low)));
}

// Writes the shortest text that reads back; how many bytes, 0 where the row does not know.
CK_ROW_INLINE size_t write_double(uint64_t bits, uint8_t *out) {
    shortest s;
    const found what = find_shortest(bits, &s);
    if (__builtin_expect(what != FOUND, 0)) {
        if (what == UNKNOWN) {
            return 0;
        }
        return write_integer(_mm256_castsi256_si128(place(&s, all_digits)), bits >> 63, out);
    }
    const __m256i text = place(&s, places[s.row]);
    out[0] = '-';
    out += bits >> 63;
    _mm256_storeu_si256((__m256i *)out, text);
    const size_t whole = lengths[s.row];
    out[whole - 1] = (uint8_t)('0' + s.last);
    // Zeros at the end are left out.
    const size_t without = 32 - _lzcnt_u32(_mm256_cmpgt_epu8_mask(text, _mm256_set1_epi8('0')));
    return (s.last != 0 ? whole : without) + (bits >> 63);
}

#pragma clang assume_nonnull end

#define CK_NUMBER_ROW(name) name##_avx512
#include "json_number_rows.h"
#endif
