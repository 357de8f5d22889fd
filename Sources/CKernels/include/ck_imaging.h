// The C leaf of imaging. What holds for all of it stands in CKernels.h.
#ifndef CK_IMAGING_H
#define CK_IMAGING_H

#include "ck_base.h"

// ---------------------------------------------------------------- imaging/resample_*: the passes of a resize
//
// Every function gives the bits of ResamplePortable.swift. Weights of 8-bit pixels are in units of 2^-22, given as halves:
// `low` is the low 16 bits as a signed number, `high` the rest. Sums wrap at 32 bits; 2^21 is added, and what is left of the
// lowest 22 bits is clamped to a byte.

// `count` rows (1 ... 4) to rows of `columns` pixels, from rows `stride` bytes apart to rows `output_stride` apart.
// - Column x takes `taps` pixels (a multiple of 4, above 0) from starts[x] on, all of which are readable.
// - Its weights are `taps` low halves and then `taps` high ones, from weights[2 * taps * x] on.
// - `channels` is 1 ... 4. Exactly the columns are written.
#define CK_RESAMPLE_COLUMNS_PARAMETERS                                                                         \
    const uint8_t *_Nonnull source, size_t stride, uint8_t *_Nonnull output, size_t output_stride,             \
    size_t count, const int32_t *_Nonnull starts, const int16_t *_Nonnull weights, size_t taps,                \
    size_t columns, size_t channels
// `count` rows (even, above 0) to one of `samples` bytes.
// - Row j has the low half weights[j] and the high half weights[weights_stride + j].
// - Rows are readable up to the next multiple of 64 samples. Exactly the samples are written.
#define CK_RESAMPLE_ROWS_PARAMETERS                                                                            \
    const uint8_t *_Nonnull const *_Nonnull rows, size_t count, const int16_t *_Nonnull weights,               \
    size_t weights_stride, uint8_t *_Nonnull output, size_t samples
// `count` rows (1 ... 4) of pixels of `lanes` (1, 2, 4) numbers in single precision to rows of `columns` pixels, from rows `stride`
// numbers apart to rows `output_stride` apart.
// - Column x takes `taps` pixels (a multiple of 4, above 0) from starts[x] on, by the weights from weights[taps * x] on.
// - Four sums, of every fourth tap; then (first + third) + (second + fourth). Products are rounded before they are added.
#define CK_RESAMPLE_WIDE_COLUMNS_PARAMETERS                                                                    \
    const float *_Nonnull source, size_t stride, float *_Nonnull output, size_t output_stride, size_t count,   \
    const int32_t *_Nonnull starts, const float *_Nonnull weights, size_t taps, size_t columns, size_t lanes
// `count` rows to one of `samples` numbers, added in their order to zero. Products are rounded before they are added.
// - Rows are readable, and the output is writable, up to the next multiple of 16 samples.
#define CK_RESAMPLE_WIDE_ROWS_PARAMETERS                                                                       \
    const float *_Nonnull const *_Nonnull rows, size_t count, const float *_Nonnull weights,                   \
    float *_Nonnull output, size_t samples
// Pixels of `channels` samples of `bits` (8, 16) to `lanes` numbers each, 1, 2, or 4 with a zero after three. With `alpha`
// (2 or 4 channels) colours are multiplied by alpha * (1 / largest).
// - Exactly the pixels are read and written; 16-bit samples are aligned.
#define CK_RESAMPLE_WIDEN_PARAMETERS                                                                           \
    const void *_Nonnull source, float *_Nonnull output, size_t pixels, size_t channels, size_t bits, size_t alpha
// The way back, rounded to the nearest. With `alpha` colours are multiplied by largest / alpha, or by zero where alpha rounds
// to zero.
// - Exactly the pixels are read and written; 16-bit samples are aligned.
#define CK_RESAMPLE_NARROW_PARAMETERS                                                                          \
    const float *_Nonnull source, void *_Nonnull output, size_t pixels, size_t channels, size_t bits, size_t alpha

