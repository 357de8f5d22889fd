// Hashing as a C program sees it: one-shot, batch, incremental, HMAC and HKDF; and what is refused, with nothing touched.
#include "check.h"

enum { most = 64, message_length = 3 * 64 + 7 };

static uint8_t message[message_length];

// Each function with the digest of "abc": the examples of FIPS 180-4, FIPS 202 (csrc.nist.gov) and
// RFC 1321, and the official implementation's of BLAKE3.
static const struct algorithm {
    int32_t id;
    size_t size;
    const char *abc;
} algorithms[] = {
    {KN_MD5, 16,
     "900150983cd24fb0d6963f7d28e17f72"},
    {KN_SHA1, 20,
     "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {KN_SHA224, 28,
     "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"},
    {KN_SHA256, 32,
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {KN_SHA384, 48,
     "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
     "8086072ba1e7cc2358baeca134c825a7"},
    {KN_SHA512, 64,
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
    {KN_SHA512_256, 32,
     "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"},
    {KN_SHA3_256, 32,
     "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"},
    {KN_SHA3_512, 64,
     "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
     "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0"},
    {KN_BLAKE3, 32,
     "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85"},
};

// The one that is tested now.
static int32_t id;
static size_t size;

static void hex(const uint8_t *bytes, size_t length, char *text) {
    for (size_t i = 0; i < length; i++) snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}

static int untouched(const uint8_t *bytes, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (bytes[i] != 0xA5) return 0;
    return 1;
}

static void examples(const char *abc) {
    uint8_t digest[most];
    char text[2 * most + 1];
    CHECK(kn_hash_size(id) == size);
    CHECK_STATUS(KN_OK, kn_hash(id, (const uint8_t *)"abc", 3, digest));
    hex(digest, size, text);
    CHECK(strcmp(text, abc) == 0);
    CHECK_STATUS(KN_OK, kn_hash(id, NULL, 0, digest));
}

static void batch(void) {
    const uint8_t *data[message_length];
    size_t lengths[message_length];
    static uint8_t digests[message_length * most + 1];
    uint8_t one[most];
    for (size_t i = 0; i < message_length; i++) {
        lengths[i] = i * 37 % message_length;
        data[i] = lengths[i] == 0 ? NULL : message + (message_length - lengths[i]);
    }
    // Also where the digests are not aligned to anything.
    CHECK_STATUS(KN_OK, kn_hash_batch(id, data, lengths, message_length, digests + 1));
    for (size_t i = 0; i < message_length; i++) {
        CHECK_STATUS(KN_OK, kn_hash(id, data[i], lengths[i], one));
        CHECK(memcmp(one, digests + 1 + i * size, size) == 0);
    }
    CHECK_STATUS(KN_OK, kn_hash_batch(id, NULL, NULL, 0, NULL));

    // One bad message among good ones: none is hashed.
    memset(digests, 0xA5, sizeof digests);
    data[message_length - 1] = NULL;
    lengths[message_length - 1] = 1;
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash_batch(id, data, lengths, message_length, digests));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash_batch(id, NULL, lengths, 1, digests));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash_batch(id, data, NULL, 1, digests));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash_batch(id, data, lengths, 1, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash_batch(id, data, lengths, SIZE_MAX, digests));
    CHECK(untouched(digests, sizeof digests));
}

static void incremental(void) {
    uint8_t whole[most], digest[most];
    for (size_t split = 0; split <= message_length; split++) {
        kn_hasher *hasher = NULL, *clone = NULL;
        CHECK_STATUS(KN_OK, kn_hasher_create(id, &hasher));
        CHECK_STATUS(KN_OK, kn_hasher_update(hasher, message, split));
        CHECK_STATUS(KN_OK, kn_hasher_update(hasher, NULL, 0));
        CHECK_STATUS(KN_OK, kn_hasher_clone(hasher, &clone));
        CHECK_STATUS(KN_OK, kn_hasher_finish(hasher, digest));
        CHECK_STATUS(KN_OK, kn_hash(id, message, split, whole));
        CHECK(memcmp(digest, whole, size) == 0);

        // It goes on after finish; the clone has a state of its own.
        CHECK_STATUS(KN_OK, kn_hasher_update(hasher, message + split, message_length - split));
        CHECK_STATUS(KN_OK, kn_hasher_finish(clone, digest));
        CHECK(memcmp(digest, whole, size) == 0);
        CHECK_STATUS(KN_OK, kn_hasher_finish(hasher, digest));
        CHECK_STATUS(KN_OK, kn_hash(id, message, message_length, whole));
        CHECK(memcmp(digest, whole, size) == 0);
        kn_hasher_destroy(hasher);
        kn_hasher_destroy(clone);
    }
    kn_hasher_destroy(NULL);
}

