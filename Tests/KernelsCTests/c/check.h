// What the C programs of this folder share: a check that says what failed and where, and goes on.
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"

static int failures = 0;

#define CHECK(condition)                                                                   \
    do {                                                                                   \
        if (!(condition)) {                                                                \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);      \
            failures++;                                                                    \
        }                                                                                  \
    } while (0)

#define CHECK_STATUS(status, call)                                                         \
    do {                                                                                   \
        kn_status got = (call);                                                            \
        if (got != (status)) {                                                             \
            fprintf(stderr, "%s:%d: status %d, not %s: %s\n", __FILE__, __LINE__, (int)got, #status, #call); \
            failures++;                                                                    \
        }                                                                                  \
    } while (0)

// The last line of every main.
static inline int report(const char *name) {
    if (failures == 0) printf("%s: all as promised\n", name);
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
