// The leaf of Adler-32 against its definition (RFC 1950, section 8.2): every length, every alignment, registers up to the largest,
// with the bytes ending (or starting) at a page that faults.
#include "leaf_test.h"

enum { bytes_buffer, modulus = 65521, most_bytes = 70000 };

typedef struct row {
    row_name name;
    uint32_t (*body)(CK_ADLER_PARAMETERS);
} row;

static uint32_t plain(uint32_t adler, const uint8_t *data, size_t length) {
    uint32_t first = adler & 0xffff, second = adler >> 16;
    for (size_t i = 0; i < length; i++) {
        first = (first + data[i]) % modulus;
        second = (second + first) % modulus;
    }
    return second << 16 | first;
}

static void check(row r, const uint8_t *data, size_t length, const char *what) {
    static const uint32_t registers[] = {1, 0, 65520u << 16 | 65520u, 12345u << 16 | 54321u};
    for (size_t i = 0; i < sizeof registers / sizeof *registers; i++, cases++) {
        uint32_t got = r.body(registers[i], data, length), expected = plain(registers[i], data, length);
        if (got != expected) FAIL("%s: %zu bytes of %s: %08x, not %08x", r.name.text, length, what, got, expected);
    }
}

static void fill(uint8_t *data, size_t length, int kind) {
    for (size_t i = 0; i < length; i++) data[i] = (uint8_t)(kind == 0 ? 255 : kind == 1 ? i % 251 : random_16());
}

static void test(row r) {
    static const char *const kinds[] = {"255", "i % 251", "noise"};
    // What is divided once: the chunk of the rows, the longest of zlib, and twice the chunk.
    static const size_t long_ones[] = {5503, 5504, 5505, 5551, 5552, 5553, 5567, 5568, 5569, 11007, 11008, 11009, 65536, most_bytes};
    if (!begin(r.name)) return;
    if (r.body(1, (const uint8_t *)"123456789", 9) != 0x091e01de) FAIL("%s: check value", r.name.text);
    for (int kind = 0; kind < 3; kind++) {
        for (place where = at_end; where < places; where++) {
            for (size_t length = 0; length <= 400; length++) {
                uint8_t *data = guarded(bytes_buffer, length, where);
                fill(data, length, kind);
                check(r, data, length, kinds[kind]);
            }
            for (size_t i = 0; i < sizeof long_ones / sizeof *long_ones; i++) {
                uint8_t *data = guarded(bytes_buffer, long_ones[i], where);
                fill(data, long_ones[i], kind);
                check(r, data, long_ones[i], kinds[kind]);
            }
        }
        // Every alignment, the bytes around them others.
        uint8_t *data = guarded(bytes_buffer, 1024, at_end);
        fill(data, 1024, kind);
        for (size_t start = 0; start < 64; start++) check(r, data + start, 700 + start % 7, kinds[kind]);
    }
    end(r.name);
}

int main(int argc, char **argv) {
#if defined(__x86_64__)
    test((row){{"adler, avx2", __builtin_cpu_supports("avx2")}, ck_adler_avx2});
    test((row){
        {"adler, avx512vnni", __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                                  __builtin_cpu_supports("avx512vnni")},
        ck_adler_avx512vnni,
    });
#elif defined(__aarch64__)
    test((row){{"adler, neon", 1}, ck_adler_neon});
#endif
    return outcome(argc, argv);
}
