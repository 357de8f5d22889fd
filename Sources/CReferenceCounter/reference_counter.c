// An entry point jumps through a pointer: at first to what looks the runtime's own up, then to the runtime's, and while
// references are counted to what counts them.
#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "reference_counter.h"

#if !defined(__linux__)

const char *rc_unavailable(void) { return "references are counted on Linux alone"; }
void rc_count(bool on) { (void)on; }
void rc_read(rc_counts *counts) { *counts = (rc_counts){0}; }
void rc_exercise(rc_pair pair, void *object, uint64_t count) { (void)pair, (void)object, (void)count; }

#else

#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>

static _Atomic(uint64_t) retains, releases;

// Shared by all threads: passes that count are not timed.
static void add(_Atomic(uint64_t) *counter, void *object, uint64_t references) {
    // The runtime ignores null, and references whose top bit says that they are none to an object of its own.
    if ((intptr_t)object > 0) atomic_fetch_add_explicit(counter, references, memory_order_relaxed);
}

typedef void *(*retain_one)(void *);
typedef void *(*retain_many)(void *, uint32_t);
typedef void (*release_one)(void *);
typedef void (*release_many)(void *, uint32_t);

// ENTRY(result, name, parameters, arguments, type, counter, references): for each entry point where it goes, what it
// forwards to, what looks that up, what counts, and its definition under a name of its own and, weakly, the runtime's.
#define ENTRY(result, name, parameters, arguments, type, counter, references)                                            \
    static result first_##name parameters;                                                                               \
    static result counting_##name parameters;                                                                            \
    static _Atomic(type) target_##name = first_##name;                                                                   \
    static _Atomic(type) runtime_##name;                                                                                 \
    static type find_##name(void) {                                                                                      \
        type found = atomic_load_explicit(&runtime_##name, memory_order_acquire);                                        \
        if (found != NULL) return found;                                                                                 \
        found = (type)dlsym(RTLD_NEXT, #name);                                                                           \
        if (found == NULL) __builtin_trap(); /* somebody calls what is nowhere defined */                                \
        atomic_store_explicit(&runtime_##name, found, memory_order_release);                                             \
        return found;                                                                                                    \
    }                                                                                                                    \
    static result first_##name parameters {                                                                              \
        type expected = first_##name, found = find_##name();                                                             \
        atomic_compare_exchange_strong(&target_##name, &expected, found);                                                \
        return found arguments;                                                                                          \
    }                                                                                                                    \
    static result counting_##name parameters {                                                                           \
        add(&counter, object, references);                                                                               \
        return find_##name() arguments;                                                                                  \
    }                                                                                                                    \
    __attribute__((visibility("hidden"))) result rc_##name parameters {                                                  \
        __attribute__((musttail)) return atomic_load_explicit(&target_##name, memory_order_relaxed) arguments;           \
    }                                                                                                                    \
    __attribute__((weak, alias("rc_" #name), visibility("default"))) result name parameters;

#define ENTRIES(X)                                                                                                       \
    X(void *, swift_retain, (void *object), (object), retain_one, retains, 1)                                            \
    X(void, swift_release, (void *object), (object), release_one, releases, 1)                                           \
    X(void *, swift_retain_n, (void *object, uint32_t n), (object, n), retain_many, retains, n)                          \
    X(void, swift_release_n, (void *object, uint32_t n), (object, n), release_many, releases, n)                         \
    X(void *, swift_bridgeObjectRetain, (void *object), (object), retain_one, retains, 1)                                \
    X(void, swift_bridgeObjectRelease, (void *object), (object), release_one, releases, 1)                               \
    X(void *, swift_bridgeObjectRetain_n, (void *object, uint32_t n), (object, n), retain_many, retains, n)              \
    X(void, swift_bridgeObjectRelease_n, (void *object, uint32_t n), (object, n), release_many, releases, n)

ENTRIES(ENTRY)

#define IS_OURS(result, name, parameters, arguments, type, counter, references)                                          \
    {                                                                                                                    \
        type volatile called = name, own = rc_##name;                                                                    \
        ours = ours && called == own;                                                                                    \
    }

const char *rc_unavailable(void) {
    bool ours = true;
    ENTRIES(IS_OURS)
    return ours ? NULL : "the Swift runtime is linked statically: build without --static-swift-stdlib";
}

#define SWITCH(result, name, parameters, arguments, type, counter, references)                                           \
    atomic_store(&target_##name, on ? counting_##name : find_##name());

void rc_count(bool on) {
    if (rc_unavailable() != NULL) return;
    if (on) {
        atomic_store(&retains, 0);
        atomic_store(&releases, 0);
    }
    ENTRIES(SWITCH)
}

void rc_read(rc_counts *counts) {
    counts->retains = atomic_load(&retains);
    counts->releases = atomic_load(&releases);
}

void rc_exercise(rc_pair pair, void *object, uint64_t count) {
    retain_one volatile retain = pair == RC_BRIDGE ? swift_bridgeObjectRetain : swift_retain;
    release_one volatile release = pair == RC_BRIDGE ? swift_bridgeObjectRelease : swift_release;
    retain_many volatile retain_n = pair == RC_BRIDGE_N ? swift_bridgeObjectRetain_n : swift_retain_n;
    release_many volatile release_n = pair == RC_BRIDGE_N ? swift_bridgeObjectRelease_n : swift_release_n;
    bool many = pair == RC_NATIVE_N || pair == RC_BRIDGE_N;
    for (uint64_t i = 0; i < count; i++) {
        if (many) {
            retain_n(object, RC_REFERENCES);
        } else {
            retain(object);
        }
    }
    for (uint64_t i = 0; i < count; i++) {
        if (many) {
            release_n(object, RC_REFERENCES);
        } else {
            release(object);
        }
    }
}

#endif
