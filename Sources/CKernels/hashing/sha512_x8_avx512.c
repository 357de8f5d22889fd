// SHA-512, eight streams, one in each 64-bit lane of AVX-512.
//
// A block costs 80 * 17 + 64 * 11 instructions of rounds and schedule, and 96 more to load, transpose and byte-swap it.
#if defined(__x86_64__)
#include "lanes_avx512.h"
#include "sha512_lanes.h"

CK_ROW void ck_sha512_x8_avx512(CK_SHA512_LANES_PARAMETERS) { sha512_compress(states, data, blocks, constants); }
#endif
