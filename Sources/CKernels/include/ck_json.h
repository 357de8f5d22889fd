// The C leaf of JSON. What holds for all of it stands in CKernels.h.
#ifndef CK_JSON_H
#define CK_JSON_H

#include "ck_base.h"

// ---------------------------------------------------------------- json/: where the tokens of a text are
//
// What one block of 64 bytes leaves for the next. All zero before the first.
typedef struct ck_json_state {
    uint64_t in_string;   // all ones inside a string
    uint64_t backslash;   // 1: the next byte is escaped
    uint64_t scalar;      // 1: the last byte was of a number or a word
    uint64_t has_escape;  // 1: the string that goes on has a backslash
    uint64_t hex;         // bit i: byte i of the next block must be a hexadecimal digit
    uint64_t seen;        // CK_JSON_UNICODE where a \u was met
    uint64_t errors;      // not zero: bad UTF-8, or in a string a control character or a bad escape
    uint64_t utf8[4];     // the row's own: the last bytes
} ck_json_state;

enum { CK_JSON_UNICODE = 1 };

// Writes the offsets of all tokens in `blocks` blocks of 64 bytes, counted from `data`: brackets, commas and colons outside
// strings, both quotes of each string, the first byte of each number and word. Returns how many there are.
// - `index` has room for 64 * blocks + 64 offsets; those after the last hold anything.
// - escapes[i], bit b: byte b of block i closes a string that has a backslash. blanks[i], bit b: it is white space outside
//   strings. Both have room for `blocks` words.
// - Exactly 64 * blocks bytes are read; no alignment is required.
#define CK_JSON_INDEX_PARAMETERS                                                                                 \
    const uint8_t *_Nonnull data, size_t blocks, ck_json_state *_Nonnull state, uint32_t *_Nonnull index,        \
        uint64_t *_Nonnull escapes, uint64_t *_Nonnull blanks

#if defined(__x86_64__)
CK_HIDDEN size_t ck_json_index_avx2(CK_JSON_INDEX_PARAMETERS);
#endif

#endif
