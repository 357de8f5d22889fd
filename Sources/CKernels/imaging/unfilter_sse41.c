// Taking PNG's filters off: a pixel at a time in one register, and four rows at once.
#if defined(__x86_64__)
#include "ck_imaging.h"
#include <immintrin.h>
#include <string.h>

#define CK_ROW __attribute__((target("sse4.1")))
#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

// The nearest to a + b - c of three numbers in lanes of 16 bits. What depends on a, which comes last, is short.
CK_ROW_INLINE __m128i paeth(__m128i a, __m128i b, __m128i c) {
    __m128i to_a = _mm_sub_epi16(b, c), to_b = _mm_sub_epi16(a, c);
    __m128i pa = _mm_abs_epi16(to_a), pb = _mm_abs_epi16(to_b), pc = _mm_abs_epi16(_mm_add_epi16(to_a, to_b));
    __m128i least = _mm_min_epi16(pa, _mm_min_epi16(pb, pc));
    __m128i b_or_c = _mm_blendv_epi8(c, b, _mm_cmpeq_epi16(least, pb));
    return _mm_blendv_epi8(b_or_c, a, _mm_cmpeq_epi16(least, pa));
}

// ---------------------------------------------------------------- one row

// A pixel of `distance` bytes, and nothing beside it.
CK_ROW_INLINE __m128i load_pixel(const uint8_t *data, size_t distance) {
    uint64_t word = 0;
    memcpy(&word, data, distance);
    return _mm_cvtsi64_si128((long long)word);
}

CK_ROW_INLINE void store_pixel(uint8_t *data, __m128i pixel, size_t distance) {
    uint64_t word = (uint64_t)_mm_cvtsi128_si64(pixel);
    memcpy(data, &word, distance);
}

// One of three bytes is read and written as four where the row goes on.
#define PIXELS(access, body)                                                                  \
    size_t i = 0;                                                                             \
    if (access != distance) {                                                                 \
        for (; i + access <= count; i += distance) body(access)                               \
    }                                                                                         \
    for (; i + distance <= count; i += distance) body(distance)

CK_ROW_INLINE void sub_row(const uint8_t *raw, uint8_t *row, size_t count, size_t access, size_t distance) {
    __m128i a = _mm_setzero_si128();
#define BODY(n)                                                                               \
    {                                                                                         \
        a = _mm_add_epi8(a, load_pixel(raw + i, n));                                          \
        store_pixel(row + i, a, n);                                                           \
    }
    PIXELS(access, BODY)
#undef BODY
}

CK_ROW_INLINE void average_row(const uint8_t *raw, const uint8_t *prior, uint8_t *row, size_t count, size_t access,
                               size_t distance) {
    __m128i a = _mm_setzero_si128(), one = _mm_set1_epi8(1);
    // pavgb rounds up: one less where the sum is odd.
#define BODY(n)                                                                               \
    {                                                                                         \
        __m128i b = load_pixel(prior + i, n), x = load_pixel(raw + i, n);                     \
        __m128i odd = _mm_and_si128(_mm_xor_si128(a, b), one);                                \
        a = _mm_add_epi8(x, _mm_sub_epi8(_mm_avg_epu8(a, b), odd));                           \
        store_pixel(row + i, a, n);                                                           \
    }
    PIXELS(access, BODY)
#undef BODY
}

CK_ROW_INLINE void paeth_row(const uint8_t *raw, const uint8_t *prior, uint8_t *row, size_t count, size_t access,
                             size_t distance) {
    __m128i a = _mm_setzero_si128(), c = a;
#define BODY(n)                                                                               \
    {                                                                                         \
        __m128i b = _mm_cvtepu8_epi16(load_pixel(prior + i, n));                              \
        __m128i x = _mm_cvtepu8_epi16(load_pixel(raw + i, n));                                \
        a = _mm_add_epi8(x, paeth(a, b, c));                                                  \
        c = b;                                                                                \
        store_pixel(row + i, _mm_packus_epi16(a, a), n);                                      \
    }
    PIXELS(access, BODY)
#undef BODY
}

