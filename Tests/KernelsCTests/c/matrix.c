// kn_sgemm and kn_dgemm, as a C program sees them. That each row of their tables is right is the Swift tests' to show.
#include <math.h>

#include "check.h"

static int32_t precision = KN_PRECISION_NATIVE;

#define T float
#define NAME _f32
#define GEMM(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, threads) \
    kn_sgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, precision, threads)
#include "gemm_checks.h"

#define T double
#define NAME _f64
#define GEMM kn_dgemm
#include "gemm_checks.h"

// Small integers are exact in bf16, so that every precision has one right answer.
static void precisions(void) {
    for (precision = KN_PRECISION_BF16X3; precision <= KN_PRECISION_BF16; precision++) {
        one_product_f32(KN_NO_TRANSPOSE, KN_TRANSPOSE, 33, 35, 31, (float)-0.5, 2, 1);
        special_values_f32();
        bad_input_f32();
    }
    precision = KN_PRECISION_NATIVE;
    float a = 1, b = 2, c = 3;
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_sgemm(0, 0, 1, 1, 1, 1, &a, 1, &b, 1, 0, &c, 1, KN_PRECISION_BF16 + 1, 1));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_sgemm(0, 0, 1, 1, 1, 1, &a, 1, &b, 1, 0, &c, 1, -1, 1));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_sgemm(0, 0, 0, 0, 0, 1, NULL, 0, NULL, 0, 0, NULL, 0, INT32_MAX, 1));
    CHECK(c == 3);
}

int main(void) {
    all_f32();
    all_f64();
    precisions();
    // The mask reaches the products: without any feature, the portable row gives the same integers.
    CHECK_STATUS(KN_OK, kn_disable_cpu_features("ssse3,neon"));
    one_product_f32(KN_TRANSPOSE, KN_NO_TRANSPOSE, 17, 33, 31, 2, 1, 1);
    one_product_f64(KN_TRANSPOSE, KN_NO_TRANSPOSE, 17, 33, 31, 2, 1, 1);
    return report("matrix");
}
