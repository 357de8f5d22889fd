// The checks of one product, included once with T and GEMM for each element type:
//   T      float or double
//   NAME   a suffix for the functions below
//   GEMM   (trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, threads)
// Inputs are small integers and alpha and beta are powers of two, so that every result is exact whatever the order of sums.

#define PASTE2(a, b) a##b
#define PASTE(a, b) PASTE2(a, b)
#define FN(name) PASTE(name, NAME)

enum { FN(room) = 160 * 160 };
static T FN(a)[FN(room)], FN(b)[FN(room)], FN(c)[FN(room)], FN(expected)[FN(room)];

static void FN(fill)(T *x, int seed) {
    for (int i = 0; i < FN(room); i++) x[i] = (T)((i * 7 + seed) % 251 % 15 - 7);
}

static void FN(reference)(int ta, int tb, int m, int n, int k, T alpha, const T *a, int lda, const T *b, int ldb,
                          T beta, T *c, int ldc) {
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
            T sum = 0;
            for (int p = 0; p < k; p++) {
                sum += (ta ? a[p * lda + i] : a[i * lda + p]) * (tb ? b[j * ldb + p] : b[p * ldb + j]);
            }
            c[i * ldc + j] = alpha * sum + (beta == 0 ? 0 : beta * c[i * ldc + j]);
        }
    }
}

static void FN(one_product)(int ta, int tb, int m, int n, int k, T alpha, T beta, int threads) {
    int lda = (ta ? m : k) + 3, ldb = (tb ? k : n) + 1, ldc = n + 2;
    FN(fill)(FN(a), 1), FN(fill)(FN(b), 2), FN(fill)(FN(c), 3), FN(fill)(FN(expected), 3);
    FN(reference)(ta, tb, m, n, k, alpha, FN(a), lda, FN(b), ldb, beta, FN(expected), ldc);
    CHECK_STATUS(KN_OK, GEMM(ta, tb, m, n, k, alpha, FN(a), lda, FN(b), ldb, beta, FN(c), ldc, threads));
    // The whole array: what lies between the rows and after the last one stays as it was.
    CHECK(memcmp(FN(c), FN(expected), sizeof FN(c)) == 0);
}

static void FN(products)(void) {
    static const int sizes[][3] = {
        {1, 1, 1}, {2, 3, 4}, {7, 1, 5}, {1, 9, 8}, {8, 8, 8}, {17, 33, 31}, {64, 64, 64}, {95, 97, 130}, {130, 131, 129},
    };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (int t = 0; t < 4; t++) {
            int m = sizes[i][0], n = sizes[i][1], k = sizes[i][2];
            FN(one_product)(t & 1, t >> 1, m, n, k, 1, 0, 1);
            FN(one_product)(t & 1, t >> 1, m, n, k, (T)-0.5, 2, 1);
            FN(one_product)(t & 1, t >> 1, m, n, k, 2, 1, 2);
        }
    }
    FN(one_product)(KN_NO_TRANSPOSE, KN_NO_TRANSPOSE, 131, 127, 65, 1, 0, INT32_MAX);
}

// beta == 0 never reads C; alpha == 0 and k == 0 never read A and B; NaN comes through where it is read.
static void FN(special_values)(void) {
    enum { n = 20 };
    T nan = (T)NAN;
    FN(fill)(FN(a), 1), FN(fill)(FN(b), 2);
    for (int i = 0; i < n * n; i++) FN(c)[i] = nan;
    CHECK_STATUS(KN_OK, GEMM(0, 0, n, n, n, 1, FN(a), n, FN(b), n, 0, FN(c), n, 1));
    for (int i = 0; i < n * n; i++) CHECK(FN(c)[i] == FN(c)[i]);

    FN(a)[0] = nan, FN(b)[0] = (T)INFINITY;
    for (int i = 0; i < n * n; i++) FN(c)[i] = (T)i;
    CHECK_STATUS(KN_OK, GEMM(0, 0, n, n, n, 0, FN(a), n, FN(b), n, 2, FN(c), n, 1));
    for (int i = 0; i < n * n; i++) CHECK(FN(c)[i] == (T)(2 * i));
    CHECK_STATUS(KN_OK, GEMM(0, 0, n, n, 0, 1, NULL, 0, NULL, n, (T)0.5, FN(c), n, 1));
    for (int i = 0; i < n * n; i++) CHECK(FN(c)[i] == (T)i);

    CHECK_STATUS(KN_OK, GEMM(0, 0, n, n, n, 1, FN(a), n, FN(b), n, 0, FN(c), n, 1));
    for (int j = 0; j < n; j++) CHECK(FN(c)[j] != FN(c)[j]);
}

