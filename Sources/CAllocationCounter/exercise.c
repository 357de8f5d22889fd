// Known numbers of calls, for the self-test. Through volatile pointers: a compiler may drop a malloc whose block is only freed.
#if defined(__linux__)
#define _GNU_SOURCE
#include <malloc.h>
#endif
#include "allocation_counter.h"

#include <stdlib.h>

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

#if defined(__GLIBC__)

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

static void *call(ac_entry_point entry, size_t bytes) {
    enum { alignment = 64 };
    void *block = NULL;
    switch (entry) {
    case AC_CALLOC: return call_calloc(1, bytes);
    case AC_REALLOC: return call_realloc(NULL, bytes);
    case AC_REALLOCARRAY: return call_reallocarray(NULL, 1, bytes);
    case AC_ALIGNED_ALLOC: return call_aligned_alloc(alignment, bytes);
    case AC_MEMALIGN: return call_memalign(alignment, bytes);
    case AC_POSIX_MEMALIGN: return call_posix_memalign(&block, alignment, bytes) == 0 ? block : NULL;
    case AC_VALLOC: return call_valloc(bytes);
    case AC_PVALLOC: return call_pvalloc(bytes);
    default: return call_malloc(bytes);
    }
}

void ac_exercise(ac_entry_point entry, uint64_t count, size_t bytes) {
    for (uint64_t i = 0; i < count; i++) call_free(call(entry, bytes));
}

#else

void ac_exercise(ac_entry_point entry, uint64_t count, size_t bytes) { (void)entry, (void)count, (void)bytes; }

#endif
