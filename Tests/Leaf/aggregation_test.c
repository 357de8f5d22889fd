// The leaf of aggregation against integers: values that are multiples of one unit, small enough that 128 bits hold every sum, and
// some with bits below, which must come back; with the values ending (or starting) at a page that faults.
#include <math.h>

#include "leaf_test.h"

enum { values_buffer, rest_buffer };

typedef struct row {
    row_name name;
    size_t lanes;
    uint32_t (*range)(CK_RANGE_PARAMETERS);
    size_t (*sum)(CK_REDUCE_PARAMETERS);
    size_t (*moments)(CK_REDUCE_PARAMETERS);
} row;

static uint64_t next(void) {
    uint64_t bits = 0;
    for (int i = 0; i < 4; i++) bits = bits << 16 | (random_16() & 0xffff);
    return bits;
}

// Below 1 in magnitude; one in `rare` is as small as 2^-90.
static double value(unsigned rare) {
    double v = (double)(int64_t)(next() >> 11 << 11) * 0x1p-63;
    return rare && next() % rare == 0 ? v * 0x1p-40 : v;
}

static void check_range(const row *row, size_t n, place where) {
    double *x = guarded(values_buffer, n * sizeof *x, where);
    double least = INFINITY, greatest = -INFINITY, found[2];
    uint32_t flags = 0;
    for (size_t i = 0; i < n; i++) {
        x[i] = next() % 97 == 0 ? NAN : value(5) - (n % 3 == 0);
        if (next() % 31 == 0) x[i] = next() & 1 ? 0.0 : -0.0;
        least = x[i] < least ? x[i] : least;
        greatest = x[i] > greatest ? x[i] : greatest;
        flags |= isnan(x[i]) ? CK_NOT_A_NUMBER : 0;
        flags |= signbit(x[i]) ? CK_NEGATIVE : CK_POSITIVE;
    }
    uint32_t got = row->range(x, n, found);
    cases++;
    if (got != flags || found[0] != least || found[1] != greatest) FAIL("%s range of %zu", row->name.text, n);
}

// Everything in units of 2^-160; values are multiples of 2^-110 below 1, so that 2,048 of them fit into 128 bits shifted by 50.
static __int128 units(double v) {
    int exponent;
    double m = frexp(v, &exponent);
    __int128 integer = (__int128)(int64_t)(m * 0x1p53);
    int shift = exponent - 53 + 110;
    return shift >= 0 ? integer * ((__int128)1 << shift) : integer >> -shift;
}

static void check_sum(const row *row, size_t n, unsigned rare, place where) {
    double *x = guarded(values_buffer, n * sizeof *x, where);
    double *rest = guarded(rest_buffer, n * sizeof *rest, where);
    __int128 expected = 0, total = 0;
    for (size_t i = 0; i < n; i++) {
        x[i] = value(rare);
        expected += units(x[i]);
    }
    // Values are below 2^0: exponent -1.
    const double bias[2] = {1.5 * 0x1p9, 1.5 * 0x1p-35};
    int64_t sums[2];
    size_t left = row->sum(x, n, bias, sums, rest);
    total = (__int128)sums[0] * ((__int128)1 << (9 - 52 + 110)) + (__int128)sums[1] * ((__int128)1 << (-35 - 52 + 110));
    for (size_t i = 0; i < left; i++) total -= units(rest[i]);
    cases++;
    if (total != expected || left > n) FAIL("%s sum of %zu", row->name.text, n);
}

// Values of up to 31 bits in units of 2^-31, so that every square fits into 64 bits and 2,048 of them into 128.
static void check_moments(const row *row, size_t n, unsigned rare, place where) {
    double *x = guarded(values_buffer, n * sizeof *x, where);
    double *rest = guarded(rest_buffer, n * sizeof *rest, where);
    __int128 sum = 0, squares = 0;
    size_t odd = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t integer = (int64_t)(next() >> 32) - (1ll << 31);
        x[i] = (double)integer * 0x1p-31;
        if (rare && next() % rare == 0) {
            x[i] = 0x1p-80 * (double)(1 + next() % 5);
            odd++;
        } else {
            sum += integer;
            squares += (__int128)integer * integer;
        }
    }
    // |x| <= 1 is 2^21 units u of 2^-21.
    const int u[9] = {-21, -43, -65, -42, -64, -86, -86, -108, -130};
    double bias[9];
    for (int j = 0; j < 9; j++) bias[j] = 1.5 * ldexp(1, u[j] + 52);
    int64_t sums[9];
    size_t left = row->moments(x, n, bias, sums, rest);
    // In units of 2^-65 and 2^-130, of which what is found has zeros at the end.
    __int128 found = ((__int128)sums[0] << 44) + ((__int128)sums[1] << 22) + sums[2];
    __int128 low = ((__int128)(2 * sums[5] + sums[6]) << 44) + ((__int128)sums[7] << 23) + sums[8];
    __int128 high = ((__int128)sums[3] << 21) + sums[4];
    int whole = found == sum * ((__int128)1 << 34) && left == odd;
    // high counts 2^-63, low 2^-130, the squares 2^-62: both sides in units of 2^-63.
    whole &= (low & (((__int128)1 << 67) - 1)) == 0 && high + (low >> 67) == squares * 2;
    for (size_t i = 0; i < left; i++) whole &= rest[i] > 0 && rest[i] < 0x1p-70;
    cases++;
    if (!whole) FAIL("%s moments of %zu", row->name.text, n);
}

static void check(row row) {
    if (!begin(row.name)) return;
    for (place where = at_end; where < places; where++) {
        for (size_t n = 0; n < 150; n++) check_range(&row, n, where);
        check_range(&row, 2048, where);
        for (size_t n = 0; n <= 2048; n += 32) {
            check_sum(&row, n, 0, where);
            check_sum(&row, n, 3, where);
            check_sum(&row, n, 200, where);
        }
        for (size_t n = 0; n <= 256 * row.lanes; n += 32) {
            check_moments(&row, n, 0, where);
            check_moments(&row, n, 3, where);
            check_moments(&row, n, 200, where);
        }
    }
    end(row.name);
}

int main(int argc, char **argv) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    check((row){{"f64_reduce_avx512f", __builtin_cpu_supports("avx512f")}, 8, ck_f64_range_avx512f, ck_f64_sum_avx512f,
                ck_f64_moments_avx512f});
    check((row){{"f64_reduce_avx2", __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")}, 4, ck_f64_range_avx2,
                ck_f64_sum_avx2, ck_f64_moments_avx2});
#elif defined(__aarch64__)
    check((row){{"f64_reduce_neon", 1}, 2, ck_f64_range_neon, ck_f64_sum_neon, ck_f64_moments_neon});
#endif
    return outcome(argc, argv);
}
