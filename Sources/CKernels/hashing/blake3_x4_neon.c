// BLAKE3, four inputs, one in each 32-bit lane of NEON.
#if defined(__aarch64__)
#include "lanes_neon.h"
#include "blake3_lanes.h"

CK_BLAKE3_LANES_ROW(ck_blake3_x4_neon)
#endif
