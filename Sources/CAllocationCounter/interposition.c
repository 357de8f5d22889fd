// The entry points. An executable's definitions come before the C library's in symbol resolution, for itself and for every
// shared library, loaded at start or by dlopen.
#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "glibc.h"
#include "slots.h"

#include <errno.h>

#if defined(AC_UNAVAILABLE)

const char *ac_unavailable(void) { return AC_UNAVAILABLE; }
void ac_redirect(bool track) { (void)track; }

#else

const char *ac_unavailable(void) { return NULL; }

#define EXPORT __attribute__((visibility("default"), used))

// ---------------------------------------------------------------- while live memory is tracked

static void *obtained(void *block) {
    if (block != NULL) ac_live_obtain(malloc_usable_size(block));
    return block;
}

static void *tracked_malloc(size_t size) { return obtained(__libc_malloc(size)); }
static void *tracked_calloc(size_t count, size_t size) { return obtained(__libc_calloc(count, size)); }
static void *tracked_memalign(size_t alignment, size_t size) { return obtained(__libc_memalign(alignment, size)); }
static void *tracked_valloc(size_t size) { return obtained(__libc_valloc(size)); }
static void *tracked_pvalloc(size_t size) { return obtained(__libc_pvalloc(size)); }

static void *tracked_realloc(void *block, size_t size) {
    if (block == NULL) return obtained(__libc_realloc(NULL, size));
    size_t before = malloc_usable_size(block);
    void *result = __libc_realloc(block, size);
    if (result != NULL) {
        ac_live_resize(before, malloc_usable_size(result));
    } else if (size == 0) {
        ac_live_release(before);  // glibc: realloc of a block to size 0 frees it
    }
    return result;
}

static void tracked_free(void *block) {
    if (block != NULL) ac_live_release(malloc_usable_size(block));
    __libc_free(block);
}

// ---------------------------------------------------------------- where the entry points go on to
//
// Through pointers, which costs no more than a jump to another library does anyway, and tracking nothing while it is off.
typedef void *(*allocate_one)(size_t);
typedef void *(*allocate_two)(size_t, size_t);
typedef void *(*resize)(void *, size_t);
typedef void (*release)(void *);

static _Atomic(allocate_one) next_malloc = __libc_malloc;
static _Atomic(allocate_two) next_calloc = __libc_calloc;
static _Atomic(resize) next_realloc = __libc_realloc;
static _Atomic(allocate_two) next_memalign = __libc_memalign;
static _Atomic(allocate_one) next_valloc = __libc_valloc;
static _Atomic(allocate_one) next_pvalloc = __libc_pvalloc;
static _Atomic(release) next_free = __libc_free;

#define NEXT(name) atomic_load_explicit(&next_##name, memory_order_relaxed)
#define REDIRECT(name) atomic_store(&next_##name, track ? tracked_##name : __libc_##name)

void ac_redirect(bool track) {
    REDIRECT(malloc);
    REDIRECT(calloc);
    REDIRECT(realloc);
    REDIRECT(memalign);
    REDIRECT(valloc);
    REDIRECT(pvalloc);
    REDIRECT(free);
}

// ---------------------------------------------------------------- calls of threads without a slot
//
// A thread's first, and all of a thread's that finds none free. Out of line, so that the others are leaves that end in a jump.
#define SLOW __attribute__((noinline))

SLOW static void *slow(ac_entry_point entry, allocate_one next, size_t size) {
    ac_count_without_slot(entry, size);
    return next(size);
}

SLOW static void *slow_two(ac_entry_point entry, allocate_two next, size_t first, size_t second, size_t bytes) {
    ac_count_without_slot(entry, bytes);
    return next(first, second);
}

SLOW static void *slow_resize(ac_entry_point entry, void *block, size_t size) {
    ac_count_without_slot(entry, size);
    return NEXT(realloc)(block, size);
}

SLOW static void slow_free(void *block) {
    ac_count_without_slot(AC_FREE, 0);
    NEXT(free)(block);
}

// ---------------------------------------------------------------- the entry points

EXPORT void *malloc(size_t size) {
    return ac_count(AC_MALLOC, size) ? NEXT(malloc)(size) : slow(AC_MALLOC, NEXT(malloc), size);
}

EXPORT void *calloc(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) bytes = 0;
    return ac_count(AC_CALLOC, bytes) ? NEXT(calloc)(count, size)
                                      : slow_two(AC_CALLOC, NEXT(calloc), count, size, bytes);
}

EXPORT void *realloc(void *block, size_t size) {
    return ac_count(AC_REALLOC, size) ? NEXT(realloc)(block, size) : slow_resize(AC_REALLOC, block, size);
}

EXPORT void *reallocarray(void *block, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        if (!ac_count(AC_REALLOCARRAY, 0)) ac_count_without_slot(AC_REALLOCARRAY, 0);
        errno = ENOMEM;
        return NULL;
    }
    return ac_count(AC_REALLOCARRAY, bytes) ? NEXT(realloc)(block, bytes) : slow_resize(AC_REALLOCARRAY, block, bytes);
}

__attribute__((always_inline)) static inline void *aligned(ac_entry_point entry, size_t alignment, size_t size) {
    return ac_count(entry, size) ? NEXT(memalign)(alignment, size)
                                 : slow_two(entry, NEXT(memalign), alignment, size, size);
}

EXPORT void *memalign(size_t alignment, size_t size) { return aligned(AC_MEMALIGN, alignment, size); }

EXPORT void *aligned_alloc(size_t alignment, size_t size) { return aligned(AC_ALIGNED_ALLOC, alignment, size); }

EXPORT int posix_memalign(void **block, size_t alignment, size_t size) {
    // POSIX: a power of two and a multiple of sizeof(void *); errno stays as it is.
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) {
        if (!ac_count(AC_POSIX_MEMALIGN, size)) ac_count_without_slot(AC_POSIX_MEMALIGN, size);
        return EINVAL;
    }
    int before = errno;
    void *result = aligned(AC_POSIX_MEMALIGN, alignment, size);
    errno = before;
    if (result == NULL) return ENOMEM;
    *block = result;
    return 0;
}

EXPORT void *valloc(size_t size) {
    return ac_count(AC_VALLOC, size) ? NEXT(valloc)(size) : slow(AC_VALLOC, NEXT(valloc), size);
}

EXPORT void *pvalloc(size_t size) {
    return ac_count(AC_PVALLOC, size) ? NEXT(pvalloc)(size) : slow(AC_PVALLOC, NEXT(pvalloc), size);
}

EXPORT void free(void *block) {
    if (ac_count(AC_FREE, 0)) {
        NEXT(free)(block);
    } else {
        slow_free(block);
    }
}

#endif
