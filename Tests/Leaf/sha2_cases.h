// SHA-2's compression functions in the leaf against FIPS 180-4: published digests, and a plain compression function on random
// states and blocks, at every alignment, one block and several, with every operand ending (or starting) at a page that faults.
//
// Whoever includes this defines, for the hash, `word` (unsigned, of WORD_BITS), ROUNDS, the rotations of section 4.1 as
// UPPER0, UPPER1, LOWER0 and LOWER1 (three numbers each; the last of a lower function is a shift), and the types of the
// leaf's functions, `one_stream` and `several_streams`.
#include "leaf_test.h"

enum {
    most_lanes = 16, constants_buffer = most_lanes, states_buffer,
    word_bytes = WORD_BITS / 8, block_bytes = 16 * word_bytes, state_words = 8
};

typedef struct row {
    row_name name;
    int lanes;
    one_stream *one;  // where lanes is 1
    several_streams *several;
} row;

// ---------------------------------------------------------------- FIPS 180-4, as plainly as it is written

enum { limbs = 8 };

static void multiply(uint32_t product[limbs], const uint32_t a[limbs], const uint32_t b[limbs]) {
    uint32_t sum[limbs] = {0};
    for (int i = 0; i < limbs; i++) {
        uint64_t carry = 0;
        for (int j = 0; i + j < limbs; j++) {
            carry += (uint64_t)a[i] * b[j] + sum[i + j];
            sum[i + j] = (uint32_t)carry;
            carry >>= 32;
        }
    }
    memcpy(product, sum, sizeof sum);
}

static int at_most(const uint32_t a[limbs], const uint32_t b[limbs]) {
    for (int i = limbs - 1; i >= 0; i--)
        if (a[i] != b[i]) return a[i] < b[i];
    return 1;
}

// The first bits of the fractional part of the square (2) or cube (3) root of `value`: sections 4.2 and 5.3.
// Bit by bit the largest x with x^degree <= value * 2^(WORD_BITS * degree), in numbers of 256 bits: the root is below 32.
static word root_fraction(uint32_t value, int degree) {
    uint32_t scaled[limbs] = {0}, root[limbs] = {0};
    scaled[WORD_BITS * degree / 32] = value;
    for (int bit = WORD_BITS + 4; bit >= 0; bit--) {
        uint32_t power[limbs];
        root[bit / 32] ^= UINT32_C(1) << bit % 32;
        multiply(power, root, root);
        if (degree == 3) multiply(power, power, root);
        if (!at_most(power, scaled)) root[bit / 32] ^= UINT32_C(1) << bit % 32;
    }
    return (word)(WORD_BITS == 64 ? (uint64_t)root[1] << 32 | root[0] : root[0]);
}

static word K[ROUNDS], H0[state_words];

static void derive_constants(void) {
    uint32_t prime = 2;
    for (int t = 0; t < ROUNDS; prime++) {
        int composite = 0;
        for (uint32_t d = 2; d * d <= prime; d++) composite |= prime % d == 0;
        if (composite) continue;
        if (t < state_words) H0[t] = root_fraction(prime, 2);
        K[t++] = root_fraction(prime, 3);
    }
}

static word rotr(word x, int n) { return x >> n | x << (WORD_BITS - n); }

static word upper(word x, const int n[3]) { return rotr(x, n[0]) ^ rotr(x, n[1]) ^ rotr(x, n[2]); }

static word lower(word x, const int n[3]) { return rotr(x, n[0]) ^ rotr(x, n[1]) ^ x >> n[2]; }

