// The u8 * s8 leaf against its contract in CKernels.h: exact, for every number of columns, the row counts around each of the
// loops' bounds, extremes among random bytes, and operands that end (or start) at a page that faults. What lies between
// strips, and between the rows of C, must neither be seen nor touched.
#include "leaf_test.h"
#include "dot_panel_cases.h"

static void (*function)(CK_DOT_OPERANDS, CK_U8S8_WRITE_BACK);

// Four bytes; often the extremes, whose products no 16 bits hold.
static uint32_t word(void) {
    uint32_t choice = random_16();
    if (choice % 8 == 0) return 0xFFFFFFFF;
    if (choice % 8 == 1) return 0x80808080;
    if (choice % 8 == 2) return 0x7F7F7F7F;
    return choice << 16 | random_16();
}

static void run(row_name name, sizes s) {
    uint8_t *a = packed(0, s, s.rows, 1, word), *b = packed(1, s, s.columns, 0, word);
    ptrdiff_t c_row = s.columns + 3;
    size_t count = s.rows == 0 ? 0 : (size_t)((s.rows - 1) * c_row + s.columns);
    int32_t *c = guarded(2, count * sizeof *c, s.where), *expected = guarded(3, count * sizeof *c, s.where);
    int32_t *row_terms = guarded(4, (size_t)s.rows * sizeof *c, s.where);
    int32_t *column_terms = guarded(5, (size_t)s.columns * sizeof *c, s.where);
    for (size_t i = 0; i < count; i++) c[i] = (int32_t)(random_16() << 16 | random_16());
    for (int i = 0; i < s.rows; i++) row_terms[i] = (int32_t)(random_16() << 16);
    for (int j = 0; j < s.columns; j++) column_terms[j] = (int32_t)(random_16() << 16);
    if (count > 0) memcpy(expected, c, count * sizeof *c);
    for (int i = 0; i < s.rows; i++)
        for (int j = 0; j < s.columns; j++) {
            uint32_t sum = (uint32_t)row_terms[i] + (uint32_t)column_terms[j];
            if (s.adds) sum += (uint32_t)c[i * c_row + j];
            for (int p = 0; p < s.slabs * LINE; p++)
                sum += (uint32_t)(*byte_a(s, a, i, p) * (int32_t)(int8_t)*byte_b(s, b, j, p));
            expected[i * c_row + j] = (int32_t)sum;
        }
    function(s.rows, s.columns, s.slabs, a, pitch(s), b, pitch(s), row_terms, column_terms, s.adds, c, c_row);
    cases++;
    if (count > 0 && memcmp(c, expected, count * sizeof *c) != 0)
        FAIL("%s: %d x %d, %d slabs, %s", name.text, s.rows, s.columns, s.slabs, s.adds ? "added" : "stored");
}

int main(int argc, char **argv) {
#if defined(__x86_64__)
    function = ck_u8s8_gemm_4x16_avx2;
    every_case((row_name){"ck_u8s8_gemm_4x16_avx2", __builtin_cpu_supports("avx2")}, 16, 1, run);
    function = ck_u8s8_gemm_8x48_avx512vnni;
    every_case((row_name){"ck_u8s8_gemm_8x48_avx512vnni", __builtin_cpu_supports("avx512vnni")}, 48, 1, run);
    function = ck_u8s8_gemm_32x32_amx;
    every_case((row_name){"ck_u8s8_gemm_32x32_amx", has_tiles(25)}, 32, 0, run);
#elif defined(__aarch64__)
    function = ck_u8s8_gemm_4x16_dotprod;
    every_case((row_name){"ck_u8s8_gemm_4x16_dotprod", (ck_hwcap() >> 20 & 1) == 1}, 16, 1, run);
#endif
    return outcome(argc, argv);
}
