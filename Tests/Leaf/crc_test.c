// The leaf of CRCs against their definition: check values, every length, every alignment, random registers, with the bytes
// ending (or starting) at a page that faults.
#include "leaf_test.h"

enum { bytes_buffer, constants_buffer, constants_words = 16 };

typedef struct code {
    const char *name;
    int width;
    uint64_t polynomial;  // without the leading term, the highest coefficient first
    uint64_t check;       // of "123456789"
} code;

static const code codes[] = {
    {"CRC32", 32, 0x04c11db7, 0xcbf43926},
    {"CRC32C", 32, 0x1edc6f41, 0xe3069283},
    {"CRC64NVME", 64, 0xad93d23594c93659, 0xae8b14860a799888},
};

typedef struct row {
    row_name name;
    uint64_t (*body)(CK_CRC_PARAMETERS);
    int only;  // the code that it is for, or -1
} row;

static uint64_t reflected(uint64_t a) {
    uint64_t result = 0;
    for (int i = 0; i < 64; i++) result = result << 1 | (a >> i & 1);
    return result;
}

// Q without x^64.
static uint64_t modulus(const code *code) { return code->polynomial << (64 - code->width); }

static uint64_t power(uint64_t q, int n) {
    uint64_t a = 1;
    for (int i = 0; i < n; i++) a = a << 1 ^ (a >> 63 ? q : 0);
    return a;
}

// As crc_fold.h says, by division one term at a time.
static void derive_constants(const code *code, uint64_t constants[constants_words]) {
    uint64_t q = modulus(code), quotient = 0, rest = q;
    for (int i = 0; i < 64; i++) {
        quotient = quotient << 1 | rest >> 63;
        rest = rest << 1 ^ (rest >> 63 ? q : 0);
    }
    constants[0] = reflected(quotient >> 1 | 1ull << 63);
    constants[1] = reflected(q >> 1 | 1ull << 63);
    constants[2] = q & 1 ? ~0ull : 0;
    constants[3] = reflected(q);
    for (int i = 0; i < 6; i++) {
        constants[4 + 2 * i] = reflected(power(q, (128 << i) + 63));
        constants[5 + 2 * i] = reflected(power(q, (128 << i) - 1));
    }
}

static uint64_t plain(const code *code, uint64_t crc, uint8_t byte) {
    uint64_t polynomial = reflected(modulus(code));
    crc ^= byte;
    for (int i = 0; i < 8; i++) crc = crc >> 1 ^ (crc & 1 ? polynomial : 0);
    return crc;
}

static uint64_t random_register(const code *code) {
    uint64_t value = 0;
    for (int i = 0; i < 4; i++) value = value << 16 | random_16();
    return value >> (64 - code->width);
}

// Random bytes and register; `skew` bytes between the data and the page that faults.
static void random_case(const row *row, const code *code, const uint64_t *constants, size_t length, size_t skew, place where) {
    uint8_t *bytes = (uint8_t *)guarded(bytes_buffer, length + skew, where) + (where == at_start ? skew : 0);
    uint64_t before = random_register(code), expected = before;
    for (size_t i = 0; i < length; i++) {
        bytes[i] = (uint8_t)random_16();
        expected = plain(code, expected, bytes[i]);
    }
    cases++;
    if (row->body(before, bytes, length, constants) != expected)
        FAIL("%s, %s: %zu bytes, skew %zu, %s", row->name.text, code->name, length, skew, where == at_end ? "end" : "start");
}

static void test_code(const row *row, const code *code) {
    static const size_t longer[] = {1023, 1024, 1025, 4095, 4096, 4097, 4160, 9000};
    uint64_t derived[constants_words], ones = ~0ull >> (64 - code->width);
    derive_constants(code, derived);
    // Exactly the constants are read.
    const uint64_t *constants = memcpy(guarded(constants_buffer, sizeof derived, at_end), derived, sizeof derived);
    if ((row->body(ones, (const uint8_t *)"123456789", 9, constants) ^ ones) != code->check)
        FAIL("%s: the check value of %s", row->name.text, code->name);
    for (place where = at_end; where < places; where++) {
        for (size_t length = 0; length <= 1100; length++) random_case(row, code, constants, length, 0, where);
        for (size_t skew = 1; skew < 64; skew++) {
            for (size_t length = 1; length < 600; length += 13) random_case(row, code, constants, length, skew, where);
            for (size_t i = 0; i < sizeof longer / sizeof *longer; i++)
                if (skew % 8 == i) random_case(row, code, constants, longer[i], skew, where);
        }
    }
}

static void test(row row) {
    if (!begin(row.name)) return;
    for (int i = 0; i < (int)(sizeof codes / sizeof *codes); i++)
        if (row.only < 0 || row.only == i) test_code(&row, &codes[i]);
    end(row.name);
}

int main(int argc, char **argv) {
#if defined(__x86_64__)
    int sse = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
    int avx2 = __builtin_cpu_supports("vpclmulqdq") && __builtin_cpu_supports("avx2");
    int avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
    test((row){{"ck_crc_pclmul", sse}, ck_crc_pclmul, -1});
    test((row){{"ck_crc_vpclmul_avx2", avx2}, ck_crc_vpclmul_avx2, -1});
    test((row){{"ck_crc_vpclmul_avx512", avx512}, ck_crc_vpclmul_avx512, -1});
    test((row){{"ck_crc32c_sse42", __builtin_cpu_supports("sse4.2")}, ck_crc32c_sse42, 1});
#elif defined(__aarch64__)
    uint64_t capabilities = ck_hwcap();
    test((row){{"ck_crc_pmull", capabilities >> 4 & 1}, ck_crc_pmull, -1});
    test((row){{"ck_crc32_arm", capabilities >> 7 & 1}, ck_crc32_arm, 0});
    test((row){{"ck_crc32c_arm", capabilities >> 7 & 1}, ck_crc32c_arm, 1});
#endif
    return outcome(argc, argv);
}
