// kn_bf16gemm and kn_u8s8gemm, as a C program sees them. That each row of their tables is right is the Swift tests' to show.
#include <math.h>

#include "check.h"

enum { room = 160 * 160 };
static uint16_t bf16_a[room], bf16_b[room];
static float f32_c[room], f32_expected[room];
static uint8_t u8_a[room];
static int8_t s8_b[room];
static int32_t s32_c[room], s32_expected[room];

// A small integer, which bf16 holds exactly.
static uint16_t bf16(int value) {
    float f = (float)value;
    uint32_t bits;
    memcpy(&bits, &f, sizeof bits);
    return (uint16_t)(bits >> 16);
}

static int integer(int i, int seed) { return (i * 7 + seed) % 251 % 15 - 7; }

static void fill(void) {
    for (int i = 0; i < room; i++) {
        bf16_a[i] = bf16(integer(i, 1));
        bf16_b[i] = bf16(integer(i, 2));
        f32_c[i] = f32_expected[i] = (float)integer(i, 3);
        u8_a[i] = (uint8_t)(i * 7 % 251);
        s8_b[i] = (int8_t)(i * 5 % 251 - 125);
        s32_c[i] = s32_expected[i] = i * 12345;
    }
}

static void one_product(int ta, int tb, int m, int n, int k, int threads) {
    int lda = (ta ? m : k) + 3, ldb = (tb ? k : n) + 1, ldc = n + 2;
    float alpha = 2, beta = -1;
    int32_t a_zero = 3, b_zero = -5;
    fill();
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            float sum = 0;
            uint32_t total = (uint32_t)s32_c[i * ldc + j];
            for (int p = 0; p < k; p++) {
                int at_a = ta ? p * lda + i : i * lda + p, at_b = tb ? j * ldb + p : p * ldb + j;
                sum += (float)(integer(at_a, 1) * integer(at_b, 2));
                total += (uint32_t)((u8_a[at_a] - a_zero) * (s8_b[at_b] - b_zero));
            }
            f32_expected[i * ldc + j] = alpha * sum + beta * f32_c[i * ldc + j];
            s32_expected[i * ldc + j] = (int32_t)total;
        }
    CHECK_STATUS(KN_OK, kn_bf16gemm(ta, tb, m, n, k, alpha, bf16_a, lda, bf16_b, ldb, beta, f32_c, ldc, threads));
    CHECK_STATUS(KN_OK, kn_u8s8gemm(ta, tb, m, n, k, u8_a, lda, a_zero, s8_b, ldb, b_zero, s32_c, ldc, 1, threads));
    // The whole arrays: what lies between the rows and after the last one stays as it was.
    CHECK(memcmp(f32_c, f32_expected, sizeof f32_c) == 0);
    CHECK(memcmp(s32_c, s32_expected, sizeof s32_c) == 0);
}

static void products(void) {
    static const int sizes[][3] = {{1, 1, 1}, {2, 3, 4}, {7, 1, 5}, {1, 9, 8}, {17, 33, 31}, {64, 64, 64}, {130, 131, 129}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int t = 0; t < 4; t++) one_product(t & 1, t >> 1, sizes[i][0], sizes[i][1], sizes[i][2], 1);
    one_product(KN_NO_TRANSPOSE, KN_TRANSPOSE, 131, 127, 65, 3);
}

// What is not read may hold anything: C without beta or accumulate, A and B without alpha or k.
static void not_read(void) {
    enum { n = 20 };
    fill();
    for (int i = 0; i < n * n; i++) f32_c[i] = (float)NAN;
    CHECK_STATUS(KN_OK, kn_bf16gemm(0, 0, n, n, n, 1, bf16_a, n, bf16_b, n, 0, f32_c, n, 1));
    for (int i = 0; i < n * n; i++) CHECK(f32_c[i] == f32_c[i]);
    bf16_a[0] = 0x7FC0;
    CHECK_STATUS(KN_OK, kn_bf16gemm(0, 0, n, n, n, 0, bf16_a, n, bf16_b, n, 0, f32_c, n, 1));
    for (int i = 0; i < n * n; i++) CHECK(f32_c[i] == 0);
    CHECK_STATUS(KN_OK, kn_bf16gemm(0, 0, n, n, n, 1, bf16_a, n, bf16_b, n, 0, f32_c, n, 1));
    for (int j = 0; j < n; j++) CHECK(f32_c[j] != f32_c[j]);
    CHECK_STATUS(KN_OK, kn_u8s8gemm(0, 0, n, n, 0, NULL, 0, 9, NULL, n, 9, s32_c, n, 1, 1));
    CHECK(s32_c[1] == 12345);
    CHECK_STATUS(KN_OK, kn_u8s8gemm(0, 0, n, n, 0, NULL, 0, 9, NULL, n, 9, s32_c, n, 0, 1));
    CHECK(s32_c[1] == 0);
    CHECK_STATUS(KN_OK, kn_bf16gemm(0, 0, 0, 0, 0, 1, NULL, 0, NULL, 0, 0, NULL, 0, 1));
    CHECK_STATUS(KN_OK, kn_u8s8gemm(0, 0, 0, 0, INT64_MAX, NULL, INT64_MAX, 0, NULL, 0, 0, NULL, 0, 0, 1));
}

