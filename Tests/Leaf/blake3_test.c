// The BLAKE3 leaf against section 2 of its paper in plain C: the hash of nothing, random blocks, keys, counters and flags,
// lanes of chunks and parents, at every alignment, with every operand ending (or starting) at a page that faults.
#include "leaf_test.h"

enum { most_lanes = 16, key_buffer = most_lanes, constants_buffer, out_buffer };

typedef struct row {
    row_name name;
    int lanes;
    void (*one)(CK_BLAKE3_PARAMETERS);  // where lanes is 1
    void (*several)(CK_BLAKE3_LANES_PARAMETERS);
} row;

// ---------------------------------------------------------------- the paper, as plainly as it is written

// The first 32 bits of the fractional parts of the square roots of the first 8 primes, as FIPS 180-4, section 5.3.3.
static const uint32_t IV[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static uint32_t rotr(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void mix(uint32_t v[16], int a, int b, int c, int d, uint32_t x, uint32_t y) {
    v[a] += v[b] + x;
    v[d] = rotr(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = rotr(v[b] ^ v[c], 12);
    v[a] += v[b] + y;
    v[d] = rotr(v[d] ^ v[a], 8);
    v[c] += v[d];
    v[b] = rotr(v[b] ^ v[c], 7);
}

static void compress(const uint32_t key[8], const uint8_t block[64], uint32_t length, uint64_t counter, uint32_t flags,
                     uint32_t out[16]) {
    static const int order[16] = {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};  // table 2
    uint32_t v[16], m[16], h[8];
    memcpy(h, key, sizeof h);
    memcpy(v, key, sizeof h);
    memcpy(v + 8, IV, 4 * sizeof *v);
    v[12] = (uint32_t)counter;
    v[13] = (uint32_t)(counter >> 32);
    v[14] = length;
    v[15] = flags;
    memset(m, 0, sizeof m);
    for (int i = 0; i < 64; i++) m[i / 4] |= (uint32_t)block[i] << 8 * (i % 4);
    for (int round = 0; round < 7; round++) {
        for (int i = 0; i < 4; i++) mix(v, i, 4 + i, 8 + i, 12 + i, m[2 * i], m[2 * i + 1]);
        for (int i = 0; i < 4; i++)
            mix(v, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4, m[8 + 2 * i], m[9 + 2 * i]);
        uint32_t permuted[16];
        for (int i = 0; i < 16; i++) permuted[i] = m[order[i]];
        memcpy(m, permuted, sizeof m);
    }
    for (int i = 0; i < 8; i++) {
        out[i] = v[i] ^ v[8 + i];
        out[8 + i] = v[8 + i] ^ h[i];
    }
}

// ---------------------------------------------------------------- the cases

static uint32_t random_32(void) {
    uint32_t high = random_16();
    return high << 16 | random_16();
}

static uint64_t random_64(void) {
    uint64_t high = random_32();
    return high << 32 | random_32();
}

static uint32_t *random_key(place where) {
    uint32_t *key = guarded(key_buffer, 32, where);
    for (int i = 0; i < 8; i++) key[i] = random_32();
    return key;
}

static const uint32_t *constants(place where) {
    return memcpy(guarded(constants_buffer, sizeof IV, where), IV, sizeof IV);
}

// `skew` bytes between a message and the page that faults.
static uint8_t *random_message(int number, size_t bytes, size_t skew, place where) {
    uint8_t *message = (uint8_t *)guarded(number, bytes + skew, where) + (where == at_start ? skew : 0);
    for (size_t i = 0; i < bytes; i++) message[i] = (uint8_t)random_16();
    return message;
}

static void one_case(const row *row, uint32_t length, size_t skew, place where, int in_place) {
    uint32_t *key = random_key(where), *out = guarded(out_buffer, 64, where), expected[16];
    uint8_t *block = random_message(0, 64, skew, where);
    uint64_t counter = random_64();
    uint32_t flags = random_16() & 0x7f;
    compress(key, block, length, counter, flags, expected);
    if (in_place) {
        memcpy(out, key, 32);
        key = out;
    }
    row->one(key, block, length, counter, flags, constants(where), out);
    cases++;
    if (memcmp(out, expected, sizeof expected) != 0)
        FAIL("%s: length %u, skew %zu, %s", row->name.text, length, skew, where == at_end ? "end" : "start");
}

static void lanes_case(const row *row, size_t blocks, uint32_t step, uint64_t counter, size_t skew, place where) {
    uint32_t *key = random_key(where), expected[8 * most_lanes];
    uint32_t flags = random_16() & 0x7c, first = 1, last = 2;
    const uint8_t *data[most_lanes];
    size_t words = 8 * (size_t)row->lanes;
    for (int lane = 0; lane < row->lanes; lane++) {
        // The lanes' alignments differ, too.
        data[lane] = random_message(lane, 64 * blocks, skew == 0 ? 0 : (skew + 5 * (size_t)lane) % 64, where);
        uint32_t state[16];
        memcpy(state, key, 32);
        for (size_t i = 0; i < blocks; i++)
            compress(state, data[lane] + 64 * i, 64, counter + (uint64_t)lane * step,
                     flags | (i == 0 ? first : 0) | (i == blocks - 1 ? last : 0), state);
        memcpy(expected + 8 * lane, state, 32);
    }
    uint32_t *out = guarded(out_buffer, words * sizeof *out, where);
    row->several(data, blocks, key, counter, step, flags, first, last, constants(where), out);
    cases++;
    if (memcmp(out, expected, words * sizeof *out) != 0)
        FAIL("%s: %zu blocks, step %u, skew %zu, place %d", row->name.text, blocks, step, skew, (int)where);
}

// The hash of nothing: one empty block, first and last of its chunk and root (the official test vectors, input_len 0).
static void test_reference(void) {
    static const uint8_t digest[8] = {0xaf, 0x13, 0x49, 0xb9, 0xf5, 0xf9, 0xa1, 0xa6};
    uint8_t block[64] = {0};
    uint32_t out[16];
    compress(IV, block, 0, 0, 1 | 2 | 8, out);
    for (int i = 0; i < 8; i++)
        if ((uint8_t)(out[i / 4] >> 8 * (i % 4)) != digest[i]) FAIL("the test's own BLAKE3");
}

static void test(row row) {
    static const size_t counts[] = {1, 2, 3, 16};
    if (!begin(row.name)) return;
    for (place where = at_end; where < places; where++) {
        for (size_t skew = 0; skew < 64; skew++) {
            if (row.lanes == 1) {
                one_case(&row, (uint32_t)skew + 1, skew, where, 0);
                one_case(&row, (uint32_t)skew, skew, where, 1);
                continue;
            }
            for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
                for (uint32_t step = 0; step < 2; step++) {
                    lanes_case(&row, counts[i], step, random_64(), skew, where);
                    // The low word of the counter runs over within the lanes.
                    lanes_case(&row, counts[i], step, 0xfffffffe, skew, where);
                }
        }
    }
    end(row.name);
}

int main(int argc, char **argv) {
    test_reference();
#if defined(__x86_64__)
    int sse41 = __builtin_cpu_supports("sse4.1"), avx2 = __builtin_cpu_supports("avx2");
    int avx512f = __builtin_cpu_supports("avx512f");
    int avx512 = avx512f && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    test((row){{"ck_blake3_sse41", sse41}, 1, ck_blake3_sse41, NULL});
    test((row){{"ck_blake3_avx512", avx512}, 1, ck_blake3_avx512, NULL});
    test((row){{"ck_blake3_x4_sse41", sse41}, 4, NULL, ck_blake3_x4_sse41});
    test((row){{"ck_blake3_x8_avx2", avx2}, 8, NULL, ck_blake3_x8_avx2});
    test((row){{"ck_blake3_x16_avx512", avx512}, 16, NULL, ck_blake3_x16_avx512});
#elif defined(__aarch64__)
    test((row){{"ck_blake3_neon", 1}, 1, ck_blake3_neon, NULL});
    test((row){{"ck_blake3_x4_neon", 1}, 4, NULL, ck_blake3_x4_neon});
#endif
    return outcome(argc, argv);
}
