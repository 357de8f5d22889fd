// Putting PNG's filters on: 32 bytes at a time, for nothing that is filtered waits for anything else.
#if defined(__x86_64__)
#include "ck_imaging.h"
#include <immintrin.h>

#define CK_ROW __attribute__((target("avx2")))
#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

CK_ROW_INLINE __m256i load(const uint8_t *data) { return _mm256_loadu_si256((const __m256i *)data); }

CK_ROW_INLINE __m256i distance_of(__m256i a, __m256i b) {
    return _mm256_or_si256(_mm256_subs_epu8(a, b), _mm256_subs_epu8(b, a));
}

// (a + b) / 2, rounded down: pavgb rounds up, and the complement of complements down.
CK_ROW_INLINE __m256i average_of(__m256i a, __m256i b) {
    __m256i ones = _mm256_set1_epi8(-1);
    return _mm256_xor_si256(_mm256_avg_epu8(_mm256_xor_si256(a, ones), _mm256_xor_si256(b, ones)), ones);
}

// Paeth in bytes. The distance from a + b - c to c is that of a and of b, added up where both lie on the same side of c, and
// else the difference of the two; a sum above 255 is never the least, so that it may stop there.
CK_ROW_INLINE __m256i paeth_of(__m256i a, __m256i b, __m256i c) {
    __m256i pa = distance_of(b, c), pb = distance_of(a, c);
    __m256i a_up = _mm256_cmpeq_epi8(_mm256_max_epu8(a, c), a), b_up = _mm256_cmpeq_epi8(_mm256_max_epu8(b, c), b);
    __m256i apart = _mm256_xor_si256(a_up, b_up);
    __m256i pc = _mm256_blendv_epi8(_mm256_adds_epu8(pa, pb), distance_of(pa, pb), apart);
    __m256i least = _mm256_min_epu8(pa, _mm256_min_epu8(pb, pc));
    __m256i b_or_c = _mm256_blendv_epi8(c, b, _mm256_cmpeq_epi8(least, pb));
    return _mm256_blendv_epi8(b_or_c, a, _mm256_cmpeq_epi8(least, pa));
}

CK_ROW_INLINE int paeth_byte(int a, int b, int c) {
    int pa = b > c ? b - c : c - b, pb = a > c ? a - c : c - a, pc = a + b > 2 * c ? a + b - 2 * c : 2 * c - a - b;
    return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

CK_ROW_INLINE int guess_byte(int filter, int a, int b, int c) {
    if (filter == 0) return 0;
    if (filter == 1) return a;
    if (filter == 2) return b;
    if (filter == 3) return (a + b) >> 1;
    return paeth_byte(a, b, c);
}

CK_ROW_INLINE __m256i guess_of(int filter, __m256i a, __m256i b, __m256i c) {
    if (filter == 0) return _mm256_setzero_si256();
    if (filter == 1) return a;
    if (filter == 2) return b;
    if (filter == 3) return average_of(a, b);
    return paeth_of(a, b, c);
}

CK_ROW_INLINE __m256i add_sizes(__m256i sum, __m256i x) {
    return _mm256_add_epi64(sum, _mm256_sad_epu8(_mm256_min_epu8(x, _mm256_sub_epi8(_mm256_setzero_si256(), x)),
                                                 _mm256_setzero_si256()));
}

CK_ROW_INLINE uint64_t total(__m256i sum) {
    return (uint64_t)_mm256_extract_epi64(sum, 0) + (uint64_t)_mm256_extract_epi64(sum, 1) +
           (uint64_t)_mm256_extract_epi64(sum, 2) + (uint64_t)_mm256_extract_epi64(sum, 3);
}

CK_ROW_INLINE void add_bytes(const uint8_t *row, const uint8_t *prior, size_t from, size_t to, size_t distance,
                             uint64_t *sums) {
    for (size_t i = from; i < to; i++) {
        int a = i >= distance ? row[i - distance] : 0, c = i >= distance ? prior[i - distance] : 0;
        for (int filter = 0; filter < 5; filter++) {
            int size = (uint8_t)(row[i] - guess_byte(filter, a, prior[i], c));
            sums[filter] += (uint64_t)(size < 128 ? size : 256 - size);
        }
    }
}

CK_ROW void ck_filter_sums_avx2(CK_FILTER_SUMS_PARAMETERS) {
    __m256i total_of[5] = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256(),
                           _mm256_setzero_si256(), _mm256_setzero_si256()};
    for (int filter = 0; filter < 5; filter++) sums[filter] = 0;
    size_t i = distance < count ? distance : count;
    add_bytes(row, prior, 0, i, distance, sums);
    for (; i + 32 <= count; i += 32) {
        __m256i x = load(row + i), a = load(row + i - distance), b = load(prior + i), c = load(prior + i - distance);
        for (int filter = 0; filter < 5; filter++) {
            total_of[filter] = add_sizes(total_of[filter], _mm256_sub_epi8(x, guess_of(filter, a, b, c)));
        }
    }
    add_bytes(row, prior, i, count, distance, sums);
    for (int filter = 0; filter < 5; filter++) sums[filter] += total(total_of[filter]);
}

CK_ROW_INLINE void apply(int filter, const uint8_t *row, const uint8_t *prior, uint8_t *filtered, size_t count,
                         size_t distance) {
    size_t i = 0;
    for (; i < distance && i < count; i++) filtered[i] = (uint8_t)(row[i] - guess_byte(filter, 0, prior[i], 0));
    for (; i + 32 <= count; i += 32) {
        __m256i a = load(row + i - distance), b = load(prior + i), c = load(prior + i - distance);
        _mm256_storeu_si256((__m256i *)(filtered + i), _mm256_sub_epi8(load(row + i), guess_of(filter, a, b, c)));
    }
    for (; i < count; i++) {
        filtered[i] = (uint8_t)(row[i] - guess_byte(filter, row[i - distance], prior[i], prior[i - distance]));
    }
}

CK_ROW void ck_filter_row_avx2(CK_FILTER_ROW_PARAMETERS) {
    switch (filter) {
    case 1: apply(1, row, prior, filtered, count, distance); break;
    case 2: apply(2, row, prior, filtered, count, distance); break;
    case 3: apply(3, row, prior, filtered, count, distance); break;
    case 4: apply(4, row, prior, filtered, count, distance); break;
    default: apply(0, row, prior, filtered, count, distance); break;
    }
}
#endif
