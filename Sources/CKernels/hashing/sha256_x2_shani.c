// SHA-256, two streams, SHA extensions: one stream's rounds run in the latency of the other's.
// All but a few registers are in use: no spill in the rounds.
#if defined(__x86_64__)
#include "sha256_shani.h"

CK_SHANI void ck_sha256_x2_shani(CK_SHA256_LANES_PARAMETERS) {
    sha256_compress(states, data, blocks, constants, 2);
}
#endif
