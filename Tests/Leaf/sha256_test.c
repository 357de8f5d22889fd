// The SHA-256 leaf against FIPS 180-4: published digests, and a plain compression function on random states and blocks, at
// every alignment, one block and several, with every operand ending (or starting) at a page that faults.
#include "leaf_test.h"

enum { most_lanes = 16, constants_buffer = most_lanes, states_buffer };

typedef struct row {
    row_name name;
    int lanes;
    void (*one)(CK_SHA256_PARAMETERS);  // where lanes is 1
    void (*several)(CK_SHA256_LANES_PARAMETERS);
} row;

// ---------------------------------------------------------------- FIPS 180-4, as plainly as it is written

// The first 32 bits of the fractional part of the square (2) or cube (3) root of `value`: sections 4.2.2 and 5.3.3.
// Bit by bit the largest x with x^degree <= value * 2^(32 degree); x is below 2^37, and its cube below 2^111.
static uint32_t root_fraction(uint32_t value, int degree) {
    unsigned __int128 scaled = (unsigned __int128)value << (32 * degree), root = 0;
    for (int bit = 36; bit >= 0; bit--) {
        unsigned __int128 trial = root | (unsigned __int128)1 << bit;
        if ((degree == 2 ? trial * trial : trial * trial * trial) <= scaled) root = trial;
    }
    return (uint32_t)root;
}

static uint32_t K[64], H0[8];

static void derive_constants(void) {
    uint32_t prime = 2;
    for (int t = 0; t < 64; prime++) {
        int composite = 0;
        for (uint32_t d = 2; d * d <= prime; d++) composite |= prime % d == 0;
        if (composite) continue;
        if (t < 8) H0[t] = root_fraction(prime, 2);
        K[t++] = root_fraction(prime, 3);
    }
}

static uint32_t rotr(uint32_t x, int n) { return x >> n | x << (32 - n); }

// Section 6.2.2.
static void compress(uint32_t h[8], const uint8_t *data, size_t blocks) {
    for (; blocks > 0; blocks--, data += 64) {
        uint32_t w[64] = {0}, v[8];
        for (int i = 0; i < 64; i++) w[i / 4] = w[i / 4] << 8 | data[i];
        for (int t = 16; t < 64; t++) {
            uint32_t s0 = rotr(w[t - 15], 7) ^ rotr(w[t - 15], 18) ^ w[t - 15] >> 3;
            uint32_t s1 = rotr(w[t - 2], 17) ^ rotr(w[t - 2], 19) ^ w[t - 2] >> 10;
            w[t] = s1 + w[t - 7] + s0 + w[t - 16];
        }
        memcpy(v, h, sizeof v);
        for (int t = 0; t < 64; t++) {
            uint32_t sum1 = rotr(v[4], 6) ^ rotr(v[4], 11) ^ rotr(v[4], 25);
            uint32_t sum0 = rotr(v[0], 2) ^ rotr(v[0], 13) ^ rotr(v[0], 22);
            uint32_t t1 = v[7] + sum1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + K[t] + w[t];
            uint32_t t2 = sum0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
            memmove(v + 1, v, 7 * sizeof *v);
            v[4] += t1;
            v[0] = t1 + t2;
        }
        for (int i = 0; i < 8; i++) h[i] += v[i];
    }
}

// ---------------------------------------------------------------- the cases

static void call(const row *row, uint32_t *states, const uint8_t *const *data, size_t blocks, place where) {
    uint32_t *constants = memcpy(guarded(constants_buffer, sizeof K, where), K, sizeof K);
    if (row->lanes == 1) row->one(states, data[0], blocks, constants);
    else row->several(states, data, blocks, constants);
    cases++;
}

