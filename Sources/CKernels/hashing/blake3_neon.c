// BLAKE3, one input, in vectors of NEON.
#if defined(__aarch64__)
#define CK_ROW
#include "blake3_rows.h"

CK_BLAKE3_ROW(ck_blake3_neon)
#endif
