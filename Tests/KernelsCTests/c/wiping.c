// What is left of keys and messages on the stack after a call: each runs in a thread on memory of ours, searched after.
#define _XOPEN_SOURCE 700

#include <pthread.h>

#include "check.h"

enum { stack_size = 1 << 20, key_size = 48, message_size = 40, pattern = 16 };

static uint8_t key[key_size], data[message_size];
static uint8_t *stack;
static int32_t id;

// Whether `bytes`, combined with `pad`, stand anywhere in the stack that was.
static int left(const uint8_t *bytes, uint8_t pad) {
    uint8_t wanted[pattern];
    for (size_t i = 0; i < pattern; i++) wanted[i] = bytes[i] ^ pad;
    for (size_t i = 0; i + pattern <= stack_size; i++)
        if (stack[i] == wanted[0] && memcmp(stack + i, wanted, pattern) == 0) return 1;
    return 0;
}

static void *authenticate(void *out) {
    (void)kn_hmac(id, key, key_size, data, message_size, (uint8_t *)out);
    return NULL;
}

static void *derive(void *out) {
    (void)kn_hkdf(id, key, key_size, data, message_size, NULL, 0, (uint8_t *)out, 40);
    return NULL;
}

// The positive control: a copy of the key far down the stack, where the end of the thread does not come.
static void *leak(void *out) {
    volatile uint8_t copy[1 << 16];
    for (size_t i = 0; i < key_size; i++) copy[i] = key[i];
    *(uint8_t *)out = copy[0];
    return NULL;
}

static void run(void *(*body)(void *)) {
    uint8_t out[64];
    pthread_attr_t attributes;
    pthread_t thread;
    memset(stack, 0, stack_size);
    pthread_attr_init(&attributes);
    CHECK(pthread_attr_setstack(&attributes, stack, stack_size) == 0);
    CHECK(pthread_create(&thread, &attributes, body, out) == 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
}

int main(void) {
    static const int32_t algorithms[] = {
        KN_MD5,    KN_SHA1,       KN_SHA224,   KN_SHA256,   KN_SHA384,
        KN_SHA512, KN_SHA512_256, KN_SHA3_256, KN_SHA3_512, KN_BLAKE3};
    void *memory = NULL;
    if (posix_memalign(&memory, 1 << 16, stack_size) != 0) return EXIT_FAILURE;
    stack = (uint8_t *)memory;
    // The dynamic linker saves all registers on the stack when a function is called for the first time, with what a copy has left in them.
    // That is no longer there when a program has warmed up, here with a key and a message of zeros.
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
        id = algorithms[i];
        run(authenticate);
        run(derive);
    }
    for (size_t i = 0; i < sizeof key; i++) key[i] = (uint8_t)(i * 7 + 101);
    for (size_t i = 0; i < sizeof data; i++) data[i] = (uint8_t)(i * 13 + 77 + i / 256);
    run(leak);
    CHECK(left(key, 0));
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
        id = algorithms[i];
        run(authenticate);
        CHECK(!left(key, 0) && !left(key, 0x36) && !left(key, 0x5c) && !left(data, 0));
        run(derive);
        CHECK(!left(key, 0) && !left(data, 0) && !left(data, 0x36) && !left(data, 0x5c));
    }
    free(memory);
    return report("wiping");
}
