// Authenticated encryption as a C program sees it: libcrypto is found at run time, and what is refused touches nothing.
#include "check.h"

enum { tag_size = 16, nonce_size = 12, most = 300 };

static const struct algorithm {
    int32_t id;
    size_t key_size;
} algorithms[] = {{KN_AES_128_GCM, 16}, {KN_AES_256_GCM, 32}, {KN_CHACHA20_POLY1305, 32}};

static uint8_t key[32], nonce[nonce_size], aad[20], plaintext[most];

static int untouched(const uint8_t *bytes, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (bytes[i] != 0xA5) return 0;
    return 1;
}

// Test case 2 of the GCM paper, and its first: a key of zeros.
static void examples(void) {
    static uint8_t zeros[32];
    static const uint8_t expected[] = {
        0x03, 0x88, 0xda, 0xce, 0x60, 0xb6, 0xa3, 0x92, 0xf3, 0x28, 0xc2, 0xb9, 0x71, 0xb2, 0xfe, 0x78,
        0xab, 0x6e, 0x47, 0xd4, 0x2c, 0xec, 0x13, 0xbd, 0xf5, 0x3a, 0x67, 0xb2, 0x12, 0x57, 0xbd, 0xdf};
    static const uint8_t of_nothing[] = {
        0x58, 0xe2, 0xfc, 0xce, 0xfa, 0x7e, 0x30, 0x61, 0x36, 0x7f, 0x1d, 0x57, 0xa4, 0xe7, 0x45, 0x5a};
    uint8_t sealed[32];
    CHECK_STATUS(KN_OK, kn_aead_seal(KN_AES_128_GCM, zeros, 16, zeros, 12, NULL, 0, zeros, 16, sealed));
    CHECK(memcmp(sealed, expected, 32) == 0);
    CHECK_STATUS(KN_OK, kn_aead_seal(KN_AES_128_GCM, zeros, 16, zeros, 12, NULL, 0, NULL, 0, sealed));
    CHECK(memcmp(sealed, of_nothing, 16) == 0);
    CHECK_STATUS(KN_OK, kn_aead_open(KN_AES_128_GCM, zeros, 16, zeros, 12, NULL, 0, of_nothing, 16, NULL));
}

static void round_trips(struct algorithm a) {
    uint8_t sealed[most + tag_size], opened[most + 1];
    for (size_t n = 0; n <= most; n++) {
        CHECK_STATUS(KN_OK, kn_aead_seal(a.id, key, a.key_size, nonce, 12, aad, n % 20, plaintext, n, sealed));
        memset(opened, 0xA5, sizeof opened);
        CHECK_STATUS(KN_OK, kn_aead_open(a.id, key, a.key_size, nonce, 12, aad, n % 20, sealed, n + 16, opened));
        CHECK(memcmp(opened, plaintext, n) == 0);
        CHECK(opened[n] == 0xA5);

        // Both where the input is.
        uint8_t message[most + tag_size];
        memcpy(message, plaintext, n);
        CHECK_STATUS(KN_OK, kn_aead_seal(a.id, key, a.key_size, nonce, 12, aad, n % 20, message, n, message));
        CHECK(memcmp(message, sealed, n + 16) == 0);
        CHECK_STATUS(KN_OK, kn_aead_open(a.id, key, a.key_size, nonce, 12, aad, n % 20, message, n + 16, message));
        CHECK(memcmp(message, plaintext, n) == 0);
    }
}

