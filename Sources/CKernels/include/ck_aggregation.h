// The C leaf of aggregation. What holds for all of it stands in CKernels.h.
#ifndef CK_AGGREGATION_H
#define CK_AGGREGATION_H

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

#if defined(__x86_64__)
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
