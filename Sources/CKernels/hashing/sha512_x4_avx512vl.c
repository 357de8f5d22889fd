// SHA-512, four streams, one in each 64-bit lane of 256 bits, with the rotations and the functions of three inputs of AVX-512.
#if defined(__x86_64__)
#include "lanes_avx512vl.h"
#include "sha512_lanes.h"

CK_ROW void ck_sha512_x4_avx512vl(CK_SHA512_LANES_PARAMETERS) { sha512_compress(states, data, blocks, constants); }
#endif
