// SHA-256, sixteen streams, one in each 32-bit lane of AVX-512: a register holds one word of all of them.
//
// A block costs 64 * 17 + 48 * 11 instructions of rounds and schedule, and 96 more to load, transpose and byte-swap it.
#if defined(__x86_64__)
#include "lanes_avx512.h"
#include "sha256_lanes.h"

CK_ROW void ck_sha256_x16_avx512(CK_SHA256_LANES_PARAMETERS) { sha256_compress(states, data, blocks, constants); }
#endif
