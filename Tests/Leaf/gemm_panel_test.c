// The matrix leaf against its contract in CKernels.h, bit for bit: ascending fused sums, every number of columns, the row
// counts and depths around each of the loops' bounds, every way that A may lie, and operands that end (or start) at a page
// that faults. What lies between the rows of A, B and C is NaN, and must neither be seen nor touched.
#include <math.h>

#include "leaf_test.h"

// How A lies: row-major or transposed, and in one piece or in panels of mr rows that lie apart.
typedef enum layout { by_rows, by_columns, panels_by_rows, panels_by_columns, layouts } layout;
static const char *const layout_names[] = {"rows", "columns", "panels of rows", "panels of columns"};

typedef struct sizes {
    int rows, columns, k;
    int mr, nr;  // the tile
    layout a;
    place where;
    int beta_is_zero;
} sizes;

// In elements, as the functions take them; and how many elements each operand spans.
typedef struct strides {
    ptrdiff_t a_row, a_column, a_panel, b_row, c_row;
    ptrdiff_t a_count, b_count, c_count;
} strides;

// One to each side of every bound on rows (1, 2, 4, 8, the tile's height and its multiples) and on k (steps of 4, 32).
static const int row_counts[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 19, 23, 24, 25, 31};
static const int depths[] = {0, 1, 3, 4, 5, 9, 33};
#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

static ptrdiff_t offset_a(sizes s, strides t, int i, int p) {
    return i / s.mr * t.a_panel + i % s.mr * t.a_row + p * t.a_column;
}

static strides strides_of(sizes s) {
    int panels = s.a == panels_by_rows || s.a == panels_by_columns;
    strides t = {.b_row = panels ? s.nr : s.columns + 3, .c_row = s.columns + 2};
    if (s.a == by_rows || s.a == panels_by_rows) t.a_row = s.k + 3, t.a_column = 1;
    else t.a_row = 1, t.a_column = panels ? s.mr : s.rows + 1;
    t.a_panel = panels ? s.mr * (s.k + 3) + 5 : s.mr * t.a_row;
    if (s.k > 0) {
        for (int i = 0; i < s.rows; i++) {
            ptrdiff_t past = offset_a(s, t, i, s.k - 1) + 1;
            if (past > t.a_count) t.a_count = past;
        }
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
    f32_test("ck_f32_gemm_6x16_avx2", avx2, 6, 16, ck_f32_gemm_6x16_avx2);
    f64_test("ck_f64_gemm_6x8_avx2", avx2, 6, 8, ck_f64_gemm_6x8_avx2);
    f32_test("ck_f32_gemm_12x32_avx512f", avx512f, 12, 32, ck_f32_gemm_12x32_avx512f);
    f64_test("ck_f64_gemm_12x16_avx512f", avx512f, 12, 16, ck_f64_gemm_12x16_avx512f);
#elif defined(__aarch64__)
    f32_test("ck_f32_gemm_8x12_neon", 1, 8, 12, ck_f32_gemm_8x12_neon);
    f64_test("ck_f64_gemm_6x8_neon", 1, 6, 8, ck_f64_gemm_6x8_neon);
#endif
    return outcome(argc, argv);
}
