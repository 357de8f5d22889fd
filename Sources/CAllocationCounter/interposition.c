// The entry points. An executable's definitions come before the C library's in symbol resolution, for itself and for every
// shared library, loaded at start or by dlopen.
#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "slots.h"

#include <errno.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define UNAVAILABLE "a sanitizer has replaced the allocator"
#endif
#endif
#if !defined(UNAVAILABLE) && !defined(__GLIBC__)
#define UNAVAILABLE "calls of the allocator are counted with glibc alone"
#endif

#if defined(UNAVAILABLE)

const char *ac_unavailable(void) { return UNAVAILABLE; }

#else

const char *ac_unavailable(void) { return NULL; }

// glibc's allocator under the names that it keeps for those who replace the others.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void *__libc_valloc(size_t);
extern void *__libc_pvalloc(size_t);
extern void __libc_free(void *);

#define EXPORT __attribute__((visibility("default"), used))

EXPORT void *malloc(size_t size) {
    ac_count(AC_MALLOC, size);
    return __libc_malloc(size);
}

EXPORT void *calloc(size_t count, size_t size) {
    size_t bytes;
    ac_count(AC_CALLOC, __builtin_mul_overflow(count, size, &bytes) ? 0 : bytes);
    return __libc_calloc(count, size);
}

EXPORT void *realloc(void *block, size_t size) {
    ac_count(AC_REALLOC, size);
    return __libc_realloc(block, size);
}

EXPORT void *reallocarray(void *block, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        ac_count(AC_REALLOCARRAY, 0);
        errno = ENOMEM;
        return NULL;
    }
    ac_count(AC_REALLOCARRAY, bytes);
    return __libc_realloc(block, bytes);
}

EXPORT void *memalign(size_t alignment, size_t size) {
    ac_count(AC_MEMALIGN, size);
    return __libc_memalign(alignment, size);
}

EXPORT void *aligned_alloc(size_t alignment, size_t size) {
    ac_count(AC_ALIGNED_ALLOC, size);
    return __libc_memalign(alignment, size);
}

EXPORT int posix_memalign(void **block, size_t alignment, size_t size) {
    ac_count(AC_POSIX_MEMALIGN, size);
    // POSIX: a power of two and a multiple of sizeof(void *); errno stays as it is.
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
    int before = errno;
    void *result = __libc_memalign(alignment, size);
    errno = before;
    if (result == NULL) return ENOMEM;
    *block = result;
    return 0;
}

EXPORT void *valloc(size_t size) {
    ac_count(AC_VALLOC, size);
    return __libc_valloc(size);
}

EXPORT void *pvalloc(size_t size) {
    ac_count(AC_PVALLOC, size);
    return __libc_pvalloc(size);
}

EXPORT void free(void *block) {
    ac_count(AC_FREE, 0);
    __libc_free(block);
}

#endif