CK_ROW_INLINE void row_of(int32_t filter, const uint8_t *raw, const uint8_t *prior, uint8_t *row, size_t count,
                          size_t access, size_t distance) {
    if (filter == 1) sub_row(raw, row, count, access, distance);
    if (filter == 3) average_row(raw, prior, row, count, access, distance);
    if (filter == 4) paeth_row(raw, prior, row, count, access, distance);
}

CK_ROW void ck_unfilter_row_sse41(CK_UNFILTER_ROW_PARAMETERS) {
    if (filter == 2) {
        for (size_t i = 0; i < count; i++) row[i] = (uint8_t)(raw[i] + prior[i]);
        return;
    }
    switch (distance) {
    case 1: row_of(filter, raw, prior, row, count, 1, 1); break;
    case 2: row_of(filter, raw, prior, row, count, 2, 2); break;
    case 3: row_of(filter, raw, prior, row, count, 4, 3); break;
    case 4: row_of(filter, raw, prior, row, count, 4, 4); break;
    case 6: row_of(filter, raw, prior, row, count, 8, 6); break;
    default: row_of(filter, raw, prior, row, count, 8, 8); break;
    }
}

// ---------------------------------------------------------------- four rows
//
// Row n at pixel i - n: each waits for its own left neighbour alone, so that four chains run side by side. Two rows share a
// register, four lanes each. What is above the lower of two is what the upper gave in the step before.

CK_ROW_INLINE __m128i two_pixels(const uint8_t *upper, const uint8_t *lower) {
    uint32_t first, second;
    memcpy(&first, upper, 4);
    memcpy(&second, lower, 4);
    return _mm_cvtepu8_epi16(_mm_insert_epi32(_mm_cvtsi32_si128((int)first), (int)second, 1));
}

CK_ROW_INLINE void store_two(uint8_t *upper, uint8_t *lower, __m128i pixels) {
    __m128i bytes = _mm_packus_epi16(pixels, pixels);
    uint32_t first = (uint32_t)_mm_cvtsi128_si32(bytes), second = (uint32_t)_mm_extract_epi32(bytes, 1);
    memcpy(upper, &first, 4);
    memcpy(lower, &second, 4);
}

// What the filters of two rows come to: Sub is Paeth of a and two zeros, Up of b and two zeros, None of zeros.
typedef struct {
    __m128i a, b, c, average;
} filters;

CK_ROW_INLINE __m128i two_words(int upper, int lower) {
    return _mm_set_epi64x(lower ? -1 : 0, upper ? -1 : 0);
}

CK_ROW_INLINE filters filters_of(uint8_t upper, uint8_t lower) {
    filters result = {
        two_words(upper == 1 || upper >= 3, lower == 1 || lower >= 3), two_words(upper >= 2, lower >= 2),
        two_words(upper == 4, lower == 4), two_words(upper == 3, lower == 3),
    };
    return result;
}

// `kind`: 0 where all are Paeth, 1 where some are Average, 2 for any.
CK_ROW_INLINE __m128i predict(__m128i a, __m128i b, __m128i c, filters f, int kind) {
    if (kind == 0) return paeth(a, b, c);
    __m128i average = _mm_srli_epi16(_mm_add_epi16(a, b), 1);
    if (kind == 2) {
        a = _mm_and_si128(a, f.a);
        b = _mm_and_si128(b, f.b);
        c = _mm_and_si128(c, f.c);
    }
    return _mm_blendv_epi8(paeth(a, b, c), average, f.average);
}

