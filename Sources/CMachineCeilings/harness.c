// What the harness needs and Swift has no word for.
#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#endif
#include <signal.h>
#include <stdlib.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif
#if defined(__x86_64__)
#include <x86intrin.h>
#endif

#include "machine_ceilings.h"

static volatile sig_atomic_t interrupted;

void cm_interrupt(void) { interrupted = 1; }
bool cm_interrupted(void) { return interrupted; }

const char *cm_compiler(void) { return __VERSION__; }

void cm_counted(void (*body)(void *, uint64_t), void *context, uint64_t calls) {
    body(context, calls);
    cm_barrier(); // or the call would be a jump, and this function over before what it calls
}

#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
static uint64_t heap_in_use(void) {
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

bool cm_heap_in_use(uint64_t *bytes) {
    // An allocator in place of glibc's leaves the answer as it is, whatever is allocated.
    static _Atomic int known;  // 1 it tells, 2 it does not
    if (!known) {
        const uint64_t before = heap_in_use();
        void *volatile block = malloc(1 << 16);
        known = block && heap_in_use() >= before + (1 << 16) ? 1 : 2;
        free(block);
    }
    *bytes = heap_in_use();
    return known == 1;
}
#else
bool cm_heap_in_use(uint64_t *bytes) {
    *bytes = 0;
    return false;
}
#endif

uint64_t cm_ticks(void) {
#if defined(__x86_64__)
    return __rdtsc();
#elif defined(__aarch64__)
    uint64_t ticks;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
    return ticks;
#else
    return 0;
#endif
}

#if defined(__linux__)

int32_t cm_current_cpu(void) { return sched_getcpu(); }

int32_t cm_pin_to_cpu(int32_t cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (cpu < 0 || cpu >= CPU_SETSIZE) return 0;
    CPU_SET(cpu, &set);
    return sched_setaffinity(0, sizeof set, &set) == 0;
}

#else

int32_t cm_current_cpu(void) { return -1; }
int32_t cm_pin_to_cpu(int32_t cpu) { return (void)cpu, 0; }

#endif
