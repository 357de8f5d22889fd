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

// Three products of 2 x 2 by 2 x 2: apart, with B shared, and refused with nothing touched.
static void batches(void) {
    enum { count = 3, n = 2 };
    float a[count * 5], b[count * 4], c[count * 6];
    for (int i = 0; i < count * 5; i++) a[i] = (float)(i % 7 - 3);
    for (int i = 0; i < count * 4; i++) b[i] = (float)(i % 5 - 2);
    for (int64_t stride_b = 0; stride_b <= 4; stride_b += 4) {
        for (int i = 0; i < count * 6; i++) c[i] = 100;
        CHECK_STATUS(KN_OK, kn_sgemm_strided_batch(0, 0, n, n, n, 2, a, n, 5, b, n, stride_b, -1, c, n, 6, count, KN_PRECISION_NATIVE, 2));
        for (int p = 0; p < count; p++)
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++) {
                    float sum = 0;
                    for (int q = 0; q < n; q++) sum += a[p * 5 + i * n + q] * b[p * stride_b + q * n + j];
                    CHECK(c[p * 6 + i * n + j] == 2 * sum - 100);
                }
        for (int p = 0; p < count; p++) CHECK(c[p * 6 + 4] == 100 && c[p * 6 + 5] == 100);
    }
    for (int i = 0; i < count * 6; i++) c[i] = 7;
#define REFUSED(stride_a, stride_b, stride_c, batches, precision, threads) \
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_sgemm_strided_batch(0, 0, n, n, n, 1, a, n, stride_a, b, n, stride_b, 0, c, n, stride_c, batches, precision, threads))
    REFUSED(-1, 4, 6, count, 0, 1);
    REFUSED(5, -1, 6, count, 0, 1);
    REFUSED(5, 4, 3, count, 0, 1);
    REFUSED(5, 4, 6, -1, 0, 1);
    REFUSED(INT64_MAX, 4, 6, count, 0, 1);
    REFUSED(5, 4, 6, count, 4, 1);
    REFUSED(5, 4, 6, count, 0, 0);
    CHECK_STATUS(KN_OK, kn_sgemm_strided_batch(0, 0, n, n, n, 1, NULL, n, 5, NULL, n, 4, 0, NULL, n, 6, 0, 0, 1));
    for (int i = 0; i < count * 6; i++) CHECK(c[i] == 7);
}

int main(void) {
    all_f32();
    all_f64();
    precisions();
    batches();
    // The mask reaches the products: without any feature, the portable row gives the same integers.
    CHECK_STATUS(KN_OK, kn_disable_cpu_features("ssse3,neon"));
    one_product_f32(KN_TRANSPOSE, KN_NO_TRANSPOSE, 17, 33, 31, 2, 1, 1);
    one_product_f64(KN_TRANSPOSE, KN_NO_TRANSPOSE, 17, 33, 31, 2, 1, 1);
    return report("matrix");
}
