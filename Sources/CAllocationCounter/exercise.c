// Known numbers of calls, for the self-test. Through volatile pointers: a compiler may drop a malloc whose block is only freed.
#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "allocation_counter.h"
#include "glibc.h"

static const char *const names[AC_ENTRY_POINTS] = {
    [AC_MALLOC] = "malloc",
    [AC_CALLOC] = "calloc",
    [AC_REALLOC] = "realloc",
    [AC_REALLOCARRAY] = "reallocarray",
    [AC_ALIGNED_ALLOC] = "aligned_alloc",
    [AC_MEMALIGN] = "memalign",
    [AC_POSIX_MEMALIGN] = "posix_memalign",
    [AC_VALLOC] = "valloc",
    [AC_PVALLOC] = "pvalloc",
    [AC_FREE] = "free",
};

const char *ac_name(ac_entry_point entry) { return names[entry]; }

#if !defined(AC_UNAVAILABLE)

static void *(*volatile call_malloc)(size_t) = malloc;
static void *(*volatile call_calloc)(size_t, size_t) = calloc;
static void *(*volatile call_realloc)(void *, size_t) = realloc;
static void *(*volatile call_reallocarray)(void *, size_t, size_t) = reallocarray;
static void *(*volatile call_aligned_alloc)(size_t, size_t) = aligned_alloc;
static void *(*volatile call_memalign)(size_t, size_t) = memalign;
static int (*volatile call_posix_memalign)(void **, size_t, size_t) = posix_memalign;
static void *(*volatile call_valloc)(size_t) = valloc;
static void *(*volatile call_pvalloc)(size_t) = pvalloc;
static void (*volatile call_free)(void *) = free;

static void *(*volatile direct_malloc)(size_t) = __libc_malloc;
static void (*volatile direct_free)(void *) = __libc_free;

void *ac_call(ac_entry_point entry, void *block, size_t bytes) {
    void *result = NULL;
    switch (entry) {
    case AC_CALLOC: return call_calloc(1, bytes);
    case AC_REALLOC: return call_realloc(block, bytes);
    case AC_REALLOCARRAY: return call_reallocarray(block, 1, bytes);
    case AC_ALIGNED_ALLOC: return call_aligned_alloc(AC_ALIGNMENT, bytes);
    case AC_MEMALIGN: return call_memalign(AC_ALIGNMENT, bytes);
    case AC_POSIX_MEMALIGN: return call_posix_memalign(&result, AC_ALIGNMENT, bytes) == 0 ? result : NULL;
    case AC_VALLOC: return call_valloc(bytes);
    case AC_PVALLOC: return call_pvalloc(bytes);
    case AC_FREE: call_free(block); return NULL;
    default: return call_malloc(bytes);
    }
}

void *ac_call_directly(ac_entry_point entry, size_t bytes) {
    switch (entry) {
    case AC_CALLOC: return __libc_calloc(1, bytes);
    case AC_REALLOC:
    case AC_REALLOCARRAY: return __libc_realloc(NULL, bytes);
    case AC_ALIGNED_ALLOC:
    case AC_MEMALIGN:
    case AC_POSIX_MEMALIGN: return __libc_memalign(AC_ALIGNMENT, bytes);
    case AC_VALLOC: return __libc_valloc(bytes);
    case AC_PVALLOC: return __libc_pvalloc(bytes);
    default: return __libc_malloc(bytes);
    }
}

void ac_free_directly(void *block) { __libc_free(block); }

size_t ac_usable_size(void *block) { return malloc_usable_size(block); }

void ac_exercise(ac_entry_point entry, uint64_t count, size_t bytes) {
    ac_entry_point obtain = entry == AC_FREE ? AC_MALLOC : entry;
    for (uint64_t i = 0; i < count; i++) call_free(ac_call(obtain, NULL, bytes));
}

// A loop for each way, from one text: with one for both, the branch predictor would learn at each turn where the calls go.
#define PAIRS(name, allocate, deallocate)                                                                                \
    __attribute__((noinline)) static void name(uint64_t count, size_t bytes) {                                           \
        void *(*obtain)(size_t) = allocate;                                                                              \
        void (*release)(void *) = deallocate;                                                                            \
        for (uint64_t i = 0; i < count; i++) {                                                                           \
            void *block = obtain(bytes);                                                                                 \
            __asm__ volatile("" : "+r"(block)::"memory");                                                                \
            release(block);                                                                                              \
        }                                                                                                                \
    }

PAIRS(counted_pairs, call_malloc, call_free)
PAIRS(direct_pairs, direct_malloc, direct_free)

void ac_exercise_pairs(bool counted, uint64_t count, size_t bytes) {
    if (counted) {
        counted_pairs(count, bytes);
    } else {
        direct_pairs(count, bytes);
    }
}

void ac_exercise_resizing(ac_entry_point entry, ac_resizing *resizings) {
    static const size_t sizes[AC_RESIZINGS] = {100, 120, 5000, 4 << 20, 9 << 20, SIZE_MAX / 2, 50, 50, 0};
    void *block = NULL;
    ac_track_live(true);
    for (int i = 0; i < AC_RESIZINGS; i++) {
        void *result = ac_call(entry, block, sizes[i]);
        if (result != NULL || sizes[i] == 0) block = result;
        ac_call(AC_FREE, ac_call(AC_MALLOC, NULL, SIZE_MAX / 2), 0);
        resizings[i].asked = sizes[i];
        resizings[i].usable = malloc_usable_size(block);
        ac_read_live(&resizings[i].live);
    }
    ac_track_live(false);
}

#else

// Nothing is counted, so that nothing is exercised.
void ac_exercise(ac_entry_point entry, uint64_t count, size_t bytes) { (void)entry, (void)count, (void)bytes; }
void ac_exercise_pairs(bool counted, uint64_t count, size_t bytes) { (void)counted, (void)count, (void)bytes; }
void *ac_call(ac_entry_point entry, void *block, size_t bytes) { return (void)entry, (void)block, (void)bytes, NULL; }
void *ac_call_directly(ac_entry_point entry, size_t bytes) { return (void)entry, (void)bytes, NULL; }
void ac_free_directly(void *block) { (void)block; }
size_t ac_usable_size(void *block) { return (void)block, (size_t)0; }
void ac_exercise_resizing(ac_entry_point entry, ac_resizing *resizings) {
    (void)entry;
    for (int i = 0; i < AC_RESIZINGS; i++) resizings[i] = (ac_resizing){0};
}

#endif
