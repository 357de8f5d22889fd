// Keccak (FIPS 202) in the vocabulary of lanes_....h, which is to be included first.
#ifndef CK_KECCAK_LANES_H
#define CK_KECCAK_LANES_H

// Lane (x, y) of the state is word x + 5 * y. Section 3.2: theta, rho, pi, chi and iota.
CK_ROW_INLINE void keccak_round(vec64 a[25], uint64_t constant) {
    vec64 c[5];
#pragma clang loop unroll(full)
    for (int x = 0; x < 5; x++) c[x] = xor3_64(xor3_64(a[x], a[x + 5], a[x + 10]), a[x + 15], a[x + 20]);
#pragma clang loop unroll(full)
    for (int i = 0; i < 25; i++) a[i] = xor3_64(c[(i + 4) % 5], rotl64(c[(i + 1) % 5], 1), a[i]);

    // Rho and pi move along one path through all lanes but (0, 0); step t turns a lane by (t + 1)(t + 2) / 2.
    vec64 moving = a[1];
    int x = 1, y = 0;
#pragma clang loop unroll(full)
    for (int t = 0; t < 24; t++) {
        int next = (2 * x + 3 * y) % 5;
        x = y;
        y = next;
        vec64 turned = rotl64(moving, (t + 1) * (t + 2) / 2 % 64);
        moving = a[x + 5 * y];
        a[x + 5 * y] = turned;
    }

#pragma clang loop unroll(full)
    for (int row = 0; row < 25; row += 5) {
        vec64 b[5];
#pragma clang loop unroll(full)
        for (int i = 0; i < 5; i++) b[i] = xor_not_and64(a[row + i], a[row + (i + 1) % 5], a[row + (i + 2) % 5]);
#pragma clang loop unroll(full)
        for (int i = 0; i < 5; i++) a[row + i] = b[i];
    }
    a[0] ^= splat64(constant);
}

// As CK_KECCAK_LANES_PARAMETERS, for as many lanes as a vector has.
CK_ROW_INLINE void keccak_absorb(uint64_t *states, const uint8_t *const *data, size_t blocks, size_t block_bytes,
                                 const uint64_t *constants) {
    const uint8_t *rows[lanes64];
    for (int lane = 0; lane < lanes64; lane++) rows[lane] = (const uint8_t *)(states + 25 * lane);
    vec64 a[25];
    // Words come in pairs; the last pair has one of the pair before.
#pragma clang loop unroll(full)
    for (int i = 0; i < 24; i += 2) load_transposed64(a + i, rows, 8 * (size_t)i);
    load_transposed64(a + 23, rows, 8 * 23);

    for (size_t block = 0; block < blocks; block++) {
        const size_t words = block_bytes / 8, start = block * block_bytes;
        vec64 pair[2];
#pragma clang loop unroll(full)
        for (size_t i = 0; i < 24; i += 2) {
            if (i + 1 < words) {
                load_transposed64(pair, data, start + 8 * i);
                a[i] ^= pair[0];
                a[i + 1] ^= pair[1];
            } else if (i < words) {
                load_transposed64(pair, data, start + 8 * i - 8);
                a[i] ^= pair[1];
            }
        }
#pragma clang loop unroll_count(2)
        for (int round = 0; round < 24; round++) keccak_round(a, constants[round]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 24; i += 2) store_transposed64(a + i, states + i, 25);
    store_transposed64(a + 23, states + 23, 25);
}

#endif
