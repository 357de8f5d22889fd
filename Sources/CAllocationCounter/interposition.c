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

#else

const char *ac_unavailable(void) { return NULL; }

#define EXPORT __attribute__((visibility("default"), used))

// Pointers that the linker fills in at load, and not a procedure linkage table: one jump less at each call.
static void *(*const volatile glibc_malloc)(size_t) = __libc_malloc;
static void *(*const volatile glibc_calloc)(size_t, size_t) = __libc_calloc;
static void *(*const volatile glibc_realloc)(void *, size_t) = __libc_realloc;
static void *(*const volatile glibc_memalign)(size_t, size_t) = __libc_memalign;
static void *(*const volatile glibc_valloc)(size_t) = __libc_valloc;
static void *(*const volatile glibc_pvalloc)(size_t) = __libc_pvalloc;
static void (*const volatile glibc_free)(void *) = __libc_free;

// ---------------------------------------------------------------- the slow way
//
// Of a thread's first call, of threads without a slot, and while live memory is tracked. Out of line, so that the fast way is
// a leaf that ends in a jump to glibc.
#define SLOW __attribute__((noinline))

static void *obtained(void *block) {
    if (block != NULL && ac_is_tracking()) ac_live_obtain(malloc_usable_size(block));
    return block;
}

SLOW static void *slow(ac_entry_point entry, void *(*allocate)(size_t), size_t size) {
    ac_count_slowly(entry, size);
    return obtained(allocate(size));
}

SLOW static void *slow_two(ac_entry_point entry, void *(*allocate)(size_t, size_t), size_t first, size_t second,
                           size_t bytes) {
    ac_count_slowly(entry, bytes);
    return obtained(allocate(first, second));
}

SLOW static void *slow_resize(ac_entry_point entry, void *block, size_t size) {
    ac_count_slowly(entry, size);
    if (!ac_is_tracking()) return glibc_realloc(block, size);
    if (block == NULL) return obtained(glibc_realloc(NULL, size));
    size_t before = malloc_usable_size(block);
    void *result = glibc_realloc(block, size);
    if (result != NULL) {
        ac_live_resize(before, malloc_usable_size(result));
    } else if (size == 0) {
        ac_live_release(before);  // glibc: realloc of a block to size 0 frees it
    }
    return result;
}

SLOW static void slow_free(void *block) {
    ac_count_slowly(AC_FREE, 0);
    if (block != NULL && ac_is_tracking()) ac_live_release(malloc_usable_size(block));
    glibc_free(block);
}

// ---------------------------------------------------------------- the entry points

EXPORT void *malloc(size_t size) {
    return ac_count(AC_MALLOC, size) ? glibc_malloc(size) : slow(AC_MALLOC, glibc_malloc, size);
}

EXPORT void *calloc(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) bytes = 0;
    return ac_count(AC_CALLOC, bytes) ? glibc_calloc(count, size)
                                      : slow_two(AC_CALLOC, glibc_calloc, count, size, bytes);
}

EXPORT void *realloc(void *block, size_t size) {
    return ac_count(AC_REALLOC, size) ? glibc_realloc(block, size) : slow_resize(AC_REALLOC, block, size);
}

EXPORT void *reallocarray(void *block, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        ac_count_slowly(AC_REALLOCARRAY, 0);
        errno = ENOMEM;
        return NULL;
    }
    return ac_count(AC_REALLOCARRAY, bytes) ? glibc_realloc(block, bytes) : slow_resize(AC_REALLOCARRAY, block, bytes);
}

__attribute__((always_inline)) static inline void *aligned(ac_entry_point entry, size_t alignment, size_t size) {
    return ac_count(entry, size) ? glibc_memalign(alignment, size)
                                 : slow_two(entry, glibc_memalign, alignment, size, size);
}

EXPORT void *memalign(size_t alignment, size_t size) { return aligned(AC_MEMALIGN, alignment, size); }

EXPORT void *aligned_alloc(size_t alignment, size_t size) { return aligned(AC_ALIGNED_ALLOC, alignment, size); }

EXPORT int posix_memalign(void **block, size_t alignment, size_t size) {
    // POSIX: a power of two and a multiple of sizeof(void *); errno stays as it is.
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) {
        ac_count_slowly(AC_POSIX_MEMALIGN, size);
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
    return ac_count(AC_VALLOC, size) ? glibc_valloc(size) : slow(AC_VALLOC, glibc_valloc, size);
}

EXPORT void *pvalloc(size_t size) {
    return ac_count(AC_PVALLOC, size) ? glibc_pvalloc(size) : slow(AC_PVALLOC, glibc_pvalloc, size);
}

EXPORT void free(void *block) {
    if (ac_count(AC_FREE, 0)) {
        glibc_free(block);
    } else {
        slow_free(block);
    }
}

#endif
