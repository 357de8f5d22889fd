// The Keccak leaf against FIPS 202: published digests of SHA-3, and a plain permutation on random states and blocks of every
// rate, at every alignment, one block and several, with every operand ending (or starting) at a page that faults.
#include "leaf_test.h"

enum { most_lanes = 8, constants_buffer = most_lanes, states_buffer, state_words = 25, rounds = 24 };

typedef struct row {
    row_name name;
    int lanes;
    void (*one)(CK_KECCAK_PARAMETERS);  // where lanes is 1
    void (*several)(CK_KECCAK_LANES_PARAMETERS);
} row;

// ---------------------------------------------------------------- FIPS 202, as plainly as it is written

static uint64_t RC[rounds];

// Section 3.2.5: the register of algorithm 5, a step at a time, gives the bits 2^j - 1 of the constants.
static void derive_constants(void) {
    unsigned lfsr = 1;
    for (int round = 0; round < rounds; round++)
        for (int j = 0; j < 7; j++) {
            if (lfsr & 1) RC[round] |= UINT64_C(1) << ((1 << j) - 1);
            lfsr <<= 1;
            if (lfsr & 0x100) lfsr ^= 0x171;
        }
}

static uint64_t rotl(uint64_t x, int n) { return n == 0 ? x : x << n | x >> (64 - n); }

// Sections 3.2.1 to 3.2.5. Lane (x, y) is a[x + 5 * y].
static void permute(uint64_t a[state_words]) {
    for (int round = 0; round < rounds; round++) {
        uint64_t c[5] = {0}, b[state_words];
        for (int i = 0; i < state_words; i++) c[i % 5] ^= a[i];
        for (int i = 0; i < state_words; i++) a[i] ^= c[(i + 4) % 5] ^ rotl(c[(i + 1) % 5], 1);
        int turns[state_words] = {0};
        for (int t = 0, x = 1, y = 0; t < 24; t++) {
            turns[x + 5 * y] = (t + 1) * (t + 2) / 2 % 64;
            int next = (2 * x + 3 * y) % 5;
            x = y;
            y = next;
        }
        for (int x = 0; x < 5; x++)
            for (int y = 0; y < 5; y++) b[y + 5 * ((2 * x + 3 * y) % 5)] = rotl(a[x + 5 * y], turns[x + 5 * y]);
        for (int y = 0; y < 25; y += 5)
            for (int x = 0; x < 5; x++) a[x + y] = b[x + y] ^ (~b[(x + 1) % 5 + y] & b[(x + 2) % 5 + y]);
        a[0] ^= RC[round];
    }
}

static void absorb(uint64_t a[state_words], const uint8_t *data, size_t blocks, size_t block_bytes) {
    for (; blocks > 0; blocks--, data += block_bytes) {
        for (size_t i = 0; i < block_bytes; i++) a[i / 8] ^= (uint64_t)data[i] << 8 * (i % 8);
        permute(a);
    }
}

// ---------------------------------------------------------------- the cases

static void call(const row *row, uint64_t *states, const uint8_t *const *data, size_t blocks, size_t block_bytes,
                 place where) {
    uint64_t *constants = memcpy(guarded(constants_buffer, sizeof RC, where), RC, sizeof RC);
    if (row->lanes == 1) row->one(states, data[0], blocks, block_bytes, constants);
    else row->several(states, data, blocks, block_bytes, constants);
    cases++;
}