// One pixel, for the corners where not all rows have one.
CK_ROW static void pixel_at(const uint8_t *raw, const uint8_t *prior, uint8_t *row, uint8_t filter, size_t at,
                            size_t distance) {
    for (size_t i = at * distance; i < (at + 1) * distance; i++) {
        int a = at ? row[i - distance] : 0, b = prior[i], c = at ? prior[i - distance] : 0;
        int pa = b > c ? b - c : c - b, pb = a > c ? a - c : c - a, pc = a + b > 2 * c ? a + b - 2 * c : 2 * c - a - b;
        int guess = filter == 0   ? 0
                    : filter == 1 ? a
                    : filter == 2 ? b
                    : filter == 3 ? (a + b) >> 1
                                  : (pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
        row[i] = (uint8_t)(raw[i] + guess);
    }
}

CK_ROW_INLINE void four_rows(const uint8_t *raw, size_t raw_stride, const uint8_t *prior, uint8_t *rows, size_t stride,
                             size_t count, size_t distance, int kind) {
    const uint8_t *raws[4] = {raw, raw + raw_stride, raw + 2 * raw_stride, raw + 3 * raw_stride};
    uint8_t *row[4] = {rows, rows + stride, rows + 2 * stride, rows + 3 * stride};
    const uint8_t *above[4] = {prior, row[0], row[1], row[2]};
    filters upper = filters_of(raws[0][-1], raws[1][-1]), lower = filters_of(raws[2][-1], raws[3][-1]);

    for (size_t n = 0; n < 3; n++) {
        for (size_t i = 0; i + n < 3; i++) pixel_at(raws[n], above[n], row[n], raws[n][-1], i, distance);
    }
    __m128i x = two_pixels(row[0] + 2 * distance, row[1] + distance);
    __m128i y = _mm_move_epi64(two_pixels(row[2], row[2]));
    __m128i above_x = two_pixels(prior + 2 * distance, row[0] + distance);
    __m128i above_y = _mm_move_epi64(two_pixels(row[1], row[1]));
    // Beside three bytes lies the next pixel's first: a lane that no other lane looks at.
    for (size_t i = 3; i + 1 < count; i++) {
        size_t at = i * distance;
        uint32_t word;
        memcpy(&word, prior + at, 4);
        __m128i b = _mm_unpacklo_epi64(_mm_cvtepu8_epi16(_mm_cvtsi32_si128((int)word)), x);
        __m128i d = _mm_alignr_epi8(y, x, 8);
        __m128i next_x = two_pixels(raws[0] + at, raws[1] + at - distance);
        __m128i next_y = two_pixels(raws[2] + at - 2 * distance, raws[3] + at - 3 * distance);
        next_x = _mm_add_epi8(next_x, predict(x, b, above_x, upper, kind));
        next_y = _mm_add_epi8(next_y, predict(y, d, above_y, lower, kind));
        store_two(row[0] + at, row[1] + at - distance, next_x);
        store_two(row[2] + at - 2 * distance, row[3] + at - 3 * distance, next_y);
        x = next_x;
        y = next_y;
        above_x = b;
        above_y = d;
    }
    for (size_t n = 0; n < 4; n++) {
        for (size_t i = count - 1 - n; i < count; i++) pixel_at(raws[n], above[n], row[n], raws[n][-1], i, distance);
    }
}

CK_ROW void ck_unfilter_four_sse41(CK_UNFILTER_FOUR_PARAMETERS) {
    int least = 4, all = 4;
    for (size_t n = 0; n < 4; n++) {
        int filter = (raw + n * raw_stride)[-1];
        if (filter < least) least = filter;
        all &= filter;
    }
    int kind = all == 4 ? 0 : least >= 3 ? 1 : 2;
    if (distance == 3) {
        if (kind == 0) four_rows(raw, raw_stride, prior, rows, stride, count, 3, 0);
        if (kind == 1) four_rows(raw, raw_stride, prior, rows, stride, count, 3, 1);
        if (kind == 2) four_rows(raw, raw_stride, prior, rows, stride, count, 3, 2);
    } else {
        if (kind == 0) four_rows(raw, raw_stride, prior, rows, stride, count, 4, 0);
        if (kind == 1) four_rows(raw, raw_stride, prior, rows, stride, count, 4, 1);
        if (kind == 2) four_rows(raw, raw_stride, prior, rows, stride, count, 4, 2);
    }
}
#endif
