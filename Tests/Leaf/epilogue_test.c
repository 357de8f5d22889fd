// The epilogues of the leaf against the same formulas one number at a time, which the Swift tests prove: the same bits, for every
// activation, with and without each term, numbers of all magnitudes, every number of columns around those of a vector, and
// operands that end (or start) at a page that faults.
#include "leaf_test.h"

#include <math.h>

#define ISA
#define F32 f32_one_by_one
#define S32 s32_one_by_one
enum { LANES = 1 };
static void F32(CK_F32_EPILOGUE_PARAMETERS);
static void S32(CK_S32_EPILOGUE_PARAMETERS);
#include "../../Sources/CKernels/matrix/epilogue_panel.h"

enum { ROWS = 3, MOST_COLUMNS = 37 };

static void (*f32)(CK_F32_EPILOGUE_PARAMETERS);
static void (*s32)(CK_S32_EPILOGUE_PARAMETERS);

// Any number but NaN: of every exponent, or between -16 and 16.
static float number(void) {
    uint32_t bits = random_16() << 16 | random_16();
    if (bits % 3 != 0) return ((float)(bits >> 8) - 0x1p23f) * 0x1p-19f;
    if ((bits >> 23 & 0xFF) == 0xFF) bits &= 0xFF800000;
    float result;
    memcpy(&result, &bits, sizeof result);
    return result;
}

static const float *numbers(int index, int count, place where) {
    float *result = guarded(index, (size_t)count * sizeof *result, where);
    for (int i = 0; i < count; i++) result[i] = number();
    return result;
}

// The term of kind 0 (none), 1 (uniform), 2 (a row), 3 (a column) or 4 (a matrix).
static ck_epilogue_term term_of(int index, int kind, int columns, place where) {
    int counts[] = {0, 1, ROWS, columns, ROWS * columns};
    return (ck_epilogue_term){kind == 0 ? NULL : numbers(index, counts[kind], where), kind == 2 ? 1 : kind == 4 ? columns : 0,
                              kind >= 3};
}

static int same(const float *x, const float *y, int count) {
    for (int i = 0; i < count; i++)
        if (memcmp(x + i, y + i, sizeof *x) != 0 && !(isnan(x[i]) && isnan(y[i]))) return 0;
    return 1;
}

static void run(row_name name, ck_epilogue e, int columns, place where) {
    size_t count = (size_t)(ROWS * columns);
    float *c = guarded(0, count * sizeof *c, where), *expected = guarded(1, count * sizeof *c, where);
    for (size_t i = 0; i < count; i++) c[i] = expected[i] = number();
    f32(ROWS, columns, &e, c, columns);
    f32_one_by_one(ROWS, columns, &e, expected, columns);
    cases++;
    if (!same(c, expected, (int)count)) FAIL("%s: activation %d, %d columns, in place", name.text, e.activation, columns);

    int32_t *sums = guarded(2, count * sizeof *sums, where), *bias = guarded(3, (size_t)columns * sizeof *bias, where);
    for (size_t i = 0; i < count; i++) sums[i] = (int32_t)(random_16() << 16 | random_16()) >> random_16() % 32;
    for (int j = 0; j < columns; j++) bias[j] = (int32_t)random_16();
    ck_quantization q = {random_16() % 2 ? bias : NULL, 0, 0, 0, 0};
    s32(ROWS, columns, &e, sums, columns, &q, c, columns);
    s32_one_by_one(ROWS, columns, &e, sums, columns, &q, expected, columns);
    cases++;
    if (!same(c, expected, (int)count)) FAIL("%s: activation %d, %d columns, of sums", name.text, e.activation, columns);

    int32_t least = random_16() % 2 ? 0 : -128;
    q = (ck_quantization){q.bias, 1, least + (int32_t)(random_16() % 256), least, least + 255};
    uint8_t *bytes = guarded(4, count, where), *expected_bytes = guarded(5, count, where);
    s32(ROWS, columns, &e, sums, columns, &q, bytes, columns);
    s32_one_by_one(ROWS, columns, &e, sums, columns, &q, expected_bytes, columns);
    cases++;
    if (memcmp(bytes, expected_bytes, count) != 0) FAIL("%s: activation %d, %d columns, bytes", name.text, e.activation, columns);
}

static void every_case(row_name name) {
    if (!begin(name)) return;
    for (int columns = 1; columns <= MOST_COLUMNS; columns++)
        for (int activation = CK_NO_ACTIVATION; activation <= CK_SILU; activation++)
            for (int turn = 0; turn < 20; turn++) {
                place where = turn % 2 ? at_end : at_start;
                ck_epilogue e = {term_of(6, turn % 4, columns, where), term_of(7, turn / 4 % 4, columns, where),
                                 term_of(8, turn % 3 ? 4 : 0, columns, where), activation,
                                 turn % 5 ? -INFINITY : -1, turn % 5 ? INFINITY : 2};
                run(name, e, columns, where);
            }
    end(name);
}

int main(int argc, char **argv) {
#if defined(__x86_64__)
    f32 = ck_f32_epilogue_avx2;
    s32 = ck_s32_epilogue_avx2;
    every_case((row_name){"ck_..._epilogue_avx2", __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")});
    f32 = ck_f32_epilogue_avx512f;
    s32 = ck_s32_epilogue_avx512f;
    every_case((row_name){"ck_..._epilogue_avx512f", __builtin_cpu_supports("avx512f")});
#elif defined(__aarch64__)
    f32 = ck_f32_epilogue_neon;
    s32 = ck_s32_epilogue_neon;
    every_case((row_name){"ck_..._epilogue_neon", 1});
#endif
    return outcome(argc, argv);
}
