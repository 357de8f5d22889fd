// BLAKE3, eight inputs, one in each 32-bit lane of AVX2.
#if defined(__x86_64__)
#include "lanes_avx2.h"
#include "blake3_lanes.h"

CK_BLAKE3_LANES_ROW(ck_blake3_x8_avx2)
#endif
