// Sketches of Apache DataSketches' format, by hand.
#include <math.h>

#include "check.h"

// An empty list of lgK 12, and the coupon of one value.
static const uint8_t none[8] = {2, 1, 7, 12, 3, 12, 0, 0};
static const uint8_t one[12] = {2, 1, 7, 12, 3, 8, 1, 0, 0xcb, 0xd7, 0xc2, 0x04};
// None, one value (1.0), and the values 1, 2, 3, the newest first, of k 200.
static const uint8_t kll_none[8] = {2, 1, 15, 1, 200, 0, 8, 0};
static const uint8_t kll_one[16] = {2, 2, 15, 4, 200, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f};
static const uint8_t kll_three[64] = {
    5, 1, 15, 0, 200, 0, 8, 0, 3, 0, 0, 0, 0, 0, 0, 0, 200, 0, 1, 0, 197, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0x08, 0x40,
    0, 0, 0, 0, 0, 0, 0x08, 0x40, 0, 0, 0, 0, 0, 0, 0x00, 0x40, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f,
};

static void distinct(void) {
    double estimate = -1;
    kn_error error;
    CHECK_STATUS(KN_OK, kn_sketch_distinct(KN_SKETCH_HLL, none, sizeof none, &estimate, &error));
    CHECK(estimate == 0);
    CHECK_STATUS(KN_OK, kn_sketch_distinct(KN_SKETCH_HLL, one, sizeof one, &estimate, NULL));
    CHECK(fabs(estimate - 1) < 1e-6);

    for (size_t length = 0; length < sizeof one; length++) {
        estimate = 42;
        memset(&error, 0xff, sizeof error);
        CHECK_STATUS(KN_INVALID_DATA, kn_sketch_distinct(KN_SKETCH_HLL, one, length, &estimate, &error));
        CHECK(estimate == 42 && error.offset <= length && error.message[0] != 0 && error.path[0] == 0);
    }
    CHECK_STATUS(KN_INVALID_DATA, kn_sketch_distinct(KN_SKETCH_HLL, kll_one, sizeof kll_one, &estimate, NULL));
    CHECK_STATUS(KN_INVALID_DATA, kn_sketch_distinct(KN_SKETCH_HLL, NULL, 0, &estimate, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_sketch_distinct(KN_SKETCH_HLL, NULL, 8, &estimate, &error));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_sketch_distinct(KN_SKETCH_KLL_DOUBLE, one, sizeof one, &estimate, &error));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_sketch_distinct(0, one, sizeof one, &estimate, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_sketch_distinct(KN_SKETCH_HLL, one, sizeof one, NULL, NULL));
    CHECK(estimate == 42);
}

static void quantile(void) {
    double value = 42;
    uint64_t n = 42;
    kn_error error;
    CHECK_STATUS(KN_OK, kn_sketch_quantile(KN_SKETCH_KLL_DOUBLE, kll_none, sizeof kll_none, 0.5, &value, &n, &error));
    CHECK(n == 0 && isnan(value));
    CHECK_STATUS(KN_OK, kn_sketch_quantile(KN_SKETCH_KLL_DOUBLE, kll_one, sizeof kll_one, 1, &value, &n, NULL));
    CHECK(n == 1 && value == 1);
    // The smallest value whose rank exceeds q of the weight.
    const double q[] = {0, 0.25, 0.5, 0.75, 1};
    const double expected[] = {1, 1, 2, 3, 3};
    for (int i = 0; i < 5; i++) {
        CHECK_STATUS(KN_OK, kn_sketch_quantile(KN_SKETCH_KLL_DOUBLE, kll_three, sizeof kll_three, q[i], &value, &n, NULL));
        CHECK(n == 3 && value == expected[i]);
    }
    CHECK_STATUS(KN_OK, kn_sketch_quantile(KN_SKETCH_KLL_DOUBLE, kll_three, sizeof kll_three, 0.5, &value, NULL, NULL));

    value = 42;
    n = 42;
    for (size_t length = 0; length < sizeof kll_three; length++) {
        CHECK_STATUS(KN_INVALID_DATA,
                     kn_sketch_quantile(KN_SKETCH_KLL_DOUBLE, kll_three, length, 0.5, &value, &n, &error));
    }
    CHECK_STATUS(KN_INVALID_DATA, kn_sketch_quantile(KN_SKETCH_KLL_DOUBLE, one, sizeof one, 0.5, &value, &n, &error));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_sketch_quantile(KN_SKETCH_HLL, kll_one, sizeof kll_one, 0.5, &value, &n, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT,
                 kn_sketch_quantile(KN_SKETCH_KLL_DOUBLE, kll_one, sizeof kll_one, 1.5, &value, &n, &error));
    CHECK_STATUS(KN_INVALID_ARGUMENT,
                 kn_sketch_quantile(KN_SKETCH_KLL_DOUBLE, kll_one, sizeof kll_one, NAN, &value, &n, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_sketch_quantile(KN_SKETCH_KLL_DOUBLE, NULL, 16, 0.5, &value, &n, NULL));
    CHECK(value == 42 && n == 42);
}

int main(void) {
    distinct();
    quantile();
    return report("sketches");
}
