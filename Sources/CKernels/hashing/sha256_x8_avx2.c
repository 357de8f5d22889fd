// SHA-256, eight streams, one in each 32-bit lane of AVX2: for CPUs without SHA extensions.
#if defined(__x86_64__)
#include "lanes_avx2.h"
#include "sha256_lanes.h"

CK_ROW void ck_sha256_x8_avx2(CK_SHA256_LANES_PARAMETERS) { sha256_compress(states, data, blocks, constants); }
#endif
