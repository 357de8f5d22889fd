// The leaf of aggregation against integers: values that are multiples of one unit, small enough that 128 bits hold every sum, and
// some with bits below, which must come back; with the values ending (or starting) at a page that faults.
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "leaf_test.h"

enum { values_buffer, rest_buffer, groups_buffer, sums_buffer };

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

// What follows has rows of C on x86 alone.
#if defined(__x86_64__)

// ---------------------------------------------------------------- sums of groups

enum { group_count = 5 };

// Multiples of 2^-80 below 1; some are as small as the row must turn away, or as large, or none.
static void check_group_sum(row_name name, size_t (*body)(CK_GROUP_SUM_PARAMETERS), size_t n, unsigned rare, place where) {
    double *x = guarded(values_buffer, n * sizeof *x, where);
    uint32_t *groups = guarded(groups_buffer, n * sizeof *groups, where);
    uint32_t *rest = guarded(rest_buffer, n * sizeof *rest, where);
    int64_t *sums = guarded(sums_buffer, 2 * group_count * sizeof *sums, where);
    memset(sums, 0, 2 * group_count * sizeof *sums);
    const double odd[] = {0x1p-100, 1, -1, 0x1p70, INFINITY, NAN};
    size_t wrong = 0;
    for (size_t i = 0; i < n; i++) {
        groups[i] = (uint32_t)(next() % (group_count - 1));
        x[i] = (double)(int64_t)(next() >> 11 << 11) * 0x1p-64;
        if (next() % 7 == 0) x[i] *= 0x1p-16;
        if (rare && next() % rare == 0) {
            x[i] = odd[next() % 6];
            wrong++;
        }
    }
    // Values are below 2^0.
    const double bias[3] = {1.5 * 0x1p11, 1.5 * 0x1p-30, 1};
    size_t left = body(groups, x, n, bias, sums, rest);
    __int128 expected[group_count] = {0};
    uint8_t seen[group_count] = {0};
    int whole = left <= 4 * wrong + 3;
    for (size_t i = 0, j = 0; i < n; i++) {
        if (j < left && rest[j] == i) {
            j++;
            continue;
        }
        whole &= fabs(x[i]) < 1 && x[i] != 0x1p-100;
        if (!whole) break;
        expected[groups[i]] += units(x[i]);
        seen[groups[i]] = 1;
    }
    for (size_t g = 0; g < group_count; g++) {
        // Units of 2^-41 and 2^-82 in those of 2^-110.
        __int128 total = (__int128)sums[2 * g] * ((__int128)1 << 69) + (__int128)(sums[2 * g + 1] >> 1) * (1 << 28);
        whole &= total == expected[g] && (sums[2 * g + 1] & 1) == seen[g];
    }
    cases++;
    if (!whole) FAIL("%s of %zu", name.text, n);
}

static void check_group_sums(row_name name, size_t (*body)(CK_GROUP_SUM_PARAMETERS)) {
    if (!begin(name)) return;
    for (place where = at_end; where < places; where++) {
        for (size_t n = 0; n < 70; n++)
            for (unsigned rare = 0; rare < 12; rare += 5) check_group_sum(name, body, n, rare, where);
        check_group_sum(name, body, 256, 0, where);
        check_group_sum(name, body, 1024, 50, where);
    }
    end(name);
}

// ---------------------------------------------------------------- integers

static void check_i64_reduce(row_name name, void (*body)(CK_I64_REDUCE_PARAMETERS), size_t n, unsigned shift, place where) {
    int64_t *x = guarded(values_buffer, n * sizeof *x, where);
    for (int is_signed = 0; is_signed < 2; is_signed++) {
        const uint64_t flip = is_signed ? 1ull << 63 : 0;
        unsigned __int128 expected = 0;
        int64_t least = INT64_MAX, greatest = INT64_MIN, out[4];
        for (size_t i = 0; i < n; i++) {
            x[i] = (int64_t)(next() << 1) >> shift;
            if (next() % 13 == 0) x[i] = next() & 1 ? INT64_MIN : INT64_MAX;
            const int64_t key = is_signed ? x[i] : (int64_t)((uint64_t)x[i] ^ 1ull << 63);
            expected += (uint64_t)x[i] ^ flip;
            least = key < least ? key : least;
            greatest = key > greatest ? key : greatest;
        }
        body(x, n, flip, out);
        const unsigned __int128 sum = ((unsigned __int128)(uint64_t)out[1] << 32) + (uint64_t)out[0];
        cases++;
        if (sum != expected || out[2] != least || out[3] != greatest) FAIL("%s of %zu", name.text, n);
    }
}

