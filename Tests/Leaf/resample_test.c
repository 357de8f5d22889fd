// The leaf of resizes against plain C: every number of channels, taps around each step, rows with their stride, each buffer
// against a page that faults.
#include <math.h>

#include "leaf_test.h"

enum { source_buffer, output_buffer, expected_buffer, starts_buffer, weights_buffer, row_buffer, max_rows = 14 };

typedef struct row {
    row_name name;
    void (*columns)(CK_RESAMPLE_COLUMNS_PARAMETERS);
    void (*rows)(CK_RESAMPLE_ROWS_PARAMETERS);
    void (*wide_columns)(CK_RESAMPLE_WIDE_COLUMNS_PARAMETERS);
    void (*wide_rows)(CK_RESAMPLE_WIDE_ROWS_PARAMETERS);
    void (*widen)(CK_RESAMPLE_WIDEN_PARAMETERS);
    void (*narrow)(CK_RESAMPLE_NARROW_PARAMETERS);
} row;

// ---------------------------------------------------------------- plain

static uint8_t plain_sample(uint32_t sum) {
    int32_t value = (int32_t)(sum + (1u << 21)) >> 22;
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static uint32_t weight_of(int16_t low, int16_t high) { return (uint32_t)(int32_t)high * 65536u + (uint32_t)(int32_t)low; }

// Kept apart, so that no product is added before it is rounded.
static float product(float a, float b) {
    volatile float result = a * b;
    return result;
}

static float plain_rounded(float value, float top) {
    return floorf(fminf(fmaxf(value, 0), top) + 0.5f);
}

// ---------------------------------------------------------------- cases

static void fill_bytes(uint8_t *bytes, size_t count) {
    // Runs of the extremes as well, so that sums leave the range of a byte.
    int kind = random_16() % 4;
    for (size_t i = 0; i < count; i++)
        bytes[i] = kind == 0 ? 255 : kind == 1 ? (uint8_t)(random_16() % 2 * 255) : (uint8_t)random_16();
}

static void fill_weights(int16_t *low, int16_t *high, size_t taps) {
    for (size_t j = 0; j < taps; j++) {
        int32_t weight = (int32_t)((random_16() << 16 | random_16()) % (3u << 22)) / (int32_t)(1 + random_16() % taps) - (1 << 20);
        low[j] = (int16_t)weight;
        high[j] = (int16_t)((weight - low[j]) / 65536);
    }
}

static void fill_starts(int32_t *starts, size_t columns, size_t pixels, size_t taps) {
    for (size_t x = 0; x < columns; x++) starts[x] = (int32_t)(random_16() % (pixels - taps + 1));
    starts[random_16() % columns] = 0;
    starts[random_16() % columns] = (int32_t)(pixels - taps);
}

static void columns_case(const row *row, size_t channels, size_t taps, size_t columns, size_t count, place where) {
    size_t pixels = taps + random_16() % 20, stride = pixels * channels + random_16() % 5;
    size_t output_stride = columns * channels + random_16() % 5;
    size_t source_bytes = (count - 1) * stride + pixels * channels;
    size_t output_bytes = (count - 1) * output_stride + columns * channels;
    uint8_t *source = guarded(source_buffer, source_bytes, where), *output = guarded(output_buffer, output_bytes, where);
    uint8_t *expected = guarded(expected_buffer, output_bytes, where);
    int32_t *starts = guarded(starts_buffer, columns * 4, where);
    int16_t *weights = guarded(weights_buffer, columns * taps * 4, where);
    fill_bytes(source, source_bytes);
    fill_starts(starts, columns, pixels, taps);
    for (size_t x = 0; x < columns; x++) fill_weights(weights + 2 * taps * x, weights + 2 * taps * x + taps, taps);
    memset(output, 0xa5, output_bytes);
    memset(expected, 0xa5, output_bytes);
    for (size_t y = 0; y < count; y++)
        for (size_t x = 0; x < columns; x++)
            for (size_t k = 0; k < channels; k++) {
                uint32_t sum = 0;
                const int16_t *low = weights + 2 * taps * x;
                for (size_t j = 0; j < taps; j++)
                    sum += weight_of(low[j], low[taps + j]) * source[y * stride + ((size_t)starts[x] + j) * channels + k];
                expected[y * output_stride + x * channels + k] = plain_sample(sum);
            }
    row->columns(source, stride, output, output_stride, count, starts, weights, taps, columns, channels);
    cases++;
    // Between the rows nothing may be written, but for the byte after a pixel of three, which is the next pixel's.
    if (memcmp(output, expected, output_bytes) != 0)
        FAIL("%s: columns, %zu channels, %zu taps, %zu columns, %zu rows", row->name.text, channels, taps, columns, count);
}

static void rows_case(const row *row, size_t count, size_t samples, place where) {
    size_t padded = (samples + 63) & ~(size_t)63;
    const uint8_t *rows[max_rows];
    for (size_t j = 0; j < count; j++) {
        uint8_t *bytes = guarded(row_buffer + (int)j, padded, where);
        fill_bytes(bytes, padded);
        rows[j] = bytes;
    }
    size_t stride = count + random_16() % 3;
    int16_t *weights = guarded(weights_buffer, (stride + count) * 2, where);
    fill_weights(weights, weights + stride, count);
    uint8_t *output = guarded(output_buffer, samples, where);
    row->rows(rows, count, weights, stride, output, samples);
    cases++;
    for (size_t i = 0; i < samples; i++) {
        uint32_t sum = 0;
        for (size_t j = 0; j < count; j++) sum += weight_of(weights[j], weights[stride + j]) * rows[j][i];
        if (output[i] != plain_sample(sum)) {
            FAIL("%s: rows, %zu of %zu samples, sample %zu", row->name.text, count, samples, i);
            return;
        }
    }
}

static float random_float(void) { return (float)(int32_t)(random_16() << 8 | random_16() % 256) / 251.0f; }

static void wide_columns_case(const row *row, size_t lanes, size_t taps, size_t columns, size_t count, place where) {
    size_t pixels = taps + random_16() % 20, stride = pixels * lanes + random_16() % 5;
    size_t output_stride = columns * lanes + random_16() % 5;
    size_t numbers = (count - 1) * stride + pixels * lanes, outputs = (count - 1) * output_stride + columns * lanes;
    float *source = guarded(source_buffer, numbers * 4, where);
    float *output = guarded(output_buffer, outputs * 4, where);
    float *weights = guarded(weights_buffer, columns * taps * 4, where);
    int32_t *starts = guarded(starts_buffer, columns * 4, where);
    for (size_t i = 0; i < numbers; i++) source[i] = random_float();
    for (size_t i = 0; i < outputs; i++) output[i] = -7;
    for (size_t i = 0; i < columns * taps; i++) weights[i] = random_float() / 65536 - 0.3f;
    fill_starts(starts, columns, pixels, taps);
    row->wide_columns(source, stride, output, output_stride, count, starts, weights, taps, columns, lanes);
    cases++;
    for (size_t i = 0; i < outputs; i++) {
        size_t y = i / output_stride, x = i % output_stride / lanes, k = i % output_stride % lanes;
        float sums[4] = {0}, expected = -7;
        if (x < columns) {
            for (size_t j = 0; j < taps; j++)
                sums[j % 4] += product(source[y * stride + ((size_t)starts[x] + j) * lanes + k], weights[taps * x + j]);
            expected = (sums[0] + sums[2]) + (sums[1] + sums[3]);
        }
        if (memcmp(&expected, &output[i], 4) != 0) {
            FAIL("%s: wide columns, %zu lanes, %zu taps, row %zu of %zu, column %zu of %zu", row->name.text, lanes, taps, y, count, x,
                 columns);
            return;
        }
    }
}

static void wide_rows_case(const row *row, size_t count, size_t samples, place where) {
    size_t padded = (samples + 15) & ~(size_t)15;
    const float *rows[max_rows];
    for (size_t j = 0; j < count; j++) {
        float *numbers = guarded(row_buffer + (int)j, padded * 4, where);
        for (size_t i = 0; i < padded; i++) numbers[i] = random_float();
        rows[j] = numbers;
    }
    float *weights = guarded(weights_buffer, count * 4, where), *output = guarded(output_buffer, padded * 4, where);
    for (size_t j = 0; j < count; j++) weights[j] = random_float() / 65536 - 0.3f;
    row->wide_rows(rows, count, weights, output, samples);
    cases++;
    for (size_t i = 0; i < samples; i++) {
        float expected = 0;
        for (size_t j = 0; j < count; j++) expected += product(weights[j], rows[j][i]);
        if (memcmp(&expected, &output[i], 4) != 0) {
            FAIL("%s: wide rows, %zu of %zu samples, sample %zu", row->name.text, count, samples, i);
            return;
        }
    }
}

static void pixels_case(const row *row, size_t channels, size_t bits, size_t alpha, size_t pixels, place where) {
    size_t lanes = channels == 3 ? 4 : channels, bytes = pixels * channels * bits / 8;
    float top = bits == 8 ? 255 : 65535;
    uint8_t *source = guarded(source_buffer, bytes, where), *narrow = guarded(expected_buffer, bytes, where);
    float *wide = guarded(output_buffer, pixels * lanes * 4, where);
    fill_bytes(source, bytes);
    row->widen(source, wide, pixels, channels, bits, alpha);
    cases++;
    for (size_t i = 0; i < pixels; i++)
        for (size_t k = 0; k < lanes; k++) {
            const uint16_t *words = (const uint16_t *)(void *)source;
            size_t at = i * channels + k, last = i * channels + channels - 1;
            float value = k >= channels ? 0 : bits == 8 ? source[at] : words[at];
            if (alpha && k + 1 < channels)
                value = product(value, product(bits == 8 ? source[last] : words[last], 1 / top));
            if (value != wide[i * lanes + k]) {
                FAIL("%s: widen, %zu channels, %zu bits, alpha %zu, pixel %zu of %zu", row->name.text, channels, bits, alpha, i, pixels);
                return;
            }
        }
    // Beyond both ends, and halves.
    for (size_t i = 0; i < pixels * lanes; i++) wide[i] = (float)((int32_t)(random_16() % 3000) - 500) / 2000 * top;
    if (pixels > 1) wide[lanes - 1] = 0.4999f;
    row->narrow(wide, narrow, pixels, channels, bits, alpha);
    for (size_t i = 0; i < pixels; i++) {
        float factor = 1;
        if (alpha) factor = plain_rounded(wide[i * lanes + channels - 1], top) == 0 ? 0 : top / wide[i * lanes + channels - 1];
        for (size_t k = 0; k < channels; k++) {
            float value = wide[i * lanes + k];
            if (alpha && k + 1 < channels) value = product(value, factor);
            const uint16_t *words = (const uint16_t *)(void *)narrow;
            if ((bits == 8 ? narrow[i * channels + k] : words[i * channels + k]) != (int)plain_rounded(value, top)) {
                FAIL("%s: narrow, %zu channels, %zu bits, alpha %zu, pixel %zu of %zu", row->name.text, channels, bits, alpha, i, pixels);
                return;
            }
        }
    }
}

static void test(row row) {
    if (!begin(row.name)) return;
    static const size_t column_counts[] = {1, 2, 3, 7, 33}, sample_counts[] = {1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129, 900};
    for (place where = at_end; where < places; where++) {
        for (size_t channels = 1; channels <= 4; channels++)
            for (size_t taps = 4; taps <= 48; taps += taps < 24 ? 4 : 12)
                for (size_t i = 0; i < sizeof column_counts / sizeof *column_counts; i++) {
                    for (size_t count = 1; count <= 4; count++) {
                        columns_case(&row, channels, taps, column_counts[i], count, where);
                        if (channels != 3) wide_columns_case(&row, channels, taps, column_counts[i], count, where);
                    }
                }
        for (size_t i = 0; i < sizeof sample_counts / sizeof *sample_counts; i++)
            for (size_t count = 1; count <= max_rows; count++) {
                if (count % 2 == 0) rows_case(&row, count, sample_counts[i], where);
                wide_rows_case(&row, count, sample_counts[i], where);
            }
        for (size_t channels = 1; channels <= 4; channels++)
            for (size_t bits = 8; bits <= 16; bits += 8)
                for (size_t alpha = 0; alpha <= (channels % 2 == 0); alpha++)
                    for (size_t pixels = 1; pixels <= 40; pixels++) pixels_case(&row, channels, bits, alpha, pixels, where);
    }
    end(row.name);
}

int main(int argc, char **argv) {
#if defined(__x86_64__)
    int avx2 = __builtin_cpu_supports("avx2");
    int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                 __builtin_cpu_supports("avx512vnni");
    test((row){{"ck_resample_avx512vnni", avx512}, ck_resample_columns_avx512vnni, ck_resample_rows_avx512vnni,
               ck_resample_wide_columns_avx512vnni, ck_resample_wide_rows_avx512vnni, ck_resample_widen_avx2,
               ck_resample_narrow_avx2});
    test((row){{"ck_resample_avx2", avx2}, ck_resample_columns_avx2, ck_resample_rows_avx2, ck_resample_wide_columns_avx2,
               ck_resample_wide_rows_avx2, ck_resample_widen_avx2, ck_resample_narrow_avx2});
#elif defined(__aarch64__)
    test((row){{"ck_resample_neon", 1}, ck_resample_columns_neon, ck_resample_rows_neon, ck_resample_wide_columns_neon,
               ck_resample_wide_rows_neon, ck_resample_widen_neon, ck_resample_narrow_neon});
#endif
    return outcome(argc, argv);
}
