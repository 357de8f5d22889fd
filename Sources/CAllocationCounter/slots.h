#ifndef ALLOCATION_COUNTER_SLOTS_H
#define ALLOCATION_COUNTER_SLOTS_H
#include "allocation_counter.h"

#include <stdatomic.h>

// One thread's counters, on cache lines of their own.
typedef struct {
    _Alignas(128) _Atomic(uint64_t) calls[AC_ENTRY_POINTS];
    _Atomic(uint64_t) bytes;
    _Atomic(int) taken;
} ac_slot;

__attribute__((visibility("hidden"))) void ac_count(ac_entry_point entry, uint64_t bytes);

#endif
