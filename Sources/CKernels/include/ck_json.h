// The C leaf of JSON. What holds for all of it stands in CKernels.h.
#ifndef CK_JSON_H
#define CK_JSON_H

#include "ck_base.h"

// ---------------------------------------------------------------- json/: where the tokens of a text are
//
// The kinds of 64 tokens, a bit each, the first in bit 0:
//
//              [  {  ]  }  ,  :  string  number or word
//     bracket  1  1  1  1  0  0  0       0
//     second   0  0  1  1  1  1  0       0
//     third    0  1  0  1  0  1  1       0
typedef struct ck_json_kinds {
    uint64_t bracket, second, third;
} ck_json_kinds;

// What one block of 64 bytes leaves for the next. All zero before the first.
typedef struct ck_json_state {
    uint64_t in_string;   // all ones inside a string
    uint64_t backslash;   // 1: the next byte is escaped
    uint64_t scalar;      // 1: the last byte was of a number or a word
    uint64_t has_escape;  // 1: the string that goes on has a backslash
    uint64_t hex;         // bit i: byte i of the next block must be a hexadecimal digit
    uint64_t separators;  // how many commas and colons were met outside strings
    uint64_t seen;        // CK_JSON_UNICODE where a \u was met
    uint64_t errors;      // not zero: bad UTF-8, in a string a control character or a bad escape, a bad number
    // Of the kinds alone:
    uint64_t number;      // in bits, CK_JSON_MINUS ...: what a number that goes on must have
    uint64_t dense;       // not 0: many numbers
    uint64_t starts;      // how many numbers and words began in the last call
    uint64_t visits;      // how many offsets the last call wrote
    uint64_t kind_count;  // tokens in `kinds`, less than 64
    ck_json_kinds kinds;  // bits from there on are 0
    // Of the tape alone:
    uint64_t nodes;       // how many were written
    uint64_t counts;      // how many commas, in the low half, and colons there were
    uint64_t brackets;    // how many the last call wrote
    uint64_t unended;     // 1: the last one's end is still to come
    uint64_t marked;      // 1: the string or number that goes on has a backslash, or more than digits and a minus
    uint64_t opened;      // 1: the last byte opened a container
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

// Writes the kinds of all tokens, commas and colons too, a string being one of them: 64 in each of `kinds`, of which it returns
// how many it wrote; those that fill no word stay in the state. Checks strings.
// - `kinds` has room for `blocks` and one more.
// - blanks[i], bit b: byte b of block i is white space outside strings. There is room for `blocks` words.
// - `visits` has room for 32 * blocks + 64 offsets, counted from `data`, of which state->visits are written; those after the last
//   hold anything. Where state->dense is 0, it is the first byte of each number and word, and numbers are not checked. Elsewhere
//   numbers are, and it is the `e` of each exponent, which is not, and the first byte of what begins with neither a digit nor a
//   minus. `dense` is the caller's, for each call. What was begun before is checked, or not, as it was begun.
// - Exactly 64 * blocks bytes are read; no alignment is required.
#define CK_JSON_KINDS_PARAMETERS                                                                                 \
    const uint8_t *_Nonnull data, size_t blocks, ck_json_state *_Nonnull state, ck_json_kinds *_Nonnull kinds,   \
        uint64_t *_Nonnull blanks, uint32_t *_Nonnull visits

// One value or key of a document's tape: JSONNode in Swift has the layout.
typedef struct ck_json_node {
    uint32_t begin, end, kind, next;
} ck_json_node;

enum { CK_JSON_NUMBER = 3, CK_JSON_TAPE_BLOCKS = 128 };

// One bracket: `counts` has how many commas, in its low half, and colons were before it in the text; `node` how many nodes in the low
// half, and bits for whether it opens and whether it is a brace.
typedef struct ck_json_brackets {
    uint64_t *_Nonnull counts, *_Nonnull nodes;
    uint16_t *_Nonnull places;  // counted from the data
} ck_json_brackets;

enum { CK_JSON_BRACE_BIT = 62, CK_JSON_OPENS_BIT = 63 };

// Writes the nodes of a document as its tokens come, the kinds of all tokens, and the brackets. Checks strings, and numbers where
// state->dense is not 0. Returns how many tokens there are; state->brackets has how many brackets, state->counts and state->nodes
// what the brackets have, at the end.
// - There are no more than CK_JSON_TAPE_BLOCKS blocks, which begin at `base` in the text.
// - `nodes` is the tape from its start: it has room for 64 * blocks and 16 nodes from state->nodes on. A container's node has its
//   begin and kind alone: the rest is for whoever closes it. The last node may have no end before the next call.
// - `kinds` has room for `blocks` and one more, and begins with the first token of the call: the last word may not be full.
// - There is room for 64 * blocks + 64 brackets.
// - `visits` is as for the kinds, but for integers, which are checked in any case; state->starts counts what may be visited alone, and
//   visits are in no order. Where `copy` is not null, the blocks are copied there.
// - Exactly 64 * blocks bytes are read; no alignment is required.
#define CK_JSON_TAPE_PARAMETERS                                                                                  \
    const uint8_t *_Nonnull data, size_t blocks, size_t base, ck_json_state *_Nonnull state,                     \
        uint8_t *_Nullable copy, ck_json_node *_Nonnull nodes, ck_json_kinds *_Nonnull kinds,                    \
        ck_json_brackets brackets, uint32_t *_Nonnull visits

// Copies the bytes of `blocks` blocks of 64 without those whose bit is set in `blanks`. Returns how many that are.
// - Nothing is written at or past out + 64 * blocks, nor at a place that is behind the byte it comes from.
#define CK_JSON_SQUEEZE_PARAMETERS                                                                               \
    const uint8_t *_Nonnull data, size_t blocks, const uint64_t *_Nonnull blanks, uint8_t *_Nonnull out

// Copies the bytes of `blocks` blocks of 64 of a valid text without the blanks outside strings. Returns how many that are.
// - Of the state, in_string and backslash are read and left.
// - Nothing is written at or past out + 64 * blocks. Exactly 64 * blocks bytes are read; no alignment is required.
#define CK_JSON_COMPACT_PARAMETERS                                                                               \
    const uint8_t *_Nonnull data, size_t blocks, ck_json_state *_Nonnull state, uint8_t *_Nonnull out

// Writes a text so that it can stand between quotes; how many bytes. Escaped are quote, backslash and control characters, by their
// short forms where they have one.
// - `out` has room for 6 * count + 8 bytes.
// - Exactly `count` bytes are read; no alignment is required.
#define CK_JSON_ESCAPE_PARAMETERS const uint8_t *_Nonnull text, size_t count, uint8_t *_Nonnull out

// The bits of the double nearest to a valid number, ties to even; all ones where the row does not know: it is for others then.
// - `powers` has two words each for 5^0, 5^1 ..., and before it for 5^-1 ..., as JSONPowers in Swift has them.
// - `count`, 1 and more, of the `readable` bytes from `text` on are the number; no alignment is required.
#define CK_JSON_DOUBLE_PARAMETERS                                                                                \
    const uint8_t *_Nonnull text, size_t count, size_t readable, const uint64_t *_Nonnull powers

// The same of `count` nodes, up to the first that is no number or that the row does not know; how many are before it.
// - `readable` bytes are from `source` on; `out` has room for `count`.
#define CK_JSON_DOUBLES_PARAMETERS                                                                               \
    const uint8_t *_Nonnull source, size_t readable, const ck_json_node *_Nonnull nodes, size_t count,           \
        const uint64_t *_Nonnull powers, double *_Nonnull out

// Writes the shortest text that reads back as a double; how many bytes, 0 where the row does not know: it is for others then.
// - `out` has room for 40 bytes, all of which may be written.
#define CK_JSON_WRITE_DOUBLE_PARAMETERS double value, uint8_t *_Nonnull out

// The same of `count` doubles, each with a comma behind it, up to the first that the row does not know; how many
// bytes. `count` is then how many of the doubles were written.
// - `out` has room for 26 * count + 40 bytes, all of which may be written.
#define CK_JSON_WRITE_DOUBLES_PARAMETERS const double *_Nonnull values, size_t *_Nonnull count, uint8_t *_Nonnull out

#if defined(__x86_64__)
CK_HIDDEN uint64_t ck_json_double_avx512(CK_JSON_DOUBLE_PARAMETERS);
CK_HIDDEN uint64_t ck_json_double_avx2(CK_JSON_DOUBLE_PARAMETERS);
CK_HIDDEN size_t ck_json_doubles_avx512(CK_JSON_DOUBLES_PARAMETERS);
CK_HIDDEN size_t ck_json_doubles_avx2(CK_JSON_DOUBLES_PARAMETERS);
CK_HIDDEN size_t ck_json_write_double_avx512(CK_JSON_WRITE_DOUBLE_PARAMETERS);
CK_HIDDEN size_t ck_json_write_double_avx2(CK_JSON_WRITE_DOUBLE_PARAMETERS);
CK_HIDDEN size_t ck_json_write_doubles_avx512(CK_JSON_WRITE_DOUBLES_PARAMETERS);
CK_HIDDEN size_t ck_json_write_doubles_avx2(CK_JSON_WRITE_DOUBLES_PARAMETERS);
CK_HIDDEN size_t ck_json_escape_avx512bw(CK_JSON_ESCAPE_PARAMETERS);
CK_HIDDEN size_t ck_json_escape_avx2(CK_JSON_ESCAPE_PARAMETERS);
CK_HIDDEN size_t ck_json_index_avx512vbmi2(CK_JSON_INDEX_PARAMETERS);
CK_HIDDEN size_t ck_json_kinds_avx512vbmi2(CK_JSON_KINDS_PARAMETERS);
CK_HIDDEN size_t ck_json_tape_avx512vbmi2(CK_JSON_TAPE_PARAMETERS);
CK_HIDDEN size_t ck_json_compact_avx512vbmi2(CK_JSON_COMPACT_PARAMETERS);
CK_HIDDEN size_t ck_json_squeeze_avx512vbmi2(CK_JSON_SQUEEZE_PARAMETERS);
CK_HIDDEN size_t ck_json_compact_avx2(CK_JSON_COMPACT_PARAMETERS);
CK_HIDDEN size_t ck_json_squeeze_avx2(CK_JSON_SQUEEZE_PARAMETERS);
CK_HIDDEN size_t ck_json_index_avx512bw(CK_JSON_INDEX_PARAMETERS);
CK_HIDDEN size_t ck_json_kinds_avx512bw(CK_JSON_KINDS_PARAMETERS);
CK_HIDDEN size_t ck_json_index_avx2(CK_JSON_INDEX_PARAMETERS);
CK_HIDDEN size_t ck_json_kinds_avx2(CK_JSON_KINDS_PARAMETERS);
#elif defined(__aarch64__)
CK_HIDDEN size_t ck_json_escape_neon(CK_JSON_ESCAPE_PARAMETERS);
CK_HIDDEN size_t ck_json_index_neon(CK_JSON_INDEX_PARAMETERS);
CK_HIDDEN size_t ck_json_kinds_neon(CK_JSON_KINDS_PARAMETERS);
#endif

#endif
