// Counts calls of the C allocator in the program that links this target, by glibc's own rules for replacing malloc
// (glibc manual, 3.2.6 "Replacing malloc"): strong definitions of every entry point, each of which forwards to glibc's.
//
// Exact by construction: every call from Swift, from C and from any library loaded now or later goes through here, in all
// threads. Blocks are glibc's own, without a header, so their layout and alignment are what they are without the counter.
// A call costs about a nanosecond more: an increment in memory that belongs to the calling thread.
#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H
#include <stddef.h>
#include <stdint.h>

typedef enum {
    AC_MALLOC,
    AC_CALLOC,
    AC_REALLOC,
    AC_REALLOCARRAY,
    AC_ALIGNED_ALLOC,
    AC_MEMALIGN,
    AC_POSIX_MEMALIGN,
    AC_VALLOC,
    AC_PVALLOC,
    AC_FREE,
    AC_ENTRY_POINTS
} ac_entry_point;

// Since the process started, over all threads. A call that fails counts; free(NULL) counts.
typedef struct {
    uint64_t calls[AC_ENTRY_POINTS];
    uint64_t bytes;  // asked for, by every entry point but free
} ac_counts;

// NULL where calls are counted, else why they are not: a sanitizer's allocator, or a C library that is not glibc.
const char *_Nullable ac_unavailable(void);

// The name of an entry point as C spells it.
const char *_Nonnull ac_name(ac_entry_point entry);

// What was counted so far. Calls that other threads make meanwhile may or may not be in it.
void ac_read(ac_counts *_Nonnull counts);

// Calls `entry` exactly `count` times for `bytes` bytes each and releases each block at once by one call of free;
// for AC_FREE it is malloc and free in turn. Nothing else of the allocator is called. Where an entry point rounds up
// or needs an alignment, that is 64.
void ac_exercise(ac_entry_point entry, uint64_t count, size_t bytes);

#endif
