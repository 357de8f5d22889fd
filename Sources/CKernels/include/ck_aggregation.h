// The C leaf of aggregation. What holds for all of it stands in CKernels.h.
#ifndef CK_AGGREGATION_H
#define CK_AGGREGATION_H

#include <stdbool.h>

#include "ck_base.h"

// ---------------------------------------------------------------- aggregation/: doubles of a block
//
// No alignment is required; exactly the n doubles are read.

// range: the least and the greatest number, infinities of the wrong sign where there is none, and what else there is.
enum {
    CK_NOT_A_NUMBER = 1,
    CK_NEGATIVE = 2,  // a value whose sign bit is set, a zero or a NaN as well
    CK_POSITIVE = 4   // and one whose sign bit is clear
};
#define CK_RANGE_PARAMETERS const double *_Nonnull x, size_t n, double *_Nonnull range

// sum: n is a multiple of CK_REDUCE_STEP, at most CK_SUM_BLOCK; every value is finite. bias[0] and bias[1] are 1.5 times powers of
// two; the values are below 2^-9 of the first power, which is 2^44 times the second. sums[i] counts units of 2^-52 of a power.
// Their total is that of the values plus that of the doubles stored in rest, whose number is the result, at most n.
//
// moments: n is a multiple of CK_REDUCE_STEP, at most 256 times the doubles of a vector (8 in the portable row); every value is finite, and in magnitude at most 2^21
// times the unit u of bias[0]. The others' units are v = 2^-22 u and w = 2^-44 u, then u u, u v, u w, v v, v w and w w, for the
// sums of a, b, c and of their products in that order. Values that are no a + b + c are stored in rest and counted nowhere else.
enum { CK_REDUCE_STEP = 32, CK_SUM_BLOCK = 2048 };
#define CK_REDUCE_PARAMETERS                                                                                   \
    const double *_Nonnull x, size_t n, const double *_Nonnull bias, int64_t *_Nonnull sums, double *_Nonnull rest

// i64_reduce: n is at most 2^31. u[i] = x[i] ^ flip, as unsigned integers. out[0] is the sum of their lower halves, out[1] that of the upper ones;
// out[2] and out[3] are the least and the greatest of u[i] ^ 2^63, as signed integers: INT64_MAX and INT64_MIN of nothing.
#define CK_I64_REDUCE_PARAMETERS const int64_t *_Nonnull x, size_t n, uint64_t flip, int64_t *_Nonnull out

// group_sum: values[i] is added to the sum of group groups[i], which is a pair of integers, sums[2 g] units of bias[0]'s last place and
// sums[2 g + 1] of half of that of bias[1]; the lowest bit of the second is 1 once the group has seen anything. The biases are 1.5 times powers
// of two, the first 2^41 times the second; bias[2] is 2^-11 times the first power. Rows whose value is not below bias[2] in magnitude, or
// is no multiple of the second unit, are added to nothing; where such are is stored in rest, and how many is the result. A few rows that could
// have been added may be among them.
#define CK_GROUP_SUM_PARAMETERS                                                                                  \
    const uint32_t *_Nonnull groups, const double *_Nonnull values, size_t n, const double *_Nonnull bias,       \
        int64_t *_Nonnull sums, uint32_t *_Nonnull rest

// ---------------------------------------------------------------- aggregation/: sketches
//
// dd_count: values are counted in the buckets of their magnitudes, as DDBuckets.swift has them: bucket first[0] + i of positive ones in
// above[i] for i below count[0], those of negative ones in below by first[1] and count[1]. The result is how many were counted before one that
// has no place there, or is a zero, below the normal range, or no finite number; negatives is how many of them were negative.
#define CK_DD_COUNT_PARAMETERS                                                                                   \
    const double *_Nonnull values, size_t n, const int64_t *_Nonnull first, const int64_t *_Nonnull count,       \
        uint64_t *_Nullable above, uint64_t *_Nullable below, size_t *_Nonnull negatives

// hll_scan: the first of n words that raises a register, or n. Ranks has mask + 1 registers; high gets the upper half of that word's hash, and
// slot its register. Double: words are doubles, of which both zeros are one and all NaNs.
#define CK_HLL_SCAN_PARAMETERS                                                                                   \
    const uint64_t *_Nonnull words, size_t n, const uint8_t *_Nonnull ranks, uint64_t mask, bool is_double,      \
        uint64_t *_Nonnull high, uint64_t *_Nonnull slot

#if defined(__x86_64__)
CK_HIDDEN size_t ck_dd_count_avx2(CK_DD_COUNT_PARAMETERS);
CK_HIDDEN size_t ck_hll_scan_avx512f(CK_HLL_SCAN_PARAMETERS);
CK_HIDDEN void ck_i64_reduce_avx512f(CK_I64_REDUCE_PARAMETERS);
CK_HIDDEN void ck_i64_reduce_avx2(CK_I64_REDUCE_PARAMETERS);
CK_HIDDEN size_t ck_f64_group_sum_avx2(CK_GROUP_SUM_PARAMETERS);
CK_HIDDEN uint32_t ck_f64_range_avx512f(CK_RANGE_PARAMETERS);
CK_HIDDEN size_t ck_f64_sum_avx512f(CK_REDUCE_PARAMETERS);
CK_HIDDEN size_t ck_f64_moments_avx512f(CK_REDUCE_PARAMETERS);
CK_HIDDEN uint32_t ck_f64_range_avx2(CK_RANGE_PARAMETERS);
CK_HIDDEN size_t ck_f64_sum_avx2(CK_REDUCE_PARAMETERS);
CK_HIDDEN size_t ck_f64_moments_avx2(CK_REDUCE_PARAMETERS);
#elif defined(__aarch64__)
CK_HIDDEN uint32_t ck_f64_range_neon(CK_RANGE_PARAMETERS);
CK_HIDDEN size_t ck_f64_sum_neon(CK_REDUCE_PARAMETERS);
CK_HIDDEN size_t ck_f64_moments_neon(CK_REDUCE_PARAMETERS);
#endif

#endif
