// What the harness needs and Swift has no word for.
#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#endif
#include <signal.h>

#include "machine_ceilings.h"

static volatile sig_atomic_t interrupted;

void cm_interrupt(void) { interrupted = 1; }
bool cm_interrupted(void) { return interrupted; }

const char *cm_compiler(void) { return __VERSION__; }

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
