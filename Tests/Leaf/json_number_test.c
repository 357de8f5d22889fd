// Numbers of JSON against the C library: texts of every length, read from (or up to) a page that faults, beside strtod; doubles
// beside the first of printf's texts that reads back.
#include "leaf_test.h"

#include <math.h>

enum { text_buffer, out_buffer, node_buffer, value_buffer, most_values = 9 };

#if defined(__x86_64__)

static uint64_t power_words[2 * 64];
static const uint64_t *const powers = power_words + 2 * 32;

// The 128 most significant bits of 5^q, rounded up where q < 0.
static void make_powers(void) {
    unsigned __int128 five = 1;
    for (int q = 0; q < 28; q++, five *= 5) {
        unsigned __int128 x = five;
        while (x >> 127 == 0) x <<= 1;
        power_words[2 * (32 + q)] = (uint64_t)(x >> 64), power_words[2 * (32 + q) + 1] = (uint64_t)x;
        if (q == 0) continue;
        // 1 / 5^q, a bit at a time.
        unsigned __int128 rest = 1, bits = 0;
        while (bits >> 127 == 0) {
            rest <<= 1, bits <<= 1;
            if (rest >= five) rest -= five, bits |= 1;
        }
        bits += rest != 0;
        power_words[2 * (32 - q)] = (uint64_t)(bits >> 64), power_words[2 * (32 - q) + 1] = (uint64_t)bits;
    }
}

static uint64_t random_64(void) {
    uint64_t x = 0;
    for (int i = 0; i < 4; i++) x = x << 16 | random_16();
    return x;
}

static uint64_t bits_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

// A number of so many digits before and behind the point.
static size_t number(char *out, int whole, int behind) {
    char *at = out;
    if (random_16() & 1) *at++ = '-';
    const int same = random_16() % 4 == 0 ? '0' + random_16() % 10 : 0;
    for (int i = 0; i < whole; i++) *at++ = (char)(same ? same : '0' + random_16() % 10);
    if (whole > 1 && at[-whole] == '0') at[-whole] = '1';
    if (behind > 0) *at++ = '.';
    for (int i = 0; i < behind; i++) *at++ = (char)(same ? same : '0' + random_16() % 10);
    if (random_16() % 32 == 0) at += sprintf(at, "e%d", random_16() % 40 - 20);
    *at = 0;
    return (size_t)(at - out);
}

// What so many bytes behind a number are readable for, a row that reads more than it must knows.
enum { readable_behind = 40 };

static void test_reading(row_name name, int reads_exactly, uint64_t (*one)(CK_JSON_DOUBLE_PARAMETERS),
                         size_t (*all)(CK_JSON_DOUBLES_PARAMETERS)) {
    if (!begin(name)) return;
    for (int round = 0; round < 200000; round++) {
        char text[most_values][80], joined[80 * most_values];
        const size_t count = random_16() % (most_values + 1), behind_all = random_16() & 1 ? readable_behind : 0;
        const place where = random_16() % places;
        ck_json_node *nodes = guarded(node_buffer, count * sizeof *nodes, where);
        double *values = guarded(value_buffer, count * sizeof *values, where);
        size_t length = 0, known = count;
        for (size_t i = 0; i < count; i++) {
            const int whole = 1 + random_16() % 21, behind = random_16() % 21;
            const size_t n = number(text[i], whole, behind), readable = n + behind_all;
            memcpy(joined + length, text[i], n);
            const uint32_t kind = random_16() % 64 == 0 ? 4 : 3 | (random_16() & 1) << 3;
            nodes[i] = (ck_json_node){(uint32_t)length, (uint32_t)(length + n), kind, (uint32_t)i + 1};
            length += n;
            joined[length++] = ",]}: \n"[random_16() % 6];
            uint8_t *alone = guarded(text_buffer, readable, where);
            memset(alone, random_16() & 1 ? ']' : ',', readable);
            memcpy(alone, text[i], n);
            const int plain = strchr(text[i], 'e') == NULL && whole + behind <= 19;
            const uint64_t expected = plain ? bits_of(strtod(text[i], NULL)) : UINT64_MAX, read = one(alone, n, readable, powers);
            if (read != expected && (reads_exactly || behind_all != 0 || read != UINT64_MAX)) FAIL("%s: %s", name.text, text[i]);
            if ((!plain || kind == 4) && known == count) known = i;
            cases++;
        }
        uint8_t *source = guarded(text_buffer, length + behind_all, where);
        memcpy(source, joined, length);
        memset(source + length, ' ', behind_all);
        const size_t done = all(source, length + behind_all, nodes, count, powers, values);
        const int is_short = done < known && !reads_exactly && behind_all == 0 && length - nodes[done].begin < readable_behind;
        if (done != known && !is_short) FAIL("%s: %zu numbers", name.text, count);
        for (size_t i = 0; i < done && i < known; i++) {
            if (bits_of(values[i]) != bits_of(strtod(text[i], NULL))) FAIL("%s: %s in an array", name.text, text[i]);
        }
    }
    end(name);
}

