// What the rows of Adler-32 share (RFC 1950, section 8.2): the chunks between two divisions, and the bytes that no vector takes.
#ifndef CK_ADLER_SUMS_H
#define CK_ADLER_SUMS_H

#include "CKernels.h"

enum { ck_adler_modulus = 65521 };

// A multiple of 64 below 5,552, the most bytes before the second sum can pass 2^32 (as in zlib, and in AdlerPortable).
enum { ck_adler_chunk = 5504 };

typedef struct ck_adler_sums {
    uint32_t first, second;
} ck_adler_sums;

static inline ck_adler_sums ck_adler_start(uint32_t adler) { return (ck_adler_sums){adler & 0xffff, adler >> 16}; }

// After `length` bytes whose sum is `sum` and whose sum, each counted as often as bytes are left from it on, is `weighted`.
static inline ck_adler_sums ck_adler_add(ck_adler_sums sums, size_t length, uint32_t sum, uint32_t weighted) {
    sums.second = (sums.second + sums.first * (uint32_t)length + weighted) % ck_adler_modulus;
    sums.first = (sums.first + sum) % ck_adler_modulus;
    return sums;
}

// The last bytes, fewer than a vector has.
static inline uint32_t ck_adler_finish(ck_adler_sums sums, const uint8_t *data, size_t length) {
    for (size_t i = 0; i < length; i++) {
        sums.first += data[i];
        sums.second += sums.first;
    }
    return sums.second % ck_adler_modulus << 16 | sums.first % ck_adler_modulus;
}

#endif
