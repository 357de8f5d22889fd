// Counts retains and releases of Swift objects in the program that links this target: definitions of the Swift runtime's
// public entry points, which forward to the runtime's.
//
// What is seen: calls from the program and from every library but libswiftCore, which calls its own entry points without
// looking them up. Counts are therefore lower bounds. A call by which n references come or go counts n; a call
// that the runtime ignores, of a null or tagged reference, counts none.
//
// The definitions are weak. With the Swift runtime as a shared library they come first in symbol resolution, as an
// executable's do; where the runtime is linked statically its own win, without a clash, and nothing is counted.
//
// The entry points have the C calling convention on x86-64 and on arm64 Linux, which is what the compiler assumes at each
// call (swift_retain also returns its argument). While counting is off a call costs one jump more.
#ifndef REFERENCE_COUNTER_H
#define REFERENCE_COUNTER_H
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint64_t retains;
    uint64_t releases;
} rc_counts;

// NULL where references can be counted, else why they cannot.
const char *_Nullable rc_unavailable(void);

// Switches counting on, from zero, or off. In all threads.
void rc_count(bool on);

// What was counted since it was switched on.
void rc_read(rc_counts *_Nonnull counts);

// The pairs of entry points: swift_retain, swift_retain_n, swift_bridgeObjectRetain, swift_bridgeObjectRetain_n, with their
// releases. For the self-test: as the program calls them, each of the first `count` times and then the other as often. Those
// with _n take RC_REFERENCES references at a time.
typedef enum { RC_NATIVE, RC_NATIVE_N, RC_BRIDGE, RC_BRIDGE_N, RC_PAIRS } rc_pair;
enum { RC_REFERENCES = 3 };
void rc_exercise(rc_pair pair, void *_Nullable object, uint64_t count);

#endif
