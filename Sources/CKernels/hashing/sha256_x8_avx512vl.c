// SHA-256, eight streams, one in each 32-bit lane of 256 bits, with the rotations and the functions of three inputs of AVX-512.
#if defined(__x86_64__)
#include "lanes_avx512vl.h"
#include "sha256_lanes.h"

CK_ROW void ck_sha256_x8_avx512vl(CK_SHA256_LANES_PARAMETERS) { sha256_compress(states, data, blocks, constants); }
#endif