// Sections 6.2.2 and 6.4.2.
static void compress(word h[state_words], const uint8_t *data, size_t blocks) {
    static const int upper0[] = UPPER0, upper1[] = UPPER1, lower0[] = LOWER0, lower1[] = LOWER1;
    for (; blocks > 0; blocks--, data += block_bytes) {
        word w[ROUNDS] = {0}, v[state_words];
        for (int i = 0; i < block_bytes; i++) w[i / word_bytes] = w[i / word_bytes] << 8 | data[i];
        for (int t = 16; t < ROUNDS; t++) w[t] = lower(w[t - 2], lower1) + w[t - 7] + lower(w[t - 15], lower0) + w[t - 16];
        memcpy(v, h, sizeof v);
        for (int t = 0; t < ROUNDS; t++) {
            word t1 = v[7] + upper(v[4], upper1) + ((v[4] & v[5]) ^ (~v[4] & v[6])) + K[t] + w[t];
            word t2 = upper(v[0], upper0) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
            memmove(v + 1, v, 7 * sizeof *v);
            v[4] += t1;
            v[0] = t1 + t2;
        }
        for (int i = 0; i < state_words; i++) h[i] += v[i];
    }
}

// ---------------------------------------------------------------- the cases

static word random_word(void) {
    word x = 0;
    for (int i = 0; i < WORD_BITS / 16; i++) x = (word)((uint64_t)x << 16 | random_16());
    return x;
}

static void call(const row *row, word *states, const uint8_t *const *data, size_t blocks, place where) {
    word *constants = memcpy(guarded(constants_buffer, sizeof K, where), K, sizeof K);
    if (row->lanes == 1) row->one(states, data[0], blocks, constants);
    else row->several(states, data, blocks, constants);
    cases++;
}

// Random states and data, a different one for each lane; `skew` bytes between a lane's data and the page that faults.
static void random_case(const row *row, size_t blocks, size_t skew, place where) {
    size_t words = (size_t)(state_words * row->lanes);
    word *states = guarded(states_buffer, words * sizeof *states, where), expected[state_words * most_lanes];
    for (size_t i = 0; i < words; i++) expected[i] = random_word();
    memcpy(states, expected, words * sizeof *states);
    const uint8_t *data[most_lanes];
    for (int lane = 0; lane < row->lanes; lane++) {
        // The lanes' alignments differ, too.
        size_t gap = skew == 0 ? 0 : (skew + 5 * (size_t)lane) % 64;
        uint8_t *bytes = (uint8_t *)guarded(lane, block_bytes * blocks + gap, where) + (where == at_start ? gap : 0);
        for (size_t i = 0; i < block_bytes * blocks; i++) bytes[i] = (uint8_t)random_16();
        compress(expected + state_words * lane, bytes, blocks);
        data[lane] = bytes;
    }
    call(row, states, data, blocks, where);
    if (memcmp(states, expected, words * sizeof *states) != 0)
        FAIL("%s: %zu blocks, skew %zu, %s", row->name.text, blocks, skew, where == at_end ? "end" : "start");
}

// NIST's examples for FIPS 180-4 (csrc.nist.gov), padded by hand; every lane reads the same bytes.
static void example(const row *row, const char *message, const word digest[state_words]) {
    uint8_t padded[2 * block_bytes] = {0};
    size_t count = strlen(message), blocks = (count + 1 + 2 * word_bytes + block_bytes - 1) / block_bytes;
    memcpy(padded, message, count);
    padded[count] = 0x80;
    padded[block_bytes * blocks - 2] = (uint8_t)(8 * count >> 8);
    padded[block_bytes * blocks - 1] = (uint8_t)(8 * count);

    word states[state_words * most_lanes], reference[state_words];
    const uint8_t *data[most_lanes];
    for (int lane = 0; lane < row->lanes; lane++) {
        memcpy(states + state_words * lane, H0, sizeof H0);
        data[lane] = padded;
    }
    call(row, states, data, blocks, at_end);
    for (int lane = 0; lane < row->lanes; lane++)
        if (memcmp(states + state_words * lane, digest, sizeof reference) != 0)
            FAIL("%s: \"%s\", lane %d", row->name.text, message, lane);
    memcpy(reference, H0, sizeof H0);
    compress(reference, padded, blocks);
    if (memcmp(reference, digest, sizeof reference) != 0) FAIL("the test's own SHA-2: \"%s\"", message);
}

// Random cases at every alignment.
static void random_cases(const row *row) {
    static const size_t counts[] = {0, 1, 2, 3, 4, 5, 17};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        for (size_t skew = 0; skew < 64; skew++)
            for (place where = at_end; where < places; where++) random_case(row, counts[i], skew, where);
}
