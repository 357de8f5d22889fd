// The bf16 leaf against its contract in CKernels.h, bit for bit: the sums in the order and with the roundings that each
// instruction set defines, every number of columns, the row counts around each of the loops' bounds, and operands that end (or
// start) at a page that faults. What lies between strips, and between the rows of C, must neither be seen nor touched.
#include <math.h>

#include "leaf_test.h"
#include "dot_panel_cases.h"

static void (*function)(CK_DOT_OPERANDS, CK_BF16_WRITE_BACK);
// The sum of one element over all slabs.
static float (*sum_of)(sizes s, const uint8_t *a, int i, const uint8_t *b, int j);

// Two bf16 numbers of magnitude 2^-8 to 2^8, which keep clear of subnormals.
static uint32_t word(void) {
    uint32_t signs_and_fractions = (random_16() << 16 | random_16()) & 0x807F807F;
    return signs_and_fractions | (119 + random_16() % 16) << 7 | (119 + random_16() % 16) << 23;
}

static float widen(const uint8_t *p) {
    uint32_t bits = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 24;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static float step(sizes s, const uint8_t *a, int i, const uint8_t *b, int j, int p, float sum) {
    return fmaf(widen(byte_a(s, a, i, 2 * p)), widen(byte_b(s, b, j, 2 * p)), sum);
}

// AVX2 and NEON: by fused multiply-add in ascending order.
static float ascending(sizes s, const uint8_t *a, int i, const uint8_t *b, int j) {
    float sum = 0;
    for (int p = 0; p < s.slabs * LINE / 2; p++) sum = step(s, a, i, b, j, p, sum);
    return sum;
}

#if defined(__x86_64__)
// VDPBF16PS: likewise, but of each two the odd one first.
static float odd_first(sizes s, const uint8_t *a, int i, const uint8_t *b, int j) {
    float sum = 0;
    for (int p = 0; p < s.slabs * LINE / 2; p += 2) sum = step(s, a, i, b, j, p, step(s, a, i, b, j, p + 1, sum));
    return sum;
}

// TDPBF16PS: of each slab the even and the odd ones apart, both added, and that to the sum.
static float by_slabs(sizes s, const uint8_t *a, int i, const uint8_t *b, int j) {
    float sum = 0;
    for (int slab = 0; slab < s.slabs; slab++) {
        float halves[2] = {0, 0};
        for (int p = 0; p < LINE / 2; p++) halves[p % 2] = step(s, a, i, b, j, slab * LINE / 2 + p, halves[p % 2]);
        sum += halves[0] + halves[1];
    }
    return sum;
}
#endif

static void run(row_name name, sizes s) {
    uint8_t *a = packed(0, s, s.rows, 1, word), *b = packed(1, s, s.columns, 0, word);
    ptrdiff_t c_row = s.columns + 3;
    size_t count = s.rows == 0 ? 0 : (size_t)((s.rows - 1) * c_row + s.columns);
    float *c = guarded(2, count * sizeof *c, s.where), *expected = guarded(3, count * sizeof *c, s.where);
    for (size_t i = 0; i < count; i++) c[i] = expected[i] = NAN;
    float beta = s.adds ? -0.75f : 0, alpha = s.columns % 2 == 0 ? 1 : 1.3f;
    for (int i = 0; i < s.rows; i++)
        for (int j = 0; j < s.columns; j++) {
            float result = alpha * sum_of(s, a, i, b, j);
            if (s.adds) result = fmaf(beta, c[i * c_row + j] = (float)random_16(), result);
            expected[i * c_row + j] = result;
        }
    function(s.rows, s.columns, s.slabs, a, pitch(s), b, pitch(s), alpha, beta, c, c_row);
    cases++;
    if (count > 0 && memcmp(c, expected, count * sizeof *c) != 0)
        FAIL("%s: %d x %d, %d slabs, beta %g", name.text, s.rows, s.columns, s.slabs, (double)beta);
}

int main(int argc, char **argv) {
    sum_of = ascending;
#if defined(__x86_64__)
    function = ck_bf16_gemm_4x16_avx2;
    every_case(
        (row_name){"ck_bf16_gemm_4x16_avx2", __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")}, 16, 1, run);
    function = ck_bf16_gemm_8x48_avx512bf16;
    sum_of = odd_first;
    every_case((row_name){"ck_bf16_gemm_8x48_avx512bf16", __builtin_cpu_supports("avx512bf16")}, 48, 0, run);
    function = ck_bf16_gemm_32x32_amx;
    sum_of = by_slabs;
    every_case((row_name){"ck_bf16_gemm_32x32_amx", has_tiles(22)}, 32, 0, run);
#elif defined(__aarch64__)
    function = ck_bf16_gemm_4x16_neon;
    every_case((row_name){"ck_bf16_gemm_4x16_neon", 1}, 16, 1, run);
#endif
    return outcome(argc, argv);
}