static void check_i64_reduces(row_name name, void (*body)(CK_I64_REDUCE_PARAMETERS)) {
    if (!begin(name)) return;
    for (place where = at_end; where < places; where++) {
        for (size_t n = 0; n < 70; n++)
            for (unsigned shift = 0; shift < 60; shift += 20) check_i64_reduce(name, body, n, shift, where);
        check_i64_reduce(name, body, 1024, 0, where);
    }
    end(name);
}

// ---------------------------------------------------------------- sketches

static int64_t dd_place(double v) {
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    uint64_t one = (bits & ((1ull << 52) - 1)) | 0x3ffull << 52;
    double s;
    memcpy(&s, &one, sizeof s);
    s -= 1;
    double cubic = ((6 * s - 21) * s + 50) * s;
    return 35 * ((int64_t)(bits >> 52 & 0x7ff) + 52) + llrint(cubic);
}

static void check_dd_count(row_name name, size_t (*body)(CK_DD_COUNT_PARAMETERS), size_t n, unsigned rare, place where) {
    enum { buckets = 400 };
    double *x = guarded(values_buffer, n * sizeof *x, where);
    uint64_t *above = guarded(rest_buffer, buckets * sizeof *above, where);
    uint64_t *below = guarded(sums_buffer, (buckets - 1) * sizeof *below, where);
    memset(above, 0, buckets * sizeof *above);
    memset(below, 0, (buckets - 1) * sizeof *below);
    const double odd[] = {0, -0.0, NAN, INFINITY, -INFINITY, 0x1p-1074, 0x1p300, -0x1p-300, 1, -1};
    for (size_t i = 0; i < n; i++) {
        // 2^-6 to 2^3 in magnitude, which is nine octaves of 35 buckets.
        x[i] = ldexp(1 + (double)(next() >> 12) * 0x1p-52, (int)(next() % 9) - 6) * (next() & 1 ? -1 : 1);
        if (rare && next() % rare == 0) x[i] = odd[next() % 10];
    }
    const int64_t first[2] = {dd_place(0x1p-6) - 3, dd_place(0x1p-6)}, count[2] = {buckets, buckets - 1};
    size_t negatives = 0, negative = 0;
    size_t done = body(x, n, first, count, above, below, &negatives);
    int whole = done <= n;
    for (size_t i = 0; whole && i < done; i++) {
        int s = x[i] < 0;
        int64_t at = dd_place(x[i]) - first[s];
        negative += (size_t)s;
        whole &= at >= 0 && at < count[s] && --(s ? below : above)[at] != UINT64_MAX;
    }
    for (size_t i = 0; i < buckets; i++) whole &= above[i] == 0 && (i == buckets - 1 || below[i] == 0);
    // It stops for a reason.
    int reason = n - done < 4;
    for (size_t i = done; i < n && i < done + 4; i++)
        reason |= !(fabs(x[i]) >= 0x1p-1022 && fabs(x[i]) < INFINITY) || dd_place(x[i]) < first[x[i] < 0] ||
                  dd_place(x[i]) - first[x[i] < 0] >= count[x[i] < 0];
    cases++;
    if (!whole || !reason || negative != negatives) FAIL("%s of %zu", name.text, n);
}

static void check_dd_counts(row_name name, size_t (*body)(CK_DD_COUNT_PARAMETERS)) {
    if (!begin(name)) return;
    for (place where = at_end; where < places; where++)
        for (size_t n = 0; n < 70; n++)
            for (unsigned rare = 0; rare < 45; rare += 20) check_dd_count(name, body, n, rare, where);
    end(name);
}

