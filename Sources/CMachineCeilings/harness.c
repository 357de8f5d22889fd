// What the harness needs and Swift has no word for.
#include "machine_ceilings.h"

#include <signal.h>

static volatile sig_atomic_t interrupted;

void cm_interrupt(void) { interrupted = 1; }
bool cm_interrupted(void) { return interrupted; }

const char *cm_compiler(void) { return __VERSION__; }

void cm_counted(void (*body)(void *, uint64_t), void *context, uint64_t calls) {
    body(context, calls);
    cm_barrier(); // or the call would be a jump, and this function over before what it calls
}
