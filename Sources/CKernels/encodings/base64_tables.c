// The two alphabets of RFC 4648 (tables 1 and 2), and what the rows look up of each, worked out by the compiler.
//
// Of the macros, p and s are the characters of 62 and 63, c is a character, `high` and `low` are its halves, v a value.
#include "CKernels.h"

#define X4(f, i, p, s) f(i, p, s), f((i) + 1, p, s), f((i) + 2, p, s), f((i) + 3, p, s)
#define X16(f, i, p, s) X4(f, i, p, s), X4(f, (i) + 4, p, s), X4(f, (i) + 8, p, s), X4(f, (i) + 12, p, s)
#define X64(f, i, p, s) X16(f, i, p, s), X16(f, (i) + 16, p, s), X16(f, (i) + 32, p, s), X16(f, (i) + 48, p, s)

#define CHARACTER(v, p, s)     \
    ((v) < 26    ? 'A' + (v)      \
     : (v) < 52  ? 'a' + (v) - 26 \
     : (v) < 62  ? '0' + (v) - 52 \
     : (v) == 62 ? (p)            \
                 : (s))

#define BETWEEN(c, first, last) ((c) >= (first) && (c) <= (last))
#define VALUE(c, p, s)                       \
    (BETWEEN(c, 'A', 'Z')   ? (c) - 'A'      \
     : BETWEEN(c, 'a', 'z') ? (c) - 'a' + 26 \
     : BETWEEN(c, '0', '9') ? (c) - '0' + 52 \
     : (c) == (p)           ? 62             \
     : (c) == (s)           ? 63             \
                            : 0x80)

// High halves 2 ... 7, which characters have, take a bit each; all others share bit 2, which every low half has.
#define HIGH(high, p, s) (BETWEEN(high, 2, 7) ? 1 << (((high) + 2) & 7) : 4)
#define REFUSED(low, high, p, s) (VALUE(16 * (high) + (low), p, s) == 0x80 ? HIGH(high, p, s) : 0)
// Bit 3, which no high half has, is that of the low half 15: in both alphabets the last character's.
#define LOW(low, p, s)                                                                            \
    (4 | ((low) == 15 ? 8 : 0) | REFUSED(low, 2, p, s) | REFUSED(low, 3, p, s) | REFUSED(low, 4, p, s) | \
     REFUSED(low, 5, p, s) | REFUSED(low, 6, p, s) | REFUSED(low, 7, p, s))

#define TO_VALUE(c, p, s) ((uint8_t)(VALUE(c, p, s) - (c)))
#define OFFSET(i, p, s)                                     \
    ((i) >= 8             ? TO_VALUE(16 * (i) - 113, p, s)  \
     : (i) == 2           ? TO_VALUE(p, p, s)               \
     : (i) == 3           ? TO_VALUE('0', p, s)             \
     : BETWEEN(i, 4, 5)   ? TO_VALUE('A', p, s)             \
     : BETWEEN(i, 6, 7)   ? TO_VALUE('a', p, s)             \
                          : 0)

#define TO_CHARACTER(v, p, s) ((uint8_t)(CHARACTER(v, p, s) - (v)))
#define DISTANCE(i, p, s) \
    ((i) < 2 ? TO_CHARACTER(26 * (i), p, s) : (i) < 14 ? TO_CHARACTER(50 + (i), p, s) : 0)

#define TABLES(p, s)                                           \
    {                                                          \
        .alphabet = {X64(CHARACTER, 0, p, s)},                 \
        .values = {X64(VALUE, 0, p, s), X64(VALUE, 64, p, s)}, \
        .low = {X16(LOW, 0, p, s)},                            \
        .high = {X16(HIGH, 0, p, s)},                          \
        .offsets = {X16(OFFSET, 0, p, s)},                     \
        .distances = {X16(DISTANCE, 0, p, s)},                 \
    }

static const ck_base64_tables standard = TABLES('+', '/');
static const ck_base64_tables url = TABLES('-', '_');

const ck_base64_tables *ck_base64_standard(void) { return &standard; }
const ck_base64_tables *ck_base64_url(void) { return &url; }
