// What the program holds while it is tracked, over all threads: sums that they share, for the peak is of all of them.
#include "allocation_counter.h"
#include "slots.h"

static _Atomic(int64_t) live_bytes, peak_bytes;
static _Atomic(uint64_t) obtained_blocks, obtained_bytes, released_blocks, released_bytes;

static void add(_Atomic(uint64_t) *counter, uint64_t amount) {
    atomic_fetch_add_explicit(counter, amount, memory_order_relaxed);
}

static void change(int64_t bytes) {
    int64_t now = atomic_fetch_add_explicit(&live_bytes, bytes, memory_order_relaxed) + bytes;
    int64_t peak = atomic_load_explicit(&peak_bytes, memory_order_relaxed);
    while (now > peak && !atomic_compare_exchange_weak_explicit(&peak_bytes, &peak, now, memory_order_relaxed,
                                                                memory_order_relaxed)) {
    }
}

void ac_live_obtain(size_t bytes) {
    add(&obtained_blocks, 1);
    add(&obtained_bytes, bytes);
    change((int64_t)bytes);
}

void ac_live_release(size_t bytes) {
    add(&released_blocks, 1);
    add(&released_bytes, bytes);
    change(-(int64_t)bytes);
}

void ac_live_resize(size_t before, size_t after) {
    add(&released_blocks, 1);
    add(&released_bytes, before);
    add(&obtained_blocks, 1);
    add(&obtained_bytes, after);
    change((int64_t)after - (int64_t)before);
}

void ac_track_live(bool on) {
    if (on) {
        atomic_store(&live_bytes, 0);
        atomic_store(&peak_bytes, 0);
        atomic_store(&obtained_blocks, 0);
        atomic_store(&obtained_bytes, 0);
        atomic_store(&released_blocks, 0);
        atomic_store(&released_bytes, 0);
    }
    ac_redirect(on);
}

void ac_read_live(ac_live *live) {
    live->bytes = atomic_load(&live_bytes);
    live->peak = atomic_load(&peak_bytes);
    live->obtained_blocks = atomic_load(&obtained_blocks);
    live->obtained_bytes = atomic_load(&obtained_bytes);
    live->released_blocks = atomic_load(&released_blocks);
    live->released_bytes = atomic_load(&released_bytes);
}
