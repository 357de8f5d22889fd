// SHA-256, four streams, SHA extensions: enough independent rounds to fill the unit that does them.
//
// Registers hold less than half of what is in flight, and the rest goes by the stack at no cost. Zen 3, 16 KiB in L1, GB/s
// of all streams together: x1 1.61, x2 2.95, x3 3.29, x4 3.39, x5 3.46, x6 3.34.
#if defined(__x86_64__)
#include "sha256_shani.h"

CK_SHANI void ck_sha256_x4_shani(uint32_t *states, const uint8_t *const *data, size_t blocks, const uint32_t *constants) {
    sha256_compress(states, data, blocks, constants, 4);
}
#endif
