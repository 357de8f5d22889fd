// BLAKE3's compression function (section 2.2 of the paper), one input, the state's four rows in a vector of four words each.
// CK_ROW, the instruction set of the row, is to be defined first.
//
// The message stands in four vectors, the words that the columns and the diagonals take first and second. Before the diagonals
// the rows a, c and d turn, not b, which is what is computed last; diagonal i is then in lane i + 1, and so are its words.
#ifndef CK_BLAKE3_ROWS_H
#define CK_BLAKE3_ROWS_H

#include "CKernels.h"

#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

typedef uint32_t row32 __attribute__((vector_size(16)));
typedef uint8_t row8 __attribute__((vector_size(16)));

typedef struct blake3_message {
    row32 columns[2], diagonals[2];
} blake3_message;

CK_ROW_INLINE row32 load_row(const void *data) {
    row32 row;
    __builtin_memcpy(&row, data, sizeof row);
    return row;
}

CK_ROW_INLINE void store_row(uint32_t *words, row32 row) { __builtin_memcpy(words, &row, sizeof row); }

CK_ROW_INLINE row32 rotr_row(row32 x, int n) {
#if defined(__x86_64__) && !defined(CK_ROW_ROTATES)
    if (n == 8)
        return (row32)__builtin_shufflevector((row8)x, (row8)x, 1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12);
    if (n == 16)
        return (row32)__builtin_shufflevector((row8)x, (row8)x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
#endif
    return x >> n | x << (32 - n);
}

CK_ROW_INLINE void mix_rows(row32 v[4], const row32 words[2]) {
    v[0] = (v[0] + words[0]) + v[1];
    v[3] = rotr_row(v[3] ^ v[0], 16);
    v[2] = v[2] + v[3];
    v[1] = rotr_row(v[1] ^ v[2], 12);
    v[0] = (v[0] + words[1]) + v[1];
    v[3] = rotr_row(v[3] ^ v[0], 8);
    v[2] = v[2] + v[3];
    v[1] = rotr_row(v[1] ^ v[2], 7);
}

// Words 0 2 4 6, 1 3 5 7, 14 8 10 12 and 15 9 11 13.
CK_ROW_INLINE blake3_message load_message(const uint8_t *block) {
    row32 a = load_row(block), b = load_row(block + 16), c = load_row(block + 32), d = load_row(block + 48);
    return (blake3_message){
        {__builtin_shufflevector(a, b, 0, 2, 4, 6), __builtin_shufflevector(a, b, 1, 3, 5, 7)},
        {__builtin_shufflevector(c, d, 6, 0, 2, 4), __builtin_shufflevector(c, d, 7, 1, 3, 5)},
    };
}

// The words of the next round, 2 6 3 10 7 0 4 13 1 11 12 5 9 14 15 8 of this one's (table 2), in the same four vectors:
// 2 3 7 4, 6 10 0 13, 15 1 12 9 and 8 11 5 14.
CK_ROW_INLINE blake3_message permuted(blake3_message m) {
    row32 even = m.columns[0], odd = m.columns[1], even8 = m.diagonals[0], odd8 = m.diagonals[1];
    row32 tens = __builtin_shufflevector(even8, odd8, 0, 1, 2, 7);   // 14 8 10 13
    row32 ones = __builtin_shufflevector(odd, even8, 0, 1, 2, 7);    // 1 3 5 12
    row32 fives = __builtin_shufflevector(odd8, odd, 2, 6, 3, 7);    // 11 5 13 7
    return (blake3_message){
        {__builtin_shufflevector(even, odd, 1, 5, 7, 2), __builtin_shufflevector(even, tens, 3, 6, 0, 7)},
        {__builtin_shufflevector(odd8, ones, 0, 4, 7, 1), __builtin_shufflevector(even8, fives, 1, 4, 5, 0)},
    };
}

// As CK_BLAKE3_PARAMETERS.
CK_ROW_INLINE void blake3_compress(const uint32_t *key, const uint8_t *block, uint32_t length, uint64_t counter,
                                   uint32_t flags, const uint32_t *constants, uint32_t *out) {
    row32 low = load_row(key), high = load_row(key + 4);
    row32 v[4] = {low, high, load_row(constants), {(uint32_t)counter, (uint32_t)(counter >> 32), length, flags}};
    blake3_message m = load_message(block);
#pragma clang loop unroll(full)
    for (int round = 0; round < 7; round++) {
        mix_rows(v, m.columns);
        v[0] = __builtin_shufflevector(v[0], v[0], 3, 0, 1, 2);
        v[2] = __builtin_shufflevector(v[2], v[2], 1, 2, 3, 0);
        v[3] = __builtin_shufflevector(v[3], v[3], 2, 3, 0, 1);
        mix_rows(v, m.diagonals);
        v[0] = __builtin_shufflevector(v[0], v[0], 1, 2, 3, 0);
        v[2] = __builtin_shufflevector(v[2], v[2], 3, 0, 1, 2);
        v[3] = __builtin_shufflevector(v[3], v[3], 2, 3, 0, 1);
        m = permuted(m);
    }
    store_row(out, v[0] ^ v[2]);
    store_row(out + 4, v[1] ^ v[3]);
    store_row(out + 8, v[2] ^ low);
    store_row(out + 12, v[3] ^ high);
}

#define CK_BLAKE3_ROW(name)                                                     \
    CK_ROW void name(CK_BLAKE3_PARAMETERS) {                                    \
        blake3_compress(key, block, length, counter, flags, constants, out);    \
    }

#endif