// Random states and data, a different one for each lane; `skew` bytes between a lane's data and the page that faults.
static void random_case(const row *row, size_t blocks, size_t skew, place where) {
    size_t state_bytes = (size_t)row->lanes * 32;
    uint32_t *states = guarded(states_buffer, state_bytes, where), expected[8 * most_lanes];
    for (int i = 0; i < 8 * row->lanes; i++) expected[i] = random_16() << 16 | random_16();
    memcpy(states, expected, state_bytes);
    const uint8_t *data[most_lanes];
    for (int lane = 0; lane < row->lanes; lane++) {
        // The lanes' alignments differ, too.
        size_t gap = skew == 0 ? 0 : (skew + 5 * (size_t)lane) % 64;
        uint8_t *bytes = (uint8_t *)guarded(lane, 64 * blocks + gap, where) + (where == at_start ? gap : 0);
        for (size_t i = 0; i < 64 * blocks; i++) bytes[i] = (uint8_t)random_16();
        compress(expected + 8 * lane, bytes, blocks);
        data[lane] = bytes;
    }
    call(row, states, data, blocks, where);
    if (memcmp(states, expected, state_bytes) != 0)
        FAIL("%s: %zu blocks, skew %zu, %s", row->name.text, blocks, skew, where == at_end ? "end" : "start");
}

// NIST's examples for FIPS 180-4 (csrc.nist.gov, "SHA-256"), padded by hand; every lane reads the same bytes.
static void example(const row *row, const char *message, const uint32_t digest[8]) {
    uint8_t padded[128] = {0};
    size_t count = strlen(message), blocks = (count + 9 + 63) / 64;
    memcpy(padded, message, count);
    padded[count] = 0x80;
    padded[64 * blocks - 2] = (uint8_t)(8 * count >> 8);
    padded[64 * blocks - 1] = (uint8_t)(8 * count);

    uint32_t states[8 * most_lanes], reference[8];
    const uint8_t *data[most_lanes];
    for (int lane = 0; lane < row->lanes; lane++) {
        memcpy(states + 8 * lane, H0, sizeof H0);
        data[lane] = padded;
    }
    call(row, states, data, blocks, at_end);
    for (int lane = 0; lane < row->lanes; lane++)
        if (memcmp(states + 8 * lane, digest, 32) != 0) FAIL("%s: \"%s\", lane %d", row->name.text, message, lane);
    memcpy(reference, H0, sizeof H0);
    compress(reference, padded, blocks);
    if (memcmp(reference, digest, 32) != 0) FAIL("the test's own SHA-256: \"%s\"", message);
}

static void test(row row) {
    static const uint32_t one_block[8] = {
        0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223, 0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad,
    };
    static const uint32_t two_blocks[8] = {
        0x248d6a61, 0xd20638b8, 0xe5c02693, 0x0c3e6039, 0xa33ce459, 0x64ff2167, 0xf6ecedd4, 0x19db06c1,
    };
    static const size_t counts[] = {0, 1, 2, 3, 4, 5, 17};
    if (!begin(row.name)) return;
    example(&row, "abc", one_block);
    example(&row, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", two_blocks);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        for (size_t skew = 0; skew < 64; skew++)
            for (place where = at_end; where < places; where++) random_case(&row, counts[i], skew, where);
    end(row.name);
}

int main(int argc, char **argv) {
    derive_constants();
#if defined(__x86_64__)
    int sha = __builtin_cpu_supports("sha") && __builtin_cpu_supports("sse4.1");
    int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
    test((row){{"ck_sha256_shani", sha}, 1, ck_sha256_shani, NULL});
    test((row){{"ck_sha256_x2_shani", sha}, 2, NULL, ck_sha256_x2_shani});
    test((row){{"ck_sha256_x4_shani", sha}, 4, NULL, ck_sha256_x4_shani});
    test((row){{"ck_sha256_x16_avx512", avx512}, 16, NULL, ck_sha256_x16_avx512});
#elif defined(__aarch64__)
    enum { hwcap_sha2 = 1 << 6 };  // Linux arch/arm64/include/uapi/asm/hwcap.h
    int sha2 = (ck_hwcap() & hwcap_sha2) != 0;
    test((row){{"ck_sha256_sha2", sha2}, 1, ck_sha256_sha2, NULL});
    test((row){{"ck_sha256_x2_sha2", sha2}, 2, NULL, ck_sha256_x2_sha2});
#endif
    return outcome(argc, argv);
}