#if defined(__x86_64__)
CK_HIDDEN void ck_resample_widen_avx2(CK_RESAMPLE_WIDEN_PARAMETERS);
CK_HIDDEN void ck_resample_narrow_avx2(CK_RESAMPLE_NARROW_PARAMETERS);
CK_HIDDEN void ck_resample_columns_avx2(CK_RESAMPLE_COLUMNS_PARAMETERS);
CK_HIDDEN void ck_resample_rows_avx2(CK_RESAMPLE_ROWS_PARAMETERS);
CK_HIDDEN void ck_resample_wide_columns_avx2(CK_RESAMPLE_WIDE_COLUMNS_PARAMETERS);
CK_HIDDEN void ck_resample_wide_rows_avx2(CK_RESAMPLE_WIDE_ROWS_PARAMETERS);
CK_HIDDEN void ck_resample_columns_avx512vnni(CK_RESAMPLE_COLUMNS_PARAMETERS);
CK_HIDDEN void ck_resample_rows_avx512vnni(CK_RESAMPLE_ROWS_PARAMETERS);
CK_HIDDEN void ck_resample_wide_columns_avx512vnni(CK_RESAMPLE_WIDE_COLUMNS_PARAMETERS);
CK_HIDDEN void ck_resample_wide_rows_avx512vnni(CK_RESAMPLE_WIDE_ROWS_PARAMETERS);
#elif defined(__aarch64__)
CK_HIDDEN void ck_resample_widen_neon(CK_RESAMPLE_WIDEN_PARAMETERS);
CK_HIDDEN void ck_resample_narrow_neon(CK_RESAMPLE_NARROW_PARAMETERS);
CK_HIDDEN void ck_resample_columns_neon(CK_RESAMPLE_COLUMNS_PARAMETERS);
CK_HIDDEN void ck_resample_rows_neon(CK_RESAMPLE_ROWS_PARAMETERS);
CK_HIDDEN void ck_resample_wide_columns_neon(CK_RESAMPLE_WIDE_COLUMNS_PARAMETERS);
CK_HIDDEN void ck_resample_wide_rows_neon(CK_RESAMPLE_WIDE_ROWS_PARAMETERS);
#endif

// ---------------------------------------------------------------- imaging/unfilter_*: PNG's filters off rows
//
// A row: filter is 1 to 4, distance 1, 2, 3, 4, 6 or 8. `raw` and `prior` are read and `row` is written for `count` bytes, a
// multiple of `distance` above 2; `raw` and `row` do not overlap.
#define CK_UNFILTER_ROW_PARAMETERS                                                                              \
    int32_t filter, const uint8_t *_Nonnull raw, const uint8_t *_Nonnull prior, uint8_t *_Nonnull row,          \
        size_t count, size_t distance

// Four rows: `count` is in pixels, 8 at least, of `distance` bytes, 3 or 4; each row's filter, 0 to 4, is the byte before its
// bytes in `raw`.
#define CK_UNFILTER_FOUR_PARAMETERS                                                                             \
    const uint8_t *_Nonnull raw, size_t raw_stride, const uint8_t *_Nonnull prior, uint8_t *_Nonnull rows,      \
        size_t stride, size_t count, size_t distance

#if defined(__x86_64__)
CK_HIDDEN void ck_unfilter_row_sse41(CK_UNFILTER_ROW_PARAMETERS);
CK_HIDDEN void ck_unfilter_four_sse41(CK_UNFILTER_FOUR_PARAMETERS);
#elif defined(__aarch64__)
CK_HIDDEN void ck_unfilter_row_neon(CK_UNFILTER_ROW_PARAMETERS);
CK_HIDDEN void ck_unfilter_four_neon(CK_UNFILTER_FOUR_PARAMETERS);
#endif

// ---------------------------------------------------------------- imaging/filter_*: PNG's filters on rows
//
// `row` and `prior` are read for `count` bytes and do not overlap what is written; `distance` is 1 to 8.
// Sums: for each of the five filters, of the filtered bytes' absolute values as signed numbers.
#define CK_FILTER_SUMS_PARAMETERS                                                                               \
    const uint8_t *_Nonnull row, const uint8_t *_Nonnull prior, size_t count, size_t distance, uint64_t *_Nonnull sums
#define CK_FILTER_ROW_PARAMETERS                                                                                \
    int32_t filter, const uint8_t *_Nonnull row, const uint8_t *_Nonnull prior, uint8_t *_Nonnull filtered,     \
        size_t count, size_t distance

#if defined(__x86_64__)
CK_HIDDEN void ck_filter_sums_avx2(CK_FILTER_SUMS_PARAMETERS);
CK_HIDDEN void ck_filter_row_avx2(CK_FILTER_ROW_PARAMETERS);
#elif defined(__aarch64__)
CK_HIDDEN void ck_filter_sums_neon(CK_FILTER_SUMS_PARAMETERS);
CK_HIDDEN void ck_filter_row_neon(CK_FILTER_ROW_PARAMETERS);
#endif

#endif