// Random states and data, a different one for each lane; `skew` bytes between a lane's data and the page that faults.
static void random_case(const row *row, size_t blocks, size_t block_bytes, size_t skew, place where) {
    size_t words = (size_t)(state_words * row->lanes), bytes = blocks * block_bytes;
    uint64_t *states = guarded(states_buffer, words * sizeof *states, where), expected[state_words * most_lanes];
    for (size_t i = 0; i < words; i++) {
        expected[i] = 0;
        for (int part = 0; part < 4; part++) expected[i] = expected[i] << 16 | random_16();
    }
    memcpy(states, expected, words * sizeof *states);
    const uint8_t *data[most_lanes];
    for (int lane = 0; lane < row->lanes; lane++) {
        // The lanes' alignments differ, too.
        size_t gap = skew == 0 ? 0 : (skew + 5 * (size_t)lane) % 64;
        uint8_t *message = (uint8_t *)guarded(lane, bytes + gap, where) + (where == at_start ? gap : 0);
        for (size_t i = 0; i < bytes; i++) message[i] = (uint8_t)random_16();
        absorb(expected + state_words * lane, message, blocks, block_bytes);
        data[lane] = message;
    }
    call(row, states, data, blocks, block_bytes, where);
    if (memcmp(states, expected, words * sizeof *states) != 0)
        FAIL("%s: %zu blocks of %zu, skew %zu, %s", row->name.text, blocks, block_bytes, skew,
             where == at_end ? "end" : "start");
}

// SHA3-256 of "abc" (NIST's examples for FIPS 202, csrc.nist.gov), padded by hand; every lane reads the same bytes.
static void example(const row *row) {
    static const uint8_t digest[] = {
        0x3a, 0x98, 0x5d, 0xa7, 0x4f, 0xe2, 0x25, 0xb2, 0x04, 0x5c, 0x17, 0x2d, 0x6b, 0xd3, 0x90, 0xbd,
        0x85, 0x5f, 0x08, 0x6e, 0x3e, 0x9d, 0x52, 0x5b, 0x46, 0xbf, 0xe2, 0x45, 0x11, 0x43, 0x15, 0x32,
    };
    uint8_t padded[136] = {'a', 'b', 'c', 0x06};
    padded[135] = 0x80;
    uint64_t states[state_words * most_lanes] = {0}, reference[state_words] = {0};
    const uint8_t *data[most_lanes];
    for (int lane = 0; lane < row->lanes; lane++) data[lane] = padded;
    call(row, states, data, 1, sizeof padded, at_end);
    for (int lane = 0; lane < row->lanes; lane++)
        if (memcmp(states + state_words * lane, digest, sizeof digest) != 0) FAIL("%s: abc, lane %d", row->name.text, lane);
    absorb(reference, padded, 1, sizeof padded);
    if (memcmp(reference, digest, sizeof digest) != 0) FAIL("the test's own SHA3-256");
}

static void test(row row) {
    static const size_t counts[] = {0, 1, 2, 3, 5};
    if (!begin(row.name)) return;
    example(&row);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        for (size_t skew = 0; skew < 64; skew++)
            for (place where = at_end; where < places; where++) random_case(&row, counts[i], 136, skew, where);
    for (size_t block_bytes = 16; block_bytes <= 192; block_bytes += 8)
        for (place where = at_end; where < places; where++) random_case(&row, 2, block_bytes, 0, where);
    end(row.name);
}

int main(int argc, char **argv) {
    derive_constants();
#if defined(__x86_64__)
    int bmi2 = __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2"), avx2 = __builtin_cpu_supports("avx2");
    int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
    test((row){{"ck_keccak_bmi2", bmi2}, 1, ck_keccak_bmi2, NULL});
    test((row){{"ck_keccak_x4_avx2", avx2}, 4, NULL, ck_keccak_x4_avx2});
    int avx512vl = avx512 && __builtin_cpu_supports("avx512vl");
    test((row){{"ck_keccak_avx512vl", avx512vl}, 1, ck_keccak_avx512vl, NULL});
    test((row){{"ck_keccak_x4_avx512vl", avx512vl}, 4, NULL, ck_keccak_x4_avx512vl});
    test((row){{"ck_keccak_x8_avx512", avx512}, 8, NULL, ck_keccak_x8_avx512});
#elif defined(__aarch64__)
    enum { hwcap_sha3 = 1 << 17 };  // Linux arch/arm64/include/uapi/asm/hwcap.h
    int sha3 = (ck_hwcap() & hwcap_sha3) != 0;
    test((row){{"ck_keccak_sha3", sha3}, 1, ck_keccak_sha3, NULL});
    test((row){{"ck_keccak_x2_sha3", sha3}, 2, NULL, ck_keccak_x2_sha3});
#else
    (void)test;
#endif
    return outcome(argc, argv);
}
