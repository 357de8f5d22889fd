// The counters: one slot a thread, written by its owner alone with plain additions, read by anybody.
//
// A slot is handed on when its thread ends and goes on counting from where it stands, so that the sum over all slots is the
// process's. A thread that finds none free, and calls that come after a thread gave its slot back, count in the
// last slot with atomic additions.
#include "allocation_counter.h"
#include "slots.h"

#include <pthread.h>

enum { owned_slots = 255, shared_slot = owned_slots };

static ac_slot slots[owned_slots + 1];
_Thread_local ac_slot *ac_own;
// This thread has no slot and gets none: it found none, gave its back, or is about to take one.
static _Thread_local bool shares __attribute__((tls_model("initial-exec")));

static pthread_key_t key;
static _Atomic(bool) key_is_there;

static void give_back(void *slot) {
    shares = true;
    ac_own = NULL;
    atomic_store_explicit(&((ac_slot *)slot)->taken, 0, memory_order_release);
}

// Before main, while there is one thread; the main thread keeps its slot to the end.
__attribute__((constructor)) static void make_key(void) {
    if (pthread_key_create(&key, give_back) == 0) atomic_store_explicit(&key_is_there, true, memory_order_release);
}

static void take(void) {
    shares = true;  // for calls that pthread_setspecific may make, and to stay so where no slot is free
    for (int i = 0; i < owned_slots; i++) {
        int taken = 0;
        if (!atomic_compare_exchange_strong_explicit(&slots[i].taken, &taken, 1, memory_order_acquire, memory_order_relaxed))
            continue;
        if (atomic_load_explicit(&key_is_there, memory_order_acquire) && pthread_setspecific(key, &slots[i]) != 0) {
            atomic_store_explicit(&slots[i].taken, 0, memory_order_release);
            return;
        }
        ac_own = &slots[i];
        shares = false;
        return;
    }
}

void ac_count_without_slot(ac_entry_point entry, uint64_t bytes) {
    if (!shares) take();
    if (ac_count(entry, bytes)) return;
    atomic_fetch_add_explicit(&slots[shared_slot].of[entry].calls, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&slots[shared_slot].of[entry].bytes, bytes, memory_order_relaxed);
}

void ac_read(ac_counts *counts) {
    *counts = (ac_counts){0};
    for (int i = 0; i <= shared_slot; i++) {
        for (int entry = 0; entry < AC_ENTRY_POINTS; entry++) {
            counts->of[entry].calls += atomic_load_explicit(&slots[i].of[entry].calls, memory_order_relaxed);
            counts->of[entry].bytes += atomic_load_explicit(&slots[i].of[entry].bytes, memory_order_relaxed);
        }
    }
}
