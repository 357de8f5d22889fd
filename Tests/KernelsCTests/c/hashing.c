// SHA-256 as a C program sees it: one-shot, batch, incremental; and what is refused, with nothing touched.
#include "check.h"

enum { size = 32, message_length = 3 * 64 + 7 };

static uint8_t message[message_length];

static void hex(const uint8_t *digest, char *text) {
    for (int i = 0; i < size; i++) snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

static int untouched(const uint8_t *bytes, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (bytes[i] != 0xA5) return 0;
    return 1;
}

// FIPS 180-4's examples: https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values
static void examples(void) {
    uint8_t digest[size];
    char text[2 * size + 1];
    CHECK(kn_hash_size(KN_SHA256) == size);
    CHECK_STATUS(KN_OK, kn_hash(KN_SHA256, (const uint8_t *)"abc", 3, digest));
    hex(digest, text);
    CHECK(strcmp(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") == 0);
    CHECK_STATUS(KN_OK, kn_hash(KN_SHA256, NULL, 0, digest));
    hex(digest, text);
    CHECK(strcmp(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") == 0);
}

static void batch(void) {
    const uint8_t *data[message_length];
    size_t lengths[message_length];
    static uint8_t digests[message_length * size + 1];
    uint8_t one[size];
    for (size_t i = 0; i < message_length; i++) {
        lengths[i] = i * 37 % message_length;
        data[i] = lengths[i] == 0 ? NULL : message + (message_length - lengths[i]);
    }
    // Also where the digests are not aligned to anything.
    CHECK_STATUS(KN_OK, kn_hash_batch(KN_SHA256, data, lengths, message_length, digests + 1));
    for (size_t i = 0; i < message_length; i++) {
        CHECK_STATUS(KN_OK, kn_hash(KN_SHA256, data[i], lengths[i], one));
        CHECK(memcmp(one, digests + 1 + i * size, size) == 0);
    }
    CHECK_STATUS(KN_OK, kn_hash_batch(KN_SHA256, NULL, NULL, 0, NULL));

    // One bad message among good ones: none is hashed.
    memset(digests, 0xA5, sizeof digests);
    data[message_length - 1] = NULL;
    lengths[message_length - 1] = 1;
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash_batch(KN_SHA256, data, lengths, message_length, digests));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash_batch(KN_SHA256, NULL, lengths, 1, digests));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash_batch(KN_SHA256, data, NULL, 1, digests));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash_batch(KN_SHA256, data, lengths, 1, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash_batch(KN_SHA256, data, lengths, SIZE_MAX, digests));
    CHECK(untouched(digests, sizeof digests));
}

static void incremental(void) {
    uint8_t whole[size], digest[size];
    for (size_t split = 0; split <= message_length; split++) {
        kn_hasher *hasher = NULL, *clone = NULL;
        CHECK_STATUS(KN_OK, kn_hasher_create(KN_SHA256, &hasher));
        CHECK_STATUS(KN_OK, kn_hasher_update(hasher, message, split));
        CHECK_STATUS(KN_OK, kn_hasher_update(hasher, NULL, 0));
        CHECK_STATUS(KN_OK, kn_hasher_clone(hasher, &clone));
        CHECK_STATUS(KN_OK, kn_hasher_finish(hasher, digest));
        CHECK_STATUS(KN_OK, kn_hash(KN_SHA256, message, split, whole));
        CHECK(memcmp(digest, whole, size) == 0);

        // It goes on after finish; the clone has a state of its own.
        CHECK_STATUS(KN_OK, kn_hasher_update(hasher, message + split, message_length - split));
        CHECK_STATUS(KN_OK, kn_hasher_finish(clone, digest));
        CHECK(memcmp(digest, whole, size) == 0);
        CHECK_STATUS(KN_OK, kn_hasher_finish(hasher, digest));
        CHECK_STATUS(KN_OK, kn_hash(KN_SHA256, message, message_length, whole));
        CHECK(memcmp(digest, whole, size) == 0);
        kn_hasher_destroy(hasher);
        kn_hasher_destroy(clone);
    }
    kn_hasher_destroy(NULL);
}

static void refused(void) {
    uint8_t digest[size];
    memset(digest, 0xA5, sizeof digest);
    static const int32_t unknown[] = {0, -1, KN_BLAKE3 + 1, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        kn_hasher *hasher = (kn_hasher *)digest;
        CHECK(kn_hash_size(unknown[i]) == 0);
        CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash(unknown[i], message, 1, digest));
        CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash_batch(unknown[i], NULL, NULL, 0, digest));
        CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_create(unknown[i], &hasher));
        CHECK(hasher == (kn_hasher *)digest);
    }
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash(KN_SHA256, NULL, 1, digest));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash(KN_SHA256, message, SIZE_MAX, digest));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash(KN_SHA256, message, 1, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_create(KN_SHA256, NULL));

    kn_hasher *hasher = NULL, *kept = (kn_hasher *)digest;
    CHECK_STATUS(KN_OK, kn_hasher_create(KN_SHA256, &hasher));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_update(hasher, NULL, 1));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_update(hasher, message, SIZE_MAX));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_update(NULL, message, 1));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_finish(NULL, digest));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_finish(hasher, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_clone(NULL, &kept));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_clone(hasher, NULL));
    CHECK(kept == (kn_hasher *)digest && untouched(digest, sizeof digest));

    // What was refused left no trace in the hasher.
    uint8_t whole[size];
    CHECK_STATUS(KN_OK, kn_hasher_finish(hasher, digest));
    CHECK_STATUS(KN_OK, kn_hash(KN_SHA256, NULL, 0, whole));
    CHECK(memcmp(digest, whole, size) == 0);
    kn_hasher_destroy(hasher);
}

int main(void) {
    for (size_t i = 0; i < message_length; i++) message[i] = (uint8_t)(i % 251);
    // By every implementation that this CPU has, the best first.
    static const char *const masks[] = {"", "avx512f", "avx512f,sha"};
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
        CHECK_STATUS(KN_OK, kn_disable_cpu_features(masks[i]));
        examples();
        batch();
        incremental();
        refused();
    }
    return report("hashing");
}
