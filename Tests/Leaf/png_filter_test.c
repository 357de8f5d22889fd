// PNG's filters against plain C (W3C PNG, 9.2 to 9.4): off rows one by one and four at a time, their sums, and on again, with
// what is read and written ending (or starting) at a page that faults.
#include "leaf_test.h"

enum { raw_buffer, prior_buffer, rows_buffer, filtered_buffer, most_pixels = 70 };

typedef struct row {
    row_name name;
    void (*unfilter_row)(CK_UNFILTER_ROW_PARAMETERS);
    void (*unfilter_four)(CK_UNFILTER_FOUR_PARAMETERS);
    void (*sums)(CK_FILTER_SUMS_PARAMETERS);
    void (*filter_row)(CK_FILTER_ROW_PARAMETERS);
} row;

static uint8_t guess(int filter, const uint8_t *line, const uint8_t *prior, size_t i, size_t distance) {
    int a = i >= distance ? line[i - distance] : 0, b = prior[i], c = i >= distance ? prior[i - distance] : 0;
    int p = a + b - c, pa = abs(p - a), pb = abs(p - b), pc = abs(p - c);
    switch (filter) {
    case 1: return (uint8_t)a;
    case 2: return (uint8_t)b;
    case 3: return (uint8_t)((a + b) / 2);
    case 4: return (uint8_t)(pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
    default: return 0;
    }
}

// Noise, or numbers near each other, so that every branch of Paeth is taken often.
static void fill(uint8_t *bytes, size_t count, int is_smooth) {
    for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)(is_smooth ? (random_16() & 7) + i / 3 : random_16());
}

static void test_unfilter(row r, place where, size_t distance, size_t pixels) {
    size_t count = pixels * distance;
    uint8_t *raw = guarded(raw_buffer, count, where), *prior = guarded(prior_buffer, count, where);
    uint8_t *line = guarded(rows_buffer, count, where), expected[most_pixels * 8];
    for (int32_t filter = 1; filter <= 4; filter++, cases++) {
        fill(raw, count, filter & 1);
        fill(prior, count, pixels & 1);
        for (size_t i = 0; i < count; i++) expected[i] = (uint8_t)(raw[i] + guess(filter, expected, prior, i, distance));
        r.unfilter_row(filter, raw, prior, line, count, distance);
        if (memcmp(line, expected, count) != 0) FAIL("%s: filter %d off %zu x %zu bytes", r.name.text, filter, pixels, distance);
    }
}

static void test_four(row r, place where, size_t distance, size_t pixels) {
    if (r.unfilter_four == NULL || pixels < 8 || distance < 3 || distance > 4) return;
    size_t count = pixels * distance, stride = count + 1;
    uint8_t *raw = guarded(raw_buffer, 4 * stride, where), *prior = guarded(prior_buffer, count, where);
    uint8_t *lines = guarded(rows_buffer, 4 * count, where);
    static uint8_t expected[4 * most_pixels * 8];
    for (int mix = 0; mix < 40; mix++, cases++) {
        fill(raw, 4 * stride, mix & 1);
        fill(prior, count, mix & 2);
        for (size_t y = 0; y < 4; y++) {
            uint8_t filter = (uint8_t)(mix < 8 ? 4 : mix < 16 ? 3 + random_16() % 2 : random_16() % 5);
            raw[y * stride] = filter;
            const uint8_t *above = y == 0 ? prior : expected + (y - 1) * count;
            uint8_t *line = expected + y * count;
            for (size_t i = 0; i < count; i++) line[i] = (uint8_t)(raw[y * stride + 1 + i] + guess(filter, line, above, i, distance));
        }
        r.unfilter_four(raw + 1, stride, prior, lines, count, pixels, distance);
        if (memcmp(lines, expected, 4 * count) != 0) FAIL("%s: four rows of %zu x %zu bytes", r.name.text, pixels, distance);
    }
}

static void test_filter(row r, place where, size_t distance, size_t pixels) {
    if (r.sums == NULL) return;
    size_t count = pixels * distance;
    uint8_t *line = guarded(rows_buffer, count, where), *prior = guarded(prior_buffer, count, where);
    uint8_t *filtered = guarded(filtered_buffer, count, where);
    fill(line, count, pixels & 1);
    fill(prior, count, pixels & 1);
    uint64_t got[5], expected[5] = {0};
    r.sums(line, prior, count, distance, got);
    for (int32_t filter = 0; filter < 5; filter++, cases++) {
        if (filter > 0) r.filter_row(filter, line, prior, filtered, count, distance);
        int is_wrong = 0;
        for (size_t i = 0; i < count; i++) {
            uint8_t byte = (uint8_t)(line[i] - guess(filter, line, prior, i, distance));
            expected[filter] += byte < 128 ? byte : 256u - byte;
            if (filter > 0 && filtered[i] != byte) is_wrong = 1;
        }
        if (is_wrong) FAIL("%s: filter %d on %zu x %zu bytes", r.name.text, filter, pixels, distance);
        if (got[filter] != expected[filter]) FAIL("%s: sum %d of %zu x %zu bytes", r.name.text, filter, pixels, distance);
    }
}

static void test(row r) {
    static const size_t distances[] = {1, 2, 3, 4, 6, 8};
    if (!begin(r.name)) return;
    for (place where = at_end; where < places; where++) {
        for (size_t d = 0; d < sizeof distances / sizeof *distances; d++) {
            for (size_t pixels = 1; pixels <= most_pixels; pixels++) {
                if (r.unfilter_row != NULL) test_unfilter(r, where, distances[d], pixels);
                test_four(r, where, distances[d], pixels);
                test_filter(r, where, distances[d], pixels);
            }
        }
    }
    end(r.name);
}

int main(int argc, char **argv) {
#if defined(__x86_64__)
    test((row){
        {"png unfilter, sse4.1", __builtin_cpu_supports("sse4.1")}, ck_unfilter_row_sse41, ck_unfilter_four_sse41, NULL, NULL,
    });
    test((row){
        {"png filter, avx2", __builtin_cpu_supports("avx2")}, NULL, NULL, ck_filter_sums_avx2, ck_filter_row_avx2,
    });
#elif defined(__aarch64__)
    test((row){{"png unfilter, neon", 1}, ck_unfilter_row_neon, ck_unfilter_four_neon, NULL, NULL});
    test((row){{"png filter, neon", 1}, NULL, NULL, ck_filter_sums_neon, ck_filter_row_neon});
#endif
    return outcome(argc, argv);
}
