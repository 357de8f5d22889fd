/* What a shim exports: a library that is compared with, behind five functions. A shim is a shared object that `make-shims` builds where the
 * library's headers are found; the program opens it at run time, and says how to get what is not there. */
#ifndef RIVAL_H
#define RIVAL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RIVAL_EXPORT __attribute__((visibility("default")))

typedef struct rival_job rival_job;

/* The library's name, and its version as it says it itself. */
RIVAL_EXPORT const char *rival_name(void);
RIVAL_EXPORT const char *rival_version(void);

/* Sets a job up, unmeasured: copies the input, with whatever padding the library wants. NULL for a job that it does not do, or an input that
 * it refuses. A job is known by its name:
 *
 *   validate    whether a text is valid: where there is no such call, a parse of all of it   result: the length
 *   index       where the tokens of a text are, its UTF-8 checked       result: nothing that could be compared
 *   minify      a text without white space                              result: the text
 *   parse       a text to a document of the library's own               result: rival_summary of it
 *   serialise   that document to a text                                 result: the text
 *   doubles     a text to a document, its numbers to doubles, all of it back to a text       result: the text
 *   fields      {"statuses": [...]}: of each id_str, text, user.screen_name   result: [{"id":...,"text":...,"user":...},...]
 *   lines       of each line with price > 19.95 its id and device       result: a line {"id":...,"device":...} each */
RIVAL_EXPORT rival_job *rival_prepare(const char *job, const void *input, size_t length);

/* Does the job once. Bytes of what it made, or values of a document; 0 where it failed. This is what is measured. */
RIVAL_EXPORT size_t rival_run(rival_job *job);

/* What the last run made, for comparison; valid to the next call. Not measured. */
RIVAL_EXPORT const void *rival_result(rival_job *job, size_t *length);

RIVAL_EXPORT void rival_discard(rival_job *job);

/* A document in 16 bytes: the number of its values, and an FNV-like hash over them in order. Containers give their tag and their count, strings
 * and keys a tag and each of their bytes unescaped, numbers a tag and the bits of the nearest double. */
typedef struct rival_summary {
    uint64_t values;
    uint64_t hash;
} rival_summary;

enum { RIVAL_NULL = 1, RIVAL_FALSE, RIVAL_TRUE, RIVAL_NUMBER, RIVAL_STRING, RIVAL_ARRAY, RIVAL_OBJECT };

static inline void rival_mix(rival_summary *summary, uint64_t word) {
    summary->hash = (summary->hash ^ word) * UINT64_C(0x100000001b3);
}

#ifdef __cplusplus
}
#endif
#endif
