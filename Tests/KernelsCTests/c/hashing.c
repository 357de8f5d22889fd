// Hashes as a C program sees them. That each row of their tables is right is the Swift tests' to show.
#include "check.h"

enum { size = 32 };

// FIPS 180-4's first example, and the digest of nothing.
static const uint8_t abc[3] = {'a', 'b', 'c'};
static const uint8_t of_abc[size] = {
    0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
    0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad,
};
static const uint8_t of_nothing[size] = {
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
    0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
};

static int untouched(const uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != '#') return 0;
    }
    return 1;
}

static void algorithms(void) {
    uint8_t out[size];
    memset(out, '#', size);
    CHECK(kn_hash_size(KN_SHA256) == size);
    for (int32_t algorithm = -1; algorithm <= 11; algorithm++) {
        if (kn_hash_size(algorithm) != 0) continue;
        kn_hasher *hasher = NULL;
        CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash(algorithm, abc, 3, out));
        CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash_batch(algorithm, NULL, NULL, 0, NULL));
        CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_create(algorithm, &hasher));
        CHECK(hasher == NULL && untouched(out, size));
    }
    CHECK(kn_hash_size(INT32_MIN) == 0 && kn_hash_size(INT32_MAX) == 0);
}

static void one_shot(void) {
    uint8_t out[size + 2];
    memset(out, '#', sizeof out);
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash(KN_SHA256, NULL, 1, out));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash(KN_SHA256, abc, SIZE_MAX, out));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash(KN_SHA256, abc, 3, NULL));
    CHECK(untouched(out, sizeof out));
    CHECK_STATUS(KN_OK, kn_hash(KN_SHA256, abc, 3, out + 1));
    CHECK(memcmp(out + 1, of_abc, size) == 0 && out[0] == '#' && out[size + 1] == '#');
    CHECK_STATUS(KN_OK, kn_hash(KN_SHA256, NULL, 0, out));
    CHECK(memcmp(out, of_nothing, size) == 0);
}

static void batch(void) {
    enum { count = 21 };
    const uint8_t *data[count];
    size_t lengths[count];
    uint8_t out[count * size + 2];
    for (int i = 0; i < count; i++) {
        data[i] = i % 3 == 0 ? NULL : abc;
        lengths[i] = i % 3 == 0 ? 0 : 3;
    }
    memset(out, '#', sizeof out);
    CHECK_STATUS(KN_OK, kn_hash_batch(KN_SHA256, NULL, NULL, 0, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash_batch(KN_SHA256, NULL, lengths, count, out));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash_batch(KN_SHA256, data, NULL, count, out));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash_batch(KN_SHA256, data, lengths, count, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash_batch(KN_SHA256, data, lengths, SIZE_MAX, out));
    lengths[18] = 1;  // of NULL: found out before the first digest is written
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash_batch(KN_SHA256, data, lengths, count, out));
    lengths[18] = 0;
    CHECK(untouched(out, sizeof out));

    CHECK_STATUS(KN_OK, kn_hash_batch(KN_SHA256, data, lengths, count, out + 1));
    for (int i = 0; i < count; i++) {
        CHECK(memcmp(out + 1 + i * size, i % 3 == 0 ? of_nothing : of_abc, size) == 0);
    }
    CHECK(out[0] == '#' && out[count * size + 1] == '#');
}

static void hasher(void) {
    kn_hasher *first = NULL, *second = NULL;
    uint8_t out[size];
    memset(out, '#', size);
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_create(KN_SHA256, NULL));
    CHECK_STATUS(KN_OK, kn_hasher_create(KN_SHA256, &first));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_update(first, NULL, 1));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_update(first, abc, SIZE_MAX));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_update(NULL, abc, 3));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_finish(first, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_finish(NULL, out));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_clone(first, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_clone(NULL, &second));
    CHECK(second == NULL && untouched(out, size));

    CHECK_STATUS(KN_OK, kn_hasher_update(first, NULL, 0));
    CHECK_STATUS(KN_OK, kn_hasher_finish(first, out));
    CHECK(memcmp(out, of_nothing, size) == 0);
    CHECK_STATUS(KN_OK, kn_hasher_update(first, abc, 1));
    CHECK_STATUS(KN_OK, kn_hasher_clone(first, &second));
    CHECK_STATUS(KN_OK, kn_hasher_update(first, abc, 3));  // goes its own way
    CHECK_STATUS(KN_OK, kn_hasher_update(second, abc + 1, 2));
    kn_hasher_destroy(first);
    CHECK_STATUS(KN_OK, kn_hasher_finish(second, out));
    CHECK(memcmp(out, of_abc, size) == 0);
    kn_hasher_destroy(second);
    kn_hasher_destroy(NULL);
}

int main(void) {
    algorithms();
    one_shot();
    batch();
    hasher();
    CHECK_STATUS(KN_OK, kn_disable_cpu_features("ssse3,sha2"));
    one_shot();
    batch();
    hasher();
    return report("hashing");
}
