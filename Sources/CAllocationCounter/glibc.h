// glibc's allocator under the names that it keeps for those who replace the others; or why it is not replaced here.
#ifndef ALLOCATION_COUNTER_GLIBC_H
#define ALLOCATION_COUNTER_GLIBC_H
#include <stddef.h>
#include <stdlib.h>  // which defines __GLIBC__

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define AC_UNAVAILABLE "a sanitizer has replaced the allocator"
#endif
#endif
#if !defined(AC_UNAVAILABLE) && !defined(__GLIBC__)
#define AC_UNAVAILABLE "calls of the allocator are counted with glibc alone"
#endif

#if !defined(AC_UNAVAILABLE)
#include <malloc.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void *__libc_valloc(size_t);
extern void *__libc_pvalloc(size_t);
extern void __libc_free(void *);
#endif

#endif