// Nothing to do is no error, whatever the pointers, and one row may have any leading dimension.
static void FN(empty_and_extreme)(void) {
    T one = 1, two = 2, three = 3;
    CHECK_STATUS(KN_OK, GEMM(0, 0, 0, 0, 0, 1, NULL, 0, NULL, 0, 0, NULL, 0, 1));
    CHECK_STATUS(KN_OK, GEMM(0, 0, 0, 5, 0, 1, NULL, 0, NULL, 5, 0, NULL, 5, 1));
    CHECK_STATUS(KN_OK, GEMM(0, 0, INT64_MAX, 0, 0, 1, NULL, 0, NULL, 0, 0, NULL, 0, 1));
    CHECK_STATUS(KN_OK, GEMM(0, 0, 0, 0, INT64_MAX, 1, NULL, INT64_MAX, NULL, 0, 0, NULL, 0, 1));
    CHECK_STATUS(KN_OK, GEMM(1, 1, 0, INT64_MAX, 0, 1, NULL, 0, NULL, 0, 0, NULL, INT64_MAX, 1));
    CHECK_STATUS(KN_OK, GEMM(0, 0, 1, 1, 1, 1, &one, INT64_MAX, &two, INT64_MAX, 1, &three, INT64_MAX, 1));
    CHECK(three == 5);
    CHECK_STATUS(KN_OK, GEMM(1, 1, 1, 1, 1, 1, &one, INT64_MAX, &two, INT64_MAX, 1, &three, INT64_MAX, 1));
    CHECK(three == 7);
    CHECK_STATUS(KN_OK, GEMM(0, 0, 1, 1, 1, 0, &one, INT64_MAX, &two, INT64_MAX, 2, &three, INT64_MAX, 1));
    CHECK(three == 14);
}

#define REFUSED(...)                                                        \
    do {                                                                    \
        CHECK_STATUS(KN_INVALID_ARGUMENT, GEMM(__VA_ARGS__));               \
        CHECK(memcmp(FN(c), FN(expected), sizeof FN(c)) == 0);              \
    } while (0)

