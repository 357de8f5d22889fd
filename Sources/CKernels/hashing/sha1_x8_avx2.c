// SHA-1, eight streams, one in each 32-bit lane of AVX2.
#if defined(__x86_64__)
#include "lanes_avx2.h"
#include "sha1_lanes.h"

CK_ROW void ck_sha1_x8_avx2(CK_SHA1_LANES_PARAMETERS) { sha1_compress(states, data, blocks); }
#endif
