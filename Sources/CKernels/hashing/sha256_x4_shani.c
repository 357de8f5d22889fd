// SHA-256, four streams, SHA extensions: enough independent rounds to fill the unit that does them.
//
// Registers hold less than half of what is in flight, and the rest goes by the stack at no cost. Zen 3, clang 21,
// 16 KiB a stream in L1, GB/s of all together: x1 1.61, x2 2.98, x3 3.32, x4 3.42, x5 3.49, x6 3.37.
#if defined(__x86_64__)
#include "sha256_shani.h"

CK_SHANI void ck_sha256_x4_shani(CK_SHA256_LANES_PARAMETERS) {
    sha256_compress(states, data, blocks, constants, 4);
}
#endif
