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
    uint64_t separators;  // how many commas and colons were met outside strings
    uint64_t seen;        // CK_JSON_UNICODE where a \u was met
    uint64_t errors;      // not zero: bad UTF-8, or in a string a control character or a bad escape; masks: all that is bad
    // Of the masks alone, in bit 0:
    uint64_t settled;     // 1: no value is expected
    uint64_t opened;      // 1: the last byte was an opening bracket
    uint64_t quoted;      // 1: the last byte closed a string
    uint64_t separated;   // 1: the next of commas, colons and brackets comes after a comma or an opening brace
    uint64_t number;      // in bits: what a number that goes on must have, CK_JSON_MINUS ...
    uint64_t utf8[4];     // the row's own: the last bytes
} ck_json_state;

enum { CK_JSON_UNICODE = 1 };

// Of a number that goes on: the last byte was its minus; its digits before the point go on; the last byte was its zero before the
// point; was its point; its digits after that go on.
enum { CK_JSON_MINUS = 1, CK_JSON_WHOLE = 2, CK_JSON_ZERO = 4, CK_JSON_POINT = 8, CK_JSON_FRACTION = 16 };

// Writes the offsets of all tokens in `blocks` blocks of 64 bytes, counted from `data`: brackets outside strings, both quotes of
// each string, the first byte of each number and word. Returns how many there are. Commas and colons are counted alone: who
// finds as many as there are, each where it must be, knows that none is astray.
// - `index` has room for 64 * blocks + 64 offsets; those after the last hold anything.
// - escapes[i], bit b: byte b of block i closes a string that has a backslash. There is room for `blocks` words.
// - Exactly 64 * blocks bytes are read; no alignment is required.
#define CK_JSON_INDEX_PARAMETERS                                                                                 \
    const uint8_t *_Nonnull data, size_t blocks, ck_json_state *_Nonnull state, uint32_t *_Nonnull index,        \
        uint64_t *_Nonnull escapes

// What is where in a block, a bit a byte, outside strings.
typedef struct ck_json_masks {
    uint64_t blank;          // white space
    uint64_t bracket;        // [ ] { }
    uint64_t open;           // of these, [ {
    uint64_t brace;          // and { }
    uint64_t comma, colon;
    uint64_t not_in_object;  // commas, brackets: here an object must have a colon
    uint64_t word;           // begins with neither a digit nor a minus
    uint64_t visit;          // what else must be looked at: see below
} ck_json_masks;

// Writes the masks of `blocks` blocks of 64 bytes; checks strings, numbers, and that a value stands where one is expected, after a
// comma, a colon or an opening bracket, and nowhere else; that a colon follows a string and is the first of commas, colons and
// brackets after a comma or an opening brace. Whose `errors` stay 0 is a valid text, where in addition
// - each word is one of three; brackets match; between brackets no byte is what its container cannot have: a colon in an array,
//   `not_in_object` in an object;
// - of `visit`, a closing bracket has an opening one before it and white space at most between, a colon a quote, and all else is
//   the exponent that ends a number;
// - at the end, in_string, separated, and the bits of `number` but the digits that go on are 0, and settled is 1.
//
// - `masks` has room for as many.
// - Exactly 64 * blocks bytes are read; no alignment is required.
#define CK_JSON_MASKS_PARAMETERS                                                                                 \
    const uint8_t *_Nonnull data, size_t blocks, ck_json_state *_Nonnull state, ck_json_masks *_Nonnull masks

// Copies the bytes of `blocks` blocks of 64 without those whose bit is set in `blank`. Returns how many that are.
// - Nothing is written at or past out + 64 * blocks, nor at a place that is behind the byte it comes from.
#define CK_JSON_SQUEEZE_PARAMETERS                                                                               \
    const uint8_t *_Nonnull data, size_t blocks, const ck_json_masks *_Nonnull masks, uint8_t *_Nonnull out

#if defined(__x86_64__)
CK_HIDDEN size_t ck_json_squeeze_bmi2(CK_JSON_SQUEEZE_PARAMETERS);
CK_HIDDEN size_t ck_json_index_avx512bw(CK_JSON_INDEX_PARAMETERS);
CK_HIDDEN void ck_json_masks_avx512bw(CK_JSON_MASKS_PARAMETERS);
CK_HIDDEN size_t ck_json_index_avx2(CK_JSON_INDEX_PARAMETERS);
CK_HIDDEN void ck_json_masks_avx2(CK_JSON_MASKS_PARAMETERS);
#endif

#endif
