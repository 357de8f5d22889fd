// BLAKE3, sixteen inputs, one in each 32-bit lane of AVX-512.
#if defined(__x86_64__)
#include "lanes_avx512.h"
#include "blake3_lanes.h"

CK_BLAKE3_LANES_ROW(ck_blake3_x16_avx512)
#endif
