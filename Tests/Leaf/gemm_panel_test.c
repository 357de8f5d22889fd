// The matrix leaf against its contract in CKernels.h, bit for bit: ascending fused sums, every number of columns, the row
// counts and depths around each of the loops' bounds, every way that they may lie, and operands that end (or start) at a page
// that faults. What lies between the rows of A, B and C is NaN, and must neither be seen nor touched.
#include <math.h>

#include "leaf_test.h"

// How the operands lie: A row-major, A transposed, or both as the library packs them (rows of A apart, rows of B of the tile's width).
typedef enum layout { by_rows, by_columns, packed, layouts } layout;
static const char *const layout_names[] = {"rows", "columns", "packed"};

typedef struct sizes {
    int rows, columns, k;
    int nr;  // columns of the tile
    layout a;
    place where;
    int beta_is_zero;
} sizes;

// In elements, as the functions take them; and how many elements each operand spans.
typedef struct strides {
    ptrdiff_t a_row, a_column, b_row, c_row;
    ptrdiff_t a_count, b_count, c_count;
} strides;

// One to each side of every bound on rows (1, 2, 4, 8, the tile's height and its multiples) and on k (steps of 4, 32).
static const int row_counts[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 19, 23, 24, 25, 31};
static const int depths[] = {0, 1, 3, 4, 5, 9, 33};
#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

static ptrdiff_t offset_a(strides t, int i, int p) {
    return i * t.a_row + p * t.a_column;
}

static strides strides_of(sizes s) {
    strides t = {.b_row = s.a == packed ? s.nr : s.columns + 3, .c_row = s.columns + 2};
    if (s.a == by_columns) t.a_row = 1, t.a_column = s.rows + 1;
    else t.a_row = s.k + (s.a == packed ? 19 : 3), t.a_column = 1;
    if (s.k > 0) {
        if (s.rows > 0) t.a_count = offset_a(t, s.rows - 1, s.k - 1) + 1;
        t.b_count = (s.k - 1) * t.b_row + s.columns;
    }
    if (s.rows > 0) t.c_count = (s.rows - 1) * t.c_row + s.columns;
    return t;
}

#define T float
#define FMA fmaf
#define NAME(word) f32_##word
#include "gemm_panel_cases.h"

#define T double
#define FMA fma
#define NAME(word) f64_##word
#include "gemm_panel_cases.h"

int main(int argc, char **argv) {
#if defined(__x86_64__)
    int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"), avx512f = __builtin_cpu_supports("avx512f");
    f32_test("ck_f32_gemm_6x16_avx2", avx2, 16, ck_f32_gemm_6x16_avx2);
    f32_inner_test("ck_f32_gemm_inner_avx2", avx2, 16, ck_f32_gemm_inner_avx2);
    f64_test("ck_f64_gemm_4x12_avx2", avx2, 12, ck_f64_gemm_4x12_avx2);
    f64_inner_test("ck_f64_gemm_inner_avx2", avx2, 12, ck_f64_gemm_inner_avx2);
    f32_test("ck_f32_gemm_6x64_avx512f", avx512f, 64, ck_f32_gemm_6x64_avx512f);
    f32_inner_test("ck_f32_gemm_inner_avx512f", avx512f, 16, ck_f32_gemm_inner_avx512f);
    f64_test("ck_f64_gemm_6x32_avx512f", avx512f, 32, ck_f64_gemm_6x32_avx512f);
    f64_inner_test("ck_f64_gemm_inner_avx512f", avx512f, 16, ck_f64_gemm_inner_avx512f);
#elif defined(__aarch64__)
    f32_test("ck_f32_gemm_8x12_neon", 1, 12, ck_f32_gemm_8x12_neon);
    f32_inner_test("ck_f32_gemm_inner_neon", 1, 12, ck_f32_gemm_inner_neon);
    f64_test("ck_f64_gemm_6x8_neon", 1, 8, ck_f64_gemm_6x8_neon);
    f64_inner_test("ck_f64_gemm_inner_neon", 1, 8, ck_f64_gemm_inner_neon);
#endif
    return outcome(argc, argv);
}
