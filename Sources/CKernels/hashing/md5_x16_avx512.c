// MD5, sixteen streams, one in each 32-bit lane of AVX-512.
#if defined(__x86_64__)
#include "lanes_avx512.h"
#include "md5_lanes.h"

CK_ROW void ck_md5_x16_avx512(CK_MD5_LANES_PARAMETERS) { md5_compress(states, data, blocks, constants); }
#endif