static void refused(void) {
    uint8_t digest[most];
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
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash(id, NULL, 1, digest));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash(id, message, SIZE_MAX, digest));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hash(id, message, 1, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_create(id, NULL));

    kn_hasher *hasher = NULL, *kept = (kn_hasher *)digest;
    CHECK_STATUS(KN_OK, kn_hasher_create(id, &hasher));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_update(hasher, NULL, 1));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_update(hasher, message, SIZE_MAX));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_update(NULL, message, 1));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_finish(NULL, digest));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_finish(hasher, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_clone(NULL, &kept));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hasher_clone(hasher, NULL));
    CHECK(kept == (kn_hasher *)digest && untouched(digest, sizeof digest));

    // What was refused left no trace in the hasher.
    uint8_t whole[most];
    CHECK_STATUS(KN_OK, kn_hasher_finish(hasher, digest));
    CHECK_STATUS(KN_OK, kn_hash(id, NULL, 0, whole));
    CHECK(memcmp(digest, whole, size) == 0);
    kn_hasher_destroy(hasher);
}

// RFC 4231, section 4.3, and RFC 5869, section A.1, with SHA-256; and what is refused.
static void authentication(void) {
    uint8_t tag[most], key[42], salt[13], info[10], secret[22];
    char text[2 * most + 1];
    const uint8_t *data = (const uint8_t *)"what do ya want for nothing?";
    CHECK_STATUS(KN_OK, kn_hmac(KN_SHA256, (const uint8_t *)"Jefe", 4, data, 28, tag));
    hex(tag, 32, text);
    CHECK(strcmp(text, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843") == 0);
    CHECK_STATUS(KN_OK, kn_hmac(KN_SHA256, NULL, 0, NULL, 0, tag));

    memset(secret, 0x0b, sizeof secret);
    for (size_t i = 0; i < sizeof salt; i++) salt[i] = (uint8_t)i;
    for (size_t i = 0; i < sizeof info; i++) info[i] = (uint8_t)(0xf0 + i);
    CHECK_STATUS(KN_OK, kn_hkdf(KN_SHA256, secret, sizeof secret, salt, sizeof salt, info, sizeof info, key, sizeof key));
    hex(key, sizeof key, text);
    CHECK(strcmp(text, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865") == 0);
    CHECK_STATUS(KN_OK, kn_hkdf(KN_SHA256, NULL, 0, NULL, 0, NULL, 0, NULL, 0));

    static uint8_t longest[255 * 32 + 1];
    memset(longest, 0xA5, sizeof longest);
    memset(tag, 0xA5, sizeof tag);
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hmac(0, secret, 1, secret, 1, tag));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hmac(KN_SHA256, NULL, 1, secret, 1, tag));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hmac(KN_SHA256, secret, 1, NULL, 1, tag));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hmac(KN_SHA256, secret, SIZE_MAX, secret, 1, tag));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hmac(KN_SHA256, secret, 1, secret, 1, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hkdf(0, secret, 1, salt, 1, info, 1, longest, 1));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hkdf(KN_SHA256, NULL, 1, salt, 1, info, 1, longest, 1));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hkdf(KN_SHA256, secret, 1, NULL, 1, info, 1, longest, 1));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hkdf(KN_SHA256, secret, 1, salt, 1, NULL, 1, longest, 1));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hkdf(KN_SHA256, secret, 1, salt, 1, info, 1, NULL, 1));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hkdf(KN_SHA256, secret, 1, salt, 1, info, 1, longest, sizeof longest));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_hkdf(KN_SHA256, secret, 1, salt, 1, info, 1, longest, SIZE_MAX));
    CHECK(untouched(longest, sizeof longest) && untouched(tag, sizeof tag));
    CHECK_STATUS(KN_OK, kn_hkdf(KN_SHA256, secret, 1, salt, 1, info, 1, longest, sizeof longest - 1));
}

static void comparison(void) {
    uint8_t copy[message_length];
    memcpy(copy, message, sizeof copy);
    CHECK(kn_equal_constant_time(message, copy, sizeof copy) == 1);
    CHECK(kn_equal_constant_time(NULL, NULL, 0) == 1);
    CHECK(kn_equal_constant_time(NULL, message, 1) == 0);
    for (size_t i = 0; i < sizeof copy; i++) {
        copy[i] ^= 1;
        CHECK(kn_equal_constant_time(message, copy, sizeof copy) == 0);
        CHECK(kn_equal_constant_time(message, copy, i) == 1);
        copy[i] ^= 1;
    }
}

int main(void) {
    for (size_t i = 0; i < message_length; i++) message[i] = (uint8_t)(i % 251);
    // By every implementation that this CPU has, the best first.
    static const char *const masks[] = {"", "avx512f", "avx512f,sha", "avx2,sha", "avx2,sha,bmi2"};
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
        CHECK_STATUS(KN_OK, kn_disable_cpu_features(masks[i]));
        for (size_t j = 0; j < sizeof algorithms / sizeof *algorithms; j++) {
            id = algorithms[j].id;
            size = algorithms[j].size;
            examples(algorithms[j].abc);
            batch();
            incremental();
            refused();
        }
        authentication();
    }
    comparison();
    return report("hashing");
}