// The shortest text, in the form of ECMAScript without an exponent.
static size_t expect(double x, char *out) {
    char digits[40];
    int precision = 0;
    do sprintf(digits, "%.*e", precision, fabs(x));
    while (strtod(digits, NULL) != fabs(x) && precision++ < 17);
    const int exponent = atoi(strchr(digits, 'e') + 1);
    char *at = out;
    if (x < 0) *at++ = '-';
    if (exponent < 0) {
        at += sprintf(at, "0.");
        for (int i = -1; i > exponent; i--) *at++ = '0';
    }
    int placed = 0;
    for (const char *d = digits; *d != 'e'; d++) {
        if (*d == '.') continue;
        if (placed++ == exponent + 1 && exponent >= 0) *at++ = '.';
        *at++ = *d;
    }
    while (placed++ <= exponent) *at++ = '0';
    *at = 0;
    return (size_t)(at - out);
}

static double any_double(void) {
    switch (random_16() % 8) {
    case 0: return (double)(int64_t)random_64();
    case 1: {
        const uint64_t bits = random_64();
        double x;
        memcpy(&x, &bits, sizeof x);
        return x;
    }
    case 2: return ldexp(1, (int)(random_16() % 80) - 70);
    case 3: return (double)(random_64() % 10000000) / 1000 * (random_16() & 1 ? 1 : 1000);
    case 4: return ldexp((double)(random_64() >> 11 | 1), -70 + (int)(random_16() % 60));
    case 5: return -(double)(random_64() % 1000000000) / 1e6;
    default: return (double)(random_64() >> 11) / 9007199254740992.0 * 360 - 180;
    }
}

static void test_writing(row_name name, size_t (*one)(CK_JSON_WRITE_DOUBLE_PARAMETERS),
                         size_t (*all)(CK_JSON_WRITE_DOUBLES_PARAMETERS)) {
    if (!begin(name)) return;
    int plain = 0, unknown = 0;
    for (int round = 0; round < 60000; round++) {
        const size_t count = random_16() % (most_values + 1);
        const place where = random_16() % places;
        double *values = guarded(value_buffer, count * sizeof *values, where);
        char expected[most_values * 64];
        size_t length = 0, known = count;
        for (size_t i = 0; i < count; i++) {
            const double x = values[i] = any_double();
            uint8_t *out = guarded(out_buffer, 40, where);
            const size_t written = one(x, out);
            const int fits = isfinite(x) && fabs(x) > 1e-5 && fabs(x) < 1e9;
            plain += fits, unknown += fits && written == 0;
            if (written == 0) {
                if (known == count) known = i;
                continue;
            }
            char text[64];
            const size_t n = expect(x, text);
            if (written != n || memcmp(out, text, n) != 0) FAIL("%s: %.17g as %.*s", name.text, x, (int)written, out);
            if (known == count) {
                memcpy(expected + length, text, n);
                expected[length + n] = ',';
                length += n + 1;
            }
            cases++;
        }
        uint8_t *out = guarded(out_buffer, 26 * count + 40, where);
        size_t done = count;
        const size_t written = all(values, &done, out);
        if (done != known || written != length || memcmp(out, expected, length) != 0) FAIL("%s: %zu numbers", name.text, count);
    }
    if (unknown * 1000 > plain) FAIL("%s: %d of %d plain numbers unknown", name.text, unknown, plain);
    end(name);
}
#endif

int main(int argc, char **argv) {
#if defined(__x86_64__)
    make_powers();
    const int avx512 = __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512ifma") &&
                       __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
    const int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
    test_reading((row_name){"json double avx512", avx512}, 1, ck_json_double_avx512, ck_json_doubles_avx512);
    test_reading((row_name){"json double avx2", avx2}, 0, ck_json_double_avx2, ck_json_doubles_avx2);
    test_writing((row_name){"json write double avx512", avx512}, ck_json_write_double_avx512, ck_json_write_doubles_avx512);
    test_writing((row_name){"json write double avx2", avx2}, ck_json_write_double_avx2, ck_json_write_doubles_avx2);
#endif
    return outcome(argc, argv);
}
