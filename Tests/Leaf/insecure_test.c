// The leaf of SHA-1 and MD5 against FIPS 180-4 and RFC 1321: published digests, and plain compression functions on random
// states and blocks, at every alignment, one block and several, with every operand ending (or starting) at a page that faults.
#include <math.h>

#include "leaf_test.h"

enum { most_lanes = 16, constants_buffer = most_lanes, states_buffer, most_words = 5, block_bytes = 64 };

typedef struct row {
    row_name name;
    int lanes, words;
    void (*plain)(uint32_t *, const uint8_t *);
    void (*one)(CK_SHA1_PARAMETERS);  // where lanes is 1
    void (*sha1)(CK_SHA1_LANES_PARAMETERS);
    void (*md5)(CK_MD5_LANES_PARAMETERS);
} row;

static uint32_t rotl(uint32_t x, int n) { return x << n | x >> (32 - n); }

// FIPS 180-4, section 6.1.2.
static void plain_sha1(uint32_t h[5], const uint8_t *data) {
    static const uint32_t k[] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
    uint32_t w[80] = {0}, v[5];
    for (int i = 0; i < 64; i++) w[i / 4] = w[i / 4] << 8 | data[i];
    for (int t = 16; t < 80; t++) w[t] = rotl(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    memcpy(v, h, sizeof v);
    for (int t = 0; t < 80; t++) {
        uint32_t ch = (v[1] & v[2]) ^ (~v[1] & v[3]), parity = v[1] ^ v[2] ^ v[3];
        uint32_t maj = (v[1] & v[2]) ^ (v[1] & v[3]) ^ (v[2] & v[3]);
        uint32_t sum = rotl(v[0], 5) + (t < 20 ? ch : t / 20 == 2 ? maj : parity) + v[4] + k[t / 20] + w[t];
        memmove(v + 1, v, 4 * sizeof *v);
        v[2] = rotl(v[2], 30);
        v[0] = sum;
    }
    for (int i = 0; i < 5; i++) h[i] += v[i];
}

static uint32_t T[64];

// RFC 1321, section 3.4: the first 32 bits of the fraction of |sin(i)|.
static void derive_constants(void) {
    for (int i = 0; i < 64; i++) T[i] = (uint32_t)floor(fabs(sin(i + 1)) * 4294967296.0);
}

static void plain_md5(uint32_t h[4], const uint8_t *data) {
    static const int shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    uint32_t x[16] = {0}, a = h[0], b = h[1], c = h[2], d = h[3];
    for (int i = 0; i < 64; i++) x[i / 4] |= (uint32_t)data[i] << 8 * (i % 4);
    for (int i = 0; i < 64; i++) {
        uint32_t f[] = {(b & c) | (~b & d), (b & d) | (c & ~d), b ^ c ^ d, c ^ (b | ~d)};
        int places[] = {i, 5 * i + 1, 3 * i + 5, 7 * i};
        uint32_t sum = b + rotl(a + f[i / 16] + x[places[i / 16] % 16] + T[i], shifts[i / 16][i % 4]);
        a = d;
        d = c;
        c = b;
        b = sum;
    }
    h[0] += a;
    h[1] += b;
    h[2] += c;
    h[3] += d;
}

// ---------------------------------------------------------------- the cases

static void call(const row *row, uint32_t *states, const uint8_t *const *data, size_t blocks, place where) {
    if (row->one) row->one(states, data[0], blocks);
    else if (row->sha1) row->sha1(states, data, blocks);
    else row->md5(states, data, blocks, memcpy(guarded(constants_buffer, sizeof T, where), T, sizeof T));
    cases++;
}

// Random states and data, a different one for each lane; `skew` bytes between a lane's data and the page that faults.
static void random_case(const row *row, size_t blocks, size_t skew, place where) {
    size_t words = (size_t)(row->words * row->lanes);
    uint32_t *states = guarded(states_buffer, words * sizeof *states, where), expected[most_words * most_lanes];
    for (size_t i = 0; i < words; i++) expected[i] = random_16() << 16 | random_16();
    memcpy(states, expected, words * sizeof *states);
    const uint8_t *data[most_lanes];
    for (int lane = 0; lane < row->lanes; lane++) {
        // The lanes' alignments differ, too.
        size_t gap = skew == 0 ? 0 : (skew + 5 * (size_t)lane) % 64;
        uint8_t *bytes = (uint8_t *)guarded(lane, block_bytes * blocks + gap, where) + (where == at_start ? gap : 0);
        for (size_t i = 0; i < block_bytes * blocks; i++) bytes[i] = (uint8_t)random_16();
        for (size_t i = 0; i < blocks; i++) row->plain(expected + row->words * lane, bytes + block_bytes * i);
        data[lane] = bytes;
    }
    call(row, states, data, blocks, where);
    if (memcmp(states, expected, words * sizeof *states) != 0)
        FAIL("%s: %zu blocks, skew %zu, %s", row->name.text, blocks, skew, where == at_end ? "end" : "start");
}

// "abc", padded by hand: FIPS 180-4's example (csrc.nist.gov) and that of RFC 1321, section A.5. Every lane reads the same bytes.
static void example(const row *row) {
    static const uint32_t initial[] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    static const uint32_t sha1[] = {0xa9993e36, 0x4706816a, 0xba3e2571, 0x7850c26c, 0x9cd0d89d};
    static const uint32_t md5[] = {0x98500190, 0xb04fd23c, 0x7d3f96d6, 0x727fe128};
    const uint32_t *digest = row->words == 5 ? sha1 : md5;
    uint8_t padded[block_bytes] = {'a', 'b', 'c', 0x80};
    padded[row->words == 5 ? 63 : 56] = 24;
    uint32_t states[most_words * most_lanes], reference[most_words];
    size_t bytes = (size_t)row->words * sizeof *states;
    const uint8_t *data[most_lanes];
    for (int lane = 0; lane < row->lanes; lane++) {
        memcpy(states + row->words * lane, initial, bytes);
        data[lane] = padded;
    }
    call(row, states, data, 1, at_end);
    for (int lane = 0; lane < row->lanes; lane++)
        if (memcmp(states + row->words * lane, digest, bytes) != 0) FAIL("%s: abc, lane %d", row->name.text, lane);
    memcpy(reference, initial, bytes);
    row->plain(reference, padded);
    if (memcmp(reference, digest, bytes) != 0) FAIL("the test's own: %s", row->name.text);
}

static void test(row row) {
    static const size_t counts[] = {0, 1, 2, 3, 4, 5, 17};
    if (!begin(row.name)) return;
    example(&row);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        for (size_t skew = 0; skew < 64; skew++)
            for (place where = at_end; where < places; where++) random_case(&row, counts[i], skew, where);
    end(row.name);
}

int main(int argc, char **argv) {
    derive_constants();
#if defined(__x86_64__)
    int sha = __builtin_cpu_supports("sha") && __builtin_cpu_supports("sse4.1"), avx2 = __builtin_cpu_supports("avx2");
    int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
    test((row){{"ck_sha1_shani", sha}, 1, 5, plain_sha1, ck_sha1_shani, NULL, NULL});
    test((row){{"ck_sha1_x2_shani", sha}, 2, 5, plain_sha1, NULL, ck_sha1_x2_shani, NULL});
    test((row){{"ck_sha1_x8_avx2", avx2}, 8, 5, plain_sha1, NULL, ck_sha1_x8_avx2, NULL});
    test((row){{"ck_sha1_x16_avx512", avx512}, 16, 5, plain_sha1, NULL, ck_sha1_x16_avx512, NULL});
    test((row){{"ck_md5_x8_avx2", avx2}, 8, 4, plain_md5, NULL, NULL, ck_md5_x8_avx2});
    test((row){{"ck_md5_x16_avx512", avx512}, 16, 4, plain_md5, NULL, NULL, ck_md5_x16_avx512});
#else
    (void)test;
    (void)plain_sha1;
    (void)plain_md5;
#endif
    return outcome(argc, argv);
}
