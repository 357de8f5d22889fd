// BLAKE3, one input, in vectors of AVX-512 of four words, for its rotations.
#if defined(__x86_64__)
#define CK_ROW __attribute__((target("avx512f,avx512vl")))
#define CK_ROW_ROTATES
#include "blake3_rows.h"

CK_BLAKE3_ROW(ck_blake3_avx512)
#endif