static void FN(bad_input)(void) {
    T *a = FN(a), *b = FN(b), *c = FN(c);
    FN(fill)(a, 1), FN(fill)(b, 2), FN(fill)(c, 3), FN(fill)(FN(expected), 3);

    // negative sizes
    REFUSED(0, 0, -1, 4, 4, 1, a, 4, b, 4, 0, c, 4, 1);
    REFUSED(0, 0, 4, -1, 4, 1, a, 4, b, 4, 0, c, 4, 1);
    REFUSED(0, 0, 4, 4, -1, 1, a, 4, b, 4, 0, c, 4, 1);
    REFUSED(0, 0, INT64_MIN, INT64_MIN, INT64_MIN, 1, a, 4, b, 4, 0, c, 4, 1);
    // short and negative leading dimensions, by what is stored
    REFUSED(0, 0, 4, 5, 6, 1, a, 5, b, 5, 0, c, 5, 1);
    REFUSED(1, 0, 4, 5, 6, 1, a, 3, b, 5, 0, c, 5, 1);
    REFUSED(0, 0, 4, 5, 6, 1, a, 6, b, 4, 0, c, 5, 1);
    REFUSED(0, 1, 4, 5, 6, 1, a, 6, b, 5, 0, c, 5, 1);
    REFUSED(0, 0, 4, 5, 6, 1, a, 6, b, 5, 0, c, 4, 1);
    REFUSED(0, 0, 4, 5, 6, 1, a, -6, b, 5, 0, c, 5, 1);
    REFUSED(0, 0, 4, 5, 6, 1, a, INT64_MIN, b, 5, 0, c, 5, 1);
    REFUSED(0, 0, 0, 0, 0, 1, a, -1, b, 0, 0, c, 0, 1);
    // more bytes than there are addresses
    REFUSED(0, 0, INT64_MAX, 1, 1, 1, a, 1, b, 1, 0, c, 1, 1);
    REFUSED(0, 0, 3, 4, 4, 1, a, INT64_MAX, b, 4, 0, c, 4, 1);
    REFUSED(0, 0, 4, 4, 3, 1, a, 3, b, INT64_MAX / 2, 0, c, 4, 1);
    REFUSED(0, 0, 4, 4, 4, 1, a, 4, b, 4, 0, c, INT64_MAX / 8, 1);
    REFUSED(0, 0, INT64_MAX, INT64_MAX, INT64_MAX, 1, a, INT64_MAX, b, INT64_MAX, 0, c, INT64_MAX, 1);
    REFUSED(1, 1, INT64_MAX, INT64_MAX, 1, 0, a, INT64_MAX, b, 1, 0, c, INT64_MAX, 1);
    // unknown enums
    REFUSED(2, 0, 4, 4, 4, 1, a, 4, b, 4, 0, c, 4, 1);
    REFUSED(0, -1, 4, 4, 4, 1, a, 4, b, 4, 0, c, 4, 1);
    REFUSED('T', 'N', 4, 4, 4, 1, a, 4, b, 4, 0, c, 4, 1);
    REFUSED(INT32_MIN, INT32_MAX, 4, 4, 4, 1, a, 4, b, 4, 0, c, 4, 1);
    // NULL where there are elements, read or not
    REFUSED(0, 0, 4, 4, 4, 1, NULL, 4, b, 4, 0, c, 4, 1);
    REFUSED(0, 0, 4, 4, 4, 1, a, 4, NULL, 4, 0, c, 4, 1);
    REFUSED(0, 0, 4, 4, 4, 0, NULL, 4, NULL, 4, 0, c, 4, 1);
    REFUSED(0, 0, 4, 4, 4, 1, a, 4, b, 4, 0, NULL, 4, 1);
    // addresses that cannot be those of elements
    REFUSED(0, 0, 4, 4, 4, 1, (const T *)((const char *)(const void *)a + 1), 4, b, 4, 0, c, 4, 1);
    REFUSED(0, 0, 4, 4, 4, 1, a, 4, (const T *)((const char *)(const void *)b + 2), 4, 0, c, 4, 1);
    REFUSED(0, 0, 4, 4, 4, 1, a, 4, b, 4, 0, (T *)((char *)(void *)c + sizeof(T) / 2), 4, 1);
    // no thread to do it
    REFUSED(0, 0, 4, 4, 4, 1, a, 4, b, 4, 0, c, 4, 0);
    REFUSED(0, 0, 4, 4, 4, 1, a, 4, b, 4, 0, c, 4, -1);
    REFUSED(0, 0, 4, 4, 4, 1, a, 4, b, 4, 0, c, 4, INT32_MIN);
    REFUSED(0, 0, 0, 0, 0, 1, NULL, 0, NULL, 0, 0, NULL, 0, 0);
}

static void FN(all)(void) {
    FN(products)();
    FN(special_values)();
    FN(empty_and_extreme)();
    FN(bad_input)();
}

#undef REFUSED
#undef FN
#undef PASTE
#undef PASTE2
#undef GEMM
#undef NAME
#undef T
