// SHA-1, sixteen streams, one in each 32-bit lane of AVX-512.
//
// A block costs 80 * 7 + 64 * 3 instructions of rounds and schedule, and 64 more to load, transpose and byte-swap it.
#if defined(__x86_64__)
#include "lanes_avx512.h"
#include "sha1_lanes.h"

CK_ROW void ck_sha1_x16_avx512(CK_SHA1_LANES_PARAMETERS) { sha1_compress(states, data, blocks); }
#endif