static void refused(struct algorithm a) {
    uint8_t sealed[116], out[116];
    CHECK_STATUS(KN_OK, kn_aead_seal(a.id, key, a.key_size, nonce, 12, aad, 20, plaintext, 100, sealed));
    memset(out, 0xA5, sizeof out);
    for (size_t i = 0; i < sizeof sealed; i++) {
        sealed[i] ^= 1;
        CHECK_STATUS(KN_AUTHENTICATION_FAILED,
                     kn_aead_open(a.id, key, a.key_size, nonce, 12, aad, 20, sealed, 116, out));
        sealed[i] ^= 1;
    }
    for (size_t n = 0; n < tag_size; n++)
        CHECK_STATUS(KN_INVALID_DATA, kn_aead_open(a.id, key, a.key_size, nonce, 12, aad, 20, sealed, n, out));
    for (size_t n = 0; n <= 33; n++) {
        if (n != a.key_size) {
            CHECK_STATUS(KN_INVALID_ARGUMENT, kn_aead_seal(a.id, key, n, nonce, 12, aad, 20, plaintext, 100, out));
            CHECK_STATUS(KN_INVALID_ARGUMENT, kn_aead_open(a.id, key, n, nonce, 12, aad, 20, sealed, 116, out));
        }
        if (n != nonce_size) {
            CHECK_STATUS(KN_INVALID_ARGUMENT,
                         kn_aead_seal(a.id, key, a.key_size, nonce, n, aad, 20, plaintext, 100, out));
            CHECK_STATUS(KN_INVALID_ARGUMENT,
                         kn_aead_open(a.id, key, a.key_size, nonce, n, aad, 20, sealed, 116, out));
        }
    }
    static const int32_t unknown[] = {0, -1, KN_CHACHA20_POLY1305 + 1, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        CHECK_STATUS(KN_INVALID_ARGUMENT, kn_aead_seal(unknown[i], key, 32, nonce, 12, aad, 20, plaintext, 100, out));
        CHECK_STATUS(KN_INVALID_ARGUMENT, kn_aead_open(unknown[i], key, 32, nonce, 12, aad, 20, sealed, 116, out));
    }
    const size_t k = a.key_size;
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_aead_seal(a.id, NULL, k, nonce, 12, aad, 20, plaintext, 100, out));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_aead_seal(a.id, key, k, NULL, 12, aad, 20, plaintext, 100, out));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_aead_seal(a.id, key, k, nonce, 12, NULL, 20, plaintext, 100, out));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_aead_seal(a.id, key, k, nonce, 12, aad, 20, NULL, 100, out));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_aead_seal(a.id, key, k, nonce, 12, aad, 20, plaintext, 100, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_aead_seal(a.id, key, k, nonce, 12, aad, 20, plaintext, SIZE_MAX, out));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_aead_seal(a.id, key, k, nonce, 12, aad, SIZE_MAX, plaintext, 100, out));
    CHECK_STATUS(KN_INVALID_ARGUMENT,
                 kn_aead_seal(a.id, key, k, nonce, 12, aad, 20, plaintext, (size_t)1 << 39, out));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_aead_open(a.id, NULL, k, nonce, 12, aad, 20, sealed, 116, out));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_aead_open(a.id, key, k, NULL, 12, aad, 20, sealed, 116, out));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_aead_open(a.id, key, k, nonce, 12, NULL, 20, sealed, 116, out));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_aead_open(a.id, key, k, nonce, 12, aad, 20, NULL, 116, out));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_aead_open(a.id, key, k, nonce, 12, aad, 20, sealed, 116, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_aead_open(a.id, key, k, nonce, 12, aad, 20, sealed, SIZE_MAX, out));
    CHECK(untouched(out, sizeof out));
}

int main(void) {
    for (size_t i = 0; i < sizeof key; i++) key[i] = (uint8_t)(i * 7 + 1);
    for (size_t i = 0; i < sizeof nonce; i++) nonce[i] = (uint8_t)(i * 11 + 2);
    for (size_t i = 0; i < sizeof aad; i++) aad[i] = (uint8_t)(i * 13 + 3);
    for (size_t i = 0; i < sizeof plaintext; i++) plaintext[i] = (uint8_t)(i % 251);
    examples();
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
        round_trips(algorithms[i]);
        refused(algorithms[i]);
    }
    return report("aead");
}
