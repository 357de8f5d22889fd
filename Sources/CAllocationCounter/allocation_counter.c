// The counters: one slot a thread, written by its owner alone with plain increments, read by anybody.
//
// A slot is handed on when its thread ends and goes on counting from where it stands, so that the sum over all slots is the
// process's. A thread that finds none free, and calls that come after a thread gave its slot back, count in the
// last slot with atomic increments.
#include "allocation_counter.h"
#include "slots.h"

#include <pthread.h>

enum { owned_slots = 255, shared_slot = owned_slots };

static ac_slot slots[owned_slots + 1];
static _Thread_local ac_slot *own __attribute__((tls_model("initial-exec")));

static pthread_key_t key;
static _Atomic(int) key_is_there;

static void give_back(void *slot) {
    own = &slots[shared_slot];
    atomic_store_explicit(&((ac_slot *)slot)->taken, 0, memory_order_release);
}

// Before main, while there is one thread; the main thread keeps its slot to the end.
__attribute__((constructor)) static void make_key(void) {
    if (pthread_key_create(&key, give_back) == 0) atomic_store_explicit(&key_is_there, 1, memory_order_release);
}

static ac_slot *take(void) {
    own = &slots[shared_slot];  // for calls that pthread_setspecific may make
    for (int i = 0; i < owned_slots; i++) {
        int taken = 0;
        if (!atomic_compare_exchange_strong_explicit(&slots[i].taken, &taken, 1, memory_order_acquire, memory_order_relaxed))
            continue;
        if (atomic_load_explicit(&key_is_there, memory_order_acquire) && pthread_setspecific(key, &slots[i]) != 0) {
            atomic_store_explicit(&slots[i].taken, 0, memory_order_release);
            break;
        }
        own = &slots[i];
        break;
    }
    return own;
}

static void add(_Atomic(uint64_t) *counter, uint64_t amount, int shared) {
    if (__builtin_expect(shared, 0)) {
        atomic_fetch_add_explicit(counter, amount, memory_order_relaxed);
    } else {
        uint64_t value = atomic_load_explicit(counter, memory_order_relaxed);
        atomic_store_explicit(counter, value + amount, memory_order_relaxed);
    }
}

void ac_count(ac_entry_point entry, uint64_t bytes) {
    ac_slot *slot = own;
    if (__builtin_expect(slot == NULL, 0)) slot = take();
    int shared = slot == &slots[shared_slot];
    add(&slot->calls[entry], 1, shared);
    if (entry != AC_FREE) add(&slot->bytes, bytes, shared);
}

void ac_read(ac_counts *counts) {
    *counts = (ac_counts){{0}, 0};
    for (int i = 0; i <= shared_slot; i++) {
        for (int entry = 0; entry < AC_ENTRY_POINTS; entry++)
            counts->calls[entry] += atomic_load_explicit(&slots[i].calls[entry], memory_order_relaxed);
        counts->bytes += atomic_load_explicit(&slots[i].bytes, memory_order_relaxed);
    }
}
