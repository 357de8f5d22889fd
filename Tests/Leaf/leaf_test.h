// What the programs of this folder share. Each compares the C leaf's functions for the architecture that it is compiled for
// with plain C, and skips those that the CPU cannot run, saying so; with the argument --all, to have one to skip is a failure.
#ifndef LEAF_TEST_H
#define LEAF_TEST_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "CKernels.h"

// A function under test: its name and whether this CPU has what it needs.
typedef struct row_name {
    const char *text;
    int supported;
} row_name;

static int failures = 0, skipped = 0, excused = 0, cases = 0;

// A case that went wrong: says so for the first few of each function.
#define FAIL(...)                                  \
    do {                                           \
        if (failures++ < 10) {                     \
            printf("FAILED: " __VA_ARGS__);        \
            putchar('\n');                         \
        }                                          \
    } while (0)

static inline int begin(row_name name) {
    cases = 0;
    if (name.supported) return 1;
    printf("%-28s skipped: not on this CPU\n", name.text);
    skipped++;
    return 0;
}

// The same for a function that no CPU of Scripts/emulate can run: to skip it is no failure with --all either.
static inline int begin_if_any(row_name name) {
    if (begin(name)) return 1;
    excused++;
    return 0;
}

static inline void end(row_name name) {
    printf("%-28s %d cases\n", name.text, cases);
    fflush(stdout);
}

// The last line of every main.
static int outcome(int argc, char **argv) {
    int all = argc == 2 && strcmp(argv[1], "--all") == 0;
    printf("%d failed, %d functions skipped%s\n", failures, skipped, all && skipped > excused ? ", which --all forbids" : "");
    return failures > 0 || (all && skipped > excused) ? EXIT_FAILURE : EXIT_SUCCESS;
}

// ---------------------------------------------------------------- memory that ends where it must not be left

enum { guard_bytes = 1 << 16 };

typedef enum place { at_end, at_start, places } place;

// The place of `bytes` bytes in memory with an inaccessible page before and after: right after the one or right before the
// other. Whole buffers are made once and kept, each by its number.
static inline void *guarded(int number, size_t bytes, place where) {
    static char *buffers[40];
    size_t size = 1 << 20;
    if (bytes > size || number >= (int)(sizeof buffers / sizeof *buffers)) abort();
    if (buffers[number] == NULL) {
        char *all = mmap(NULL, size + 2 * guard_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (all == MAP_FAILED || mprotect(all + guard_bytes, size, PROT_READ | PROT_WRITE) != 0) abort();
        buffers[number] = all + guard_bytes;
    }
    return buffers[number] + (where == at_end ? size - bytes : 0);
}

// ---------------------------------------------------------------- numbers with a seed

static uint32_t random_state = 1;

// Numerical Recipes' linear congruential generator (Press et al., section 7.1); the high half is what is used.
static inline uint32_t random_16(void) {
    random_state = random_state * 1664525u + 1013904223u;
    return random_state >> 16;
}

#endif
