// Escaping against plain C: texts of every length up to some blocks, with what must be escaped rare and frequent, read up to (or from)
// a page that faults and written up to one.
#include "leaf_test.h"

enum { text_buffer, out_buffer, most = 300 };

typedef size_t (*escape)(CK_JSON_ESCAPE_PARAMETERS);

static size_t expect(const uint8_t *text, size_t count, uint8_t *out) {
    size_t to = 0;
    for (size_t i = 0; i < count; i++) {
        const char *from = "\b\t\n\f\r\"\\", *letters = "btnfr\"\\", *place = text[i] == 0 ? NULL : strchr(from, text[i]);
        if (place != NULL) {
            out[to++] = '\\';
            out[to++] = (uint8_t)letters[place - from];
        } else if (text[i] < 32) {
            to += (size_t)sprintf((char *)out + to, "\\u%04x", text[i]);
        } else {
            out[to++] = text[i];
        }
    }
    return to;
}

static void test(row_name name, escape row) {
    if (!begin(name)) return;
    static uint8_t expected[6 * most + 8];
    for (int round = 0; round < 6000; round++) {
        const size_t count = random_16() % most;
        const place where = random_16() % places;
        uint8_t *text = guarded(text_buffer, count, where), *out = guarded(out_buffer, 6 * count + 8, where);
        const unsigned frequency = 1u << (random_16() % 8);
        for (size_t i = 0; i < count; i++) {
            const unsigned r = random_16();
            text[i] = random_16() % frequency == 0 ? (r & 1 ? (uint8_t)(r >> 1 & 31) : r & 2 ? '"' : '\\') : (uint8_t)(r >> 8);
        }
        const size_t length = expect(text, count, expected), written = row(text, count, out);
        if (written != length || memcmp(out, expected, length) != 0) FAIL("%s: a text of %zu bytes", name.text, count);
        cases++;
    }
    end(name);
}

int main(int argc, char **argv) {
#if defined(__x86_64__)
    test((row_name){"json escape avx512bw", __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")},
         ck_json_escape_avx512bw);
    test((row_name){"json escape avx2", __builtin_cpu_supports("avx2")}, ck_json_escape_avx2);
#elif defined(__aarch64__)
    test((row_name){"json escape neon", 1}, ck_json_escape_neon);
#endif
    return outcome(argc, argv);
}
