// Keys and messages that memcheck takes for undefined: it reports whatever branch or address depends on them, and so on time.
//
//   secrets FEATURES           the library, with these CPU features masked: nothing may be reported
//   secrets branch|index|length    what must be reported, or the test would find nothing: a branch on a secret and a table that is
//                              indexed by one, in this program, and a message of secret length, in the library
//
// The method is that of A. Langley's ctgrind (2010): secrets are undefined on entry, and made public before they are looked at.
#include <valgrind/memcheck.h>

#include "../c/check.h"

enum { most = 64, longest = 300, messages = 20 };

static const int32_t algorithms[] = {
    KN_MD5, KN_SHA1, KN_SHA224, KN_SHA256, KN_SHA384, KN_SHA512, KN_SHA512_256, KN_SHA3_256, KN_SHA3_512};
static const size_t lengths[] = {0, 1, 3, 31, 32, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 135, 136, 137, 200, longest};

static uint8_t secret[longest], key[200];

static void conceal(void) {
    for (size_t i = 0; i < sizeof secret; i++) secret[i] = (uint8_t)(i * 7 + 1);
    for (size_t i = 0; i < sizeof key; i++) key[i] = (uint8_t)(i * 11 + 5);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(secret, sizeof secret);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(key, sizeof key);
}

// A result is public; that it is not what was there before shows that it was computed.
static void reveal(uint8_t *bytes, size_t length) {
    uint8_t sum = 0;
    (void)VALGRIND_MAKE_MEM_DEFINED(bytes, length);
    for (size_t i = 0; i < length; i++) sum |= bytes[i];
    CHECK(length == 0 || sum != 0);
    memset(bytes, 0, length);
}

static void hashes(int32_t id) {
    size_t size = kn_hash_size(id);
    uint8_t out[messages * most] = {0};
    const uint8_t *data[messages];
    for (size_t i = 0; i < messages; i++) {
        size_t n = lengths[i];
        data[i] = secret + (longest - n);
        CHECK_STATUS(KN_OK, kn_hash(id, data[i], n, out));
        reveal(out, size);
        CHECK_STATUS(KN_OK, kn_hmac(id, key, n % sizeof key, secret, n, out));
        reveal(out, size);

        kn_hasher *hasher = NULL, *clone = NULL;
        CHECK_STATUS(KN_OK, kn_hasher_create(id, &hasher));
        CHECK_STATUS(KN_OK, kn_hasher_update(hasher, secret, n / 2));
        CHECK_STATUS(KN_OK, kn_hasher_clone(hasher, &clone));
        CHECK_STATUS(KN_OK, kn_hasher_update(clone, secret + n / 2, n - n / 2));
        CHECK_STATUS(KN_OK, kn_hasher_finish(clone, out));
        reveal(out, size);
        kn_hasher_destroy(hasher);
        kn_hasher_destroy(clone);
    }
    for (size_t count = 1; count <= messages; count++) {
        CHECK_STATUS(KN_OK, kn_hash_batch(id, data + (messages - count), lengths + (messages - count), count, out));
        reveal(out, count * size);
    }
    for (size_t n = 0; n <= sizeof out; n += 37) {
        CHECK_STATUS(KN_OK, kn_hkdf(id, key, 32, secret, 20, secret, n % 50, out, n));
        if (n > 4) reveal(out, n);
    }
}

static void comparisons(void) {
    uint8_t other[longest];
    for (size_t i = 0; i < sizeof other; i++) other[i] = (uint8_t)(i * 7 + 1);
    for (size_t n = 0; n <= longest; n += 13) {
        int32_t equal = kn_equal_constant_time(secret, other, n);
        (void)VALGRIND_MAKE_MEM_DEFINED(&equal, sizeof equal);
        CHECK(equal == 1);
    }
    other[7] ^= 1;
    int32_t equal = kn_equal_constant_time(secret, other, longest);
    (void)VALGRIND_MAKE_MEM_DEFINED(&equal, sizeof equal);
    CHECK(equal == 0);
}

// Each does what a reader of secrets must not do; volatile, so that it stays.
static int control(const char *name) {
    static volatile uint8_t table[256], out[most];
    if (strcmp(name, "branch") == 0) {
        if (secret[0] & 1) out[0] = 1;
    } else if (strcmp(name, "index") == 0) {
        out[0] = table[secret[0]];
    } else if (strcmp(name, "length") == 0) {
        size_t n = 100;
        uint8_t digest[most];
        (void)VALGRIND_MAKE_MEM_UNDEFINED(&n, sizeof n);
        kn_hash(KN_SHA256, secret, n, digest);
    } else {
        return 0;
    }
    return 1;
}

int main(int argc, char **argv) {
    const char *argument = argc > 1 ? argv[1] : "";
    if (RUNNING_ON_VALGRIND == 0) {
        fprintf(stderr, "secrets: says nothing unless it runs under valgrind\n");
        return 2;
    }
    conceal();
    if (control(argument)) return EXIT_SUCCESS;
    CHECK_STATUS(KN_OK, kn_disable_cpu_features(argument));
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) hashes(algorithms[i]);
    comparisons();
    return report("secrets");
}
