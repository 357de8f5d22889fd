#ifndef ALLOCATION_COUNTER_SLOTS_H
#define ALLOCATION_COUNTER_SLOTS_H
#include "allocation_counter.h"

#include <stdatomic.h>

#define AC_HIDDEN __attribute__((visibility("hidden")))

typedef struct {
    _Atomic(uint64_t) calls;
    _Atomic(uint64_t) bytes;
} ac_counter;

// One thread's counters, on cache lines of their own.
typedef struct {
    _Alignas(128) ac_counter of[AC_ENTRY_POINTS];
    _Atomic(int) taken;
} ac_slot;

// The calling thread's slot; NULL while it has none.
extern AC_HIDDEN _Thread_local ac_slot *ac_own __attribute__((tls_model("initial-exec")));

// Counts for a thread that has no slot: takes one, or counts in the one that is shared.
AC_HIDDEN void ac_count_without_slot(ac_entry_point entry, uint64_t bytes);

// Only the owner writes, so that a load and a store do: no locked instruction.
static inline void ac_add(_Atomic(uint64_t) *counter, uint64_t amount) {
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + amount, memory_order_relaxed);
}

// Counts in the thread's own slot; returns false, having done nothing, where it has none.
__attribute__((always_inline)) static inline bool ac_count(ac_entry_point entry, uint64_t bytes) {
    ac_slot *slot = ac_own;
    if (__builtin_expect(slot == NULL, 0)) return false;
    ac_add(&slot->of[entry].calls, 1);
    if (entry != AC_FREE) ac_add(&slot->of[entry].bytes, bytes);
    return true;
}

// Makes the entry points tell of blocks that come and go, or not.
AC_HIDDEN void ac_redirect(bool track);

// The program has `bytes` more, of a block that it obtained; it has `bytes` less, of a block that it releases; a block has
// another size.
AC_HIDDEN void ac_live_obtain(size_t bytes);
AC_HIDDEN void ac_live_release(size_t bytes);
AC_HIDDEN void ac_live_resize(size_t before, size_t after);

#endif
