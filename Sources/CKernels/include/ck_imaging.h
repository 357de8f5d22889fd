// The C leaf of images. What holds for all of it stands in CKernels.h.
#ifndef CK_IMAGING_H
#define CK_IMAGING_H

#include "ck_base.h"

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
#endif

#endif
