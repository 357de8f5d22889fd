// Counts calls of the C allocator in the program that links this target, by glibc's own rules for replacing malloc
// (glibc manual, 3.2.6 "Replacing malloc"): strong definitions of every entry point, each of which forwards to glibc's.
//
// Exact by construction: every call from Swift, from C and from any library loaded now or later goes through here, in all
// threads. Blocks are glibc's own, without a header, so their layout and alignment are what they are without the counter.
// A call costs about a nanosecond more: two additions in memory that belongs to the calling thread.
#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H
#include <stdbool.h>
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

typedef struct {
    uint64_t calls;
    uint64_t bytes;  // asked for; 0 of AC_FREE, and of a call whose product overflows
} ac_count_of_entry;

// Since the process started, over all threads. A call that fails counts; free(NULL) counts.
typedef struct {
    ac_count_of_entry of[AC_ENTRY_POINTS];
} ac_counts;

// NULL where calls are counted, else why they are not: a sanitizer's allocator, or a C library that is not glibc.
const char *_Nullable ac_unavailable(void);

// The name of an entry point as C spells it.
const char *_Nonnull ac_name(ac_entry_point entry);

// What was counted so far. Calls that other threads make meanwhile may or may not be in it.
void ac_read(ac_counts *_Nonnull counts);

// ---------------------------------------------------------------- live memory
//
// Blocks and their sizes, while it is switched on: a mode of its own, because the size of a block costs a look at it and the
// peak an addition that all threads share. Sizes are malloc_usable_size: what glibc set aside, not what was asked for.
//
// A program holds a block from the return of the call that gave it to the call that gives it back, on whichever thread.
// realloc gives back and obtains in one: held bytes change by the difference, at once, whether the block moves or not.
// realloc to size 0 gives back; realloc and others that fail change nothing.
typedef struct {
    int64_t bytes;  // obtained less released; negative where blocks from before were released
    int64_t peak;   // the most that `bytes` was, at least 0
    uint64_t obtained_blocks;
    uint64_t obtained_bytes;
    uint64_t released_blocks;
    uint64_t released_bytes;
} ac_live;

// Switches it on, from zero, or off. While other threads allocate, what they do meanwhile may or may not be in it.
void ac_track_live(bool on);

// What happened since it was switched on, until now or until it was switched off.
void ac_read_live(ac_live *_Nonnull live);

// ---------------------------------------------------------------- for the self-test
//
// Where an entry point needs an alignment, it gets AC_ALIGNMENT.
enum { AC_ALIGNMENT = 64 };

// Calls `entry` exactly `count` times for `bytes` bytes each and releases each block at once by one call of free;
// for AC_FREE it is malloc and free in turn. Nothing else of the allocator is called.
void ac_exercise(ac_entry_point entry, uint64_t count, size_t bytes);

// `count` times malloc and free, in the same loop: as the program calls them, or glibc's own past the counter.
void ac_exercise_pairs(bool counted, uint64_t count, size_t bytes);

// One call of `entry`, as the program makes it; `block` is what realloc and reallocarray resize. AC_FREE frees it.
void *_Nullable ac_call(ac_entry_point entry, void *_Nullable block, size_t bytes);

// Resizes one block by `entry`, realloc or reallocarray, while live memory is tracked: from no block, in place and by moving,
// from the heap to a mapping of its own and back, to a size that is refused, and to no block. Between, calls that do
// nothing: a malloc that is refused, free(NULL). Notes each size, that of the block as it then is, and what is live.
enum { AC_RESIZINGS = 9 };
typedef struct {
    size_t asked;
    size_t usable;
    ac_live live;
} ac_resizing;
void ac_exercise_resizing(ac_entry_point entry, ac_resizing *_Nonnull resizings);

// ac_call of glibc past the counter, without a block to resize.
void *_Nullable ac_call_directly(ac_entry_point entry, size_t bytes);
void ac_free_directly(void *_Nullable block);

// The size of a block as glibc tells it; 0 of NULL.
size_t ac_usable_size(void *_Nullable block);

#endif
