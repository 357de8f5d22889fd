// The C leaf of encodings. What holds for all of it stands in CKernels.h.
#ifndef CK_ENCODINGS_H
#define CK_ENCODINGS_H

#include "ck_base.h"

// ---------------------------------------------------------------- encodings/: text of bytes
//
// Rows take what they can from the start, in steps of their own, and say how much: decoding up to the step that holds
// something that is not of the alphabet. What is left is the caller's. No alignment is required; exactly what was taken is
// read and written, but encoding base64 may read all of `length`, and decoding may write up to 3/4 of it.

// `length` bytes to two digits each, of the 16 `digits`: the bytes taken.
#define CK_HEX_ENCODE_PARAMETERS                                                                               \
    const uint8_t *_Nonnull bytes, size_t length, uint8_t *_Nonnull text, const uint8_t *_Nonnull digits
// `length` digits of either case: the digits taken.
#define CK_HEX_DECODE_PARAMETERS const uint8_t *_Nonnull text, size_t length, uint8_t *_Nonnull bytes
// `length` bytes to characters: the bytes taken, a multiple of 3.
#define CK_BASE64_ENCODE_PARAMETERS                                                                            \
    const uint8_t *_Nonnull bytes, size_t length, uint8_t *_Nonnull text,                                      \
    const ck_base64_tables *_Nonnull tables
// `length` characters without padding: the characters taken, a multiple of 4.
#define CK_BASE64_DECODE_PARAMETERS                                                                            \
    const uint8_t *_Nonnull text, size_t length, uint8_t *_Nonnull bytes,                                      \
    const ck_base64_tables *_Nonnull tables

typedef struct ck_base64_tables {
    uint8_t alphabet[64];
    // Of each ASCII character: its value, or 0x80.
    uint8_t values[128];
    // By the low and by the high half of a character: it is of the alphabet where the two have no bit in common.
    uint8_t low[16], high[16];
    // By the high half, 8 places on where `low` has bit 3: what is to be added to a character for its value.
    uint8_t offsets[16];
    // What is to be added to values for their characters: to 0 ... 25, to 26 ... 51, to 52, 53, ... 63.
    uint8_t distances[16];
} ck_base64_tables;

// Those of the two alphabets, constant.
CK_HIDDEN const ck_base64_tables *_Nonnull ck_base64_standard(void);
CK_HIDDEN const ck_base64_tables *_Nonnull ck_base64_url(void);

#if defined(__x86_64__)
CK_HIDDEN size_t ck_hex_encode_avx2(CK_HEX_ENCODE_PARAMETERS);
CK_HIDDEN size_t ck_hex_decode_avx2(CK_HEX_DECODE_PARAMETERS);
CK_HIDDEN size_t ck_base64_encode_avx2(CK_BASE64_ENCODE_PARAMETERS);
CK_HIDDEN size_t ck_base64_decode_avx2(CK_BASE64_DECODE_PARAMETERS);
CK_HIDDEN size_t ck_base64_encode_avx512vbmi(CK_BASE64_ENCODE_PARAMETERS);
CK_HIDDEN size_t ck_base64_decode_avx512vbmi(CK_BASE64_DECODE_PARAMETERS);
#elif defined(__aarch64__)
CK_HIDDEN size_t ck_hex_encode_neon(CK_HEX_ENCODE_PARAMETERS);
CK_HIDDEN size_t ck_hex_decode_neon(CK_HEX_DECODE_PARAMETERS);
CK_HIDDEN size_t ck_base64_encode_neon(CK_BASE64_ENCODE_PARAMETERS);
CK_HIDDEN size_t ck_base64_decode_neon(CK_BASE64_DECODE_PARAMETERS);
#endif

#endif
