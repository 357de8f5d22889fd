// BLAKE3, four inputs, one in each 32-bit lane of SSE4.1.
#if defined(__x86_64__)
#include "lanes_sse41.h"
#include "blake3_lanes.h"

CK_BLAKE3_LANES_ROW(ck_blake3_x4_sse41)
#endif
