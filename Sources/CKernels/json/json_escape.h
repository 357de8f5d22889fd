// What the rows of escaping share.
#ifndef CK_JSON_ESCAPE_LEAF_H
#define CK_JSON_ESCAPE_LEAF_H

#include <string.h>

#include "json_block.h"

#pragma clang assume_nonnull begin

// The escape of a byte that must be; where what follows goes. Eight bytes are written in any case.
CK_JSON_INLINE uint8_t *write_escape(uint8_t byte, uint8_t *out) {
    // What follows the backslash, where one letter does.
    static const uint8_t letters[32] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    const uint8_t letter = byte < 32 ? letters[byte] : byte;
    if (letter != 0) {
        out[0] = '\\', out[1] = letter;
        return out + 2;
    }
    const uint8_t escape[8] = {'\\', 'u', '0', '0', (uint8_t)('0' + (byte >> 4)), (uint8_t) "0123456789abcdef"[byte & 15], 0, 0};
    memcpy(out, escape, sizeof escape);
    return out + 6;
}

// A byte at a time.
CK_JSON_INLINE size_t escape_rest(const uint8_t *text, size_t count, uint8_t *out) {
    uint8_t *at = out;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < ' ' || text[i] == '"' || text[i] == '\\') {
            at = write_escape(text[i], at);
        } else {
            *at++ = text[i];
        }
    }
    return (size_t)(at - out);
}

#pragma clang assume_nonnull end

#endif