static uint64_t mixed(uint64_t h) {
    h = (h ^ h >> 33) * 0xff51afd7ed558ccdull;
    h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53ull;
    return h ^ h >> 33;
}

// MurmurHash3 of eight bytes with the seed 9001.
static void murmur(uint64_t word, uint64_t *low, uint64_t *high) {
    uint64_t k = word * 0x87c37b91114253d5ull;
    k = (k << 31 | k >> 33) * 0x4cf5ad432745937full;
    uint64_t h1 = 9001 ^ k ^ 8, h2 = 9001 ^ 8;
    h1 += h2;
    h2 += h1;
    h1 = mixed(h1);
    h2 = mixed(h2);
    *low = h1 + h2;
    *high = h2 + *low;
}

static void check_hll_scan(row_name name, size_t (*body)(CK_HLL_SCAN_PARAMETERS), size_t n, unsigned lg, bool is_double,
                           place where) {
    double *x = guarded(values_buffer, n * sizeof *x, where);
    uint8_t *ranks = guarded(rest_buffer, (size_t)1 << lg, where);
    const uint64_t mask = ((uint64_t)1 << lg) - 1;
    for (size_t i = 0; i <= mask; i++) ranks[i] = (uint8_t)(next() % 3 == 0 ? 63 : 3 + next() % 3);
    const double odd[] = {0, -0.0, NAN, -NAN, INFINITY, 0x1p-1074};
    for (size_t i = 0; i < n; i++) x[i] = next() % 5 ? value(0) : odd[next() % 6];
    uint64_t high = 0, slot = 0;
    size_t found = body((const uint64_t *)x, n, ranks, mask, is_double, &high, &slot), expected = n;
    uint64_t low = 0, upper = 0;
    for (size_t i = 0; i < n && expected == n; i++) {
        uint64_t word;
        memcpy(&word, x + i, sizeof word);
        if (is_double) word = x[i] == 0 ? 0 : x[i] != x[i] ? 0x7ff8ull << 48 : word;
        murmur(word, &low, &upper);
        unsigned zeros = upper ? (unsigned)__builtin_clzll(upper) : 64;
        if ((zeros < 62 ? zeros : 62) + 1 > ranks[low & mask]) expected = i;
    }
    cases++;
    if (found != expected || (found < n && (high != upper || slot != (low & mask)))) FAIL("%s of %zu", name.text, n);
}

static void check_hll_scans(row_name name, size_t (*body)(CK_HLL_SCAN_PARAMETERS)) {
    if (!begin(name)) return;
    for (place where = at_end; where < places; where++)
        for (size_t n = 0; n < 70; n++)
            for (unsigned lg = 4; lg <= 12; lg += 4)
                for (int is_double = 0; is_double < 2; is_double++) check_hll_scan(name, body, n, lg, is_double, where);
    end(name);
}

#endif

int main(int argc, char **argv) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    check((row){{"f64_reduce_avx512f", __builtin_cpu_supports("avx512f")}, 8, ck_f64_range_avx512f, ck_f64_sum_avx512f,
                ck_f64_moments_avx512f});
    check((row){{"f64_reduce_avx2", __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")}, 4, ck_f64_range_avx2,
                ck_f64_sum_avx2, ck_f64_moments_avx2});
    check_group_sums((row_name){"f64_group_sum_avx2", __builtin_cpu_supports("avx2")}, ck_f64_group_sum_avx2);
    check_i64_reduces((row_name){"i64_reduce_avx512f", __builtin_cpu_supports("avx512f")}, ck_i64_reduce_avx512f);
    check_i64_reduces((row_name){"i64_reduce_avx2", __builtin_cpu_supports("avx2")}, ck_i64_reduce_avx2);
    check_dd_counts((row_name){"dd_count_avx2", __builtin_cpu_supports("avx2")}, ck_dd_count_avx2);
    check_hll_scans((row_name){"hll_scan_avx512f", __builtin_cpu_supports("avx512f")}, ck_hll_scan_avx512f);
#elif defined(__aarch64__)
    check((row){{"f64_reduce_neon", 1}, 2, ck_f64_range_neon, ck_f64_sum_neon, ck_f64_moments_neon});
#endif
    return outcome(argc, argv);
}
