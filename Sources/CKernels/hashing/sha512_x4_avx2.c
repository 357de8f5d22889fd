// SHA-512, four streams, one in each 64-bit lane of AVX2. A rotation is three instructions.
#if defined(__x86_64__)
#include "lanes_avx2.h"
#include "sha512_lanes.h"

CK_ROW void ck_sha512_x4_avx2(CK_SHA512_LANES_PARAMETERS) { sha512_compress(states, data, blocks, constants); }
#endif
