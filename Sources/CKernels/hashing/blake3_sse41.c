// BLAKE3, one input, in vectors of SSE4.1.
#if defined(__x86_64__)
#define CK_ROW __attribute__((target("sse4.1")))
#include "blake3_rows.h"

CK_BLAKE3_ROW(ck_blake3_sse41)
#endif