#define REFUSED(...)                                                                              \
    do {                                                                                          \
        CHECK_STATUS(KN_INVALID_ARGUMENT, __VA_ARGS__);                                           \
        CHECK(memcmp(f32_c, f32_expected, sizeof f32_c) == 0);                                    \
        CHECK(memcmp(s32_c, s32_expected, sizeof s32_c) == 0);                                    \
    } while (0)

static void bad_input(void) {
    fill();
    const uint16_t *a = bf16_a, *b = bf16_b;
    float *c = f32_c;
    REFUSED(kn_bf16gemm(0, 0, -1, 4, 4, 1, a, 4, b, 4, 0, c, 4, 1));
    REFUSED(kn_bf16gemm(0, 0, 4, 5, 6, 1, a, 5, b, 5, 0, c, 5, 1));
    REFUSED(kn_bf16gemm(0, 0, 4, 5, 6, 1, a, 6, b, 4, 0, c, 5, 1));
    REFUSED(kn_bf16gemm(0, 0, 4, 5, 6, 1, a, 6, b, 5, 0, c, 4, 1));
    REFUSED(kn_bf16gemm(0, 0, INT64_MAX, INT64_MAX, INT64_MAX, 1, a, INT64_MAX, b, INT64_MAX, 0, c, INT64_MAX, 1));
    REFUSED(kn_bf16gemm(2, 0, 4, 4, 4, 1, a, 4, b, 4, 0, c, 4, 1));
    REFUSED(kn_bf16gemm(0, 0, 4, 4, 4, 1, NULL, 4, b, 4, 0, c, 4, 1));
    REFUSED(kn_bf16gemm(0, 0, 4, 4, 4, 1, a, 4, b, 4, 0, NULL, 4, 1));
    REFUSED(kn_bf16gemm(0, 0, 4, 4, 4, 1, (const uint16_t *)((const char *)(const void *)a + 1), 4, b, 4, 0, c, 4, 1));
    REFUSED(kn_bf16gemm(0, 0, 4, 4, 4, 1, a, 4, b, 4, 0, c, 4, 0));
    REFUSED(kn_u8s8gemm(0, 0, 4, -1, 4, u8_a, 4, 0, s8_b, 4, 0, s32_c, 4, 0, 1));
    REFUSED(kn_u8s8gemm(1, 0, 4, 5, 6, u8_a, 3, 0, s8_b, 5, 0, s32_c, 5, 0, 1));
    REFUSED(kn_u8s8gemm(0, 0, 1, 1, INT64_MAX, u8_a, INT64_MAX, 0, s8_b, 1, 0, s32_c, 1, 0, 1));
    REFUSED(kn_u8s8gemm(0, -1, 4, 4, 4, u8_a, 4, 0, s8_b, 4, 0, s32_c, 4, 0, 1));
    REFUSED(kn_u8s8gemm(0, 0, 4, 4, 4, u8_a, 4, 0, NULL, 4, 0, s32_c, 4, 0, 1));
    REFUSED(kn_u8s8gemm(0, 0, 4, 4, 4, u8_a, 4, 0, s8_b, 4, 0, (int32_t *)((char *)(void *)s32_c + 2), 4, 0, 1));
    REFUSED(kn_u8s8gemm(0, 0, 4, 4, 4, u8_a, 4, 0, s8_b, 4, 0, s32_c, 4, 2, 1));
    REFUSED(kn_u8s8gemm(0, 0, 4, 4, 4, u8_a, 4, 0, s8_b, 4, 0, s32_c, 4, 0, -1));
}

int main(void) {
    products();
    not_read();
    bad_input();
    // The mask reaches the products: without any feature, the portable rows give the same.
    CHECK_STATUS(KN_OK, kn_disable_cpu_features("ssse3,neon"));
    one_product(KN_TRANSPOSE, KN_NO_TRANSPOSE, 17, 33, 31, 1);
    return report("dot");
}
