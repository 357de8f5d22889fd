// MD5, eight streams, one in each 32-bit lane of AVX2.
#if defined(__x86_64__)
#include "lanes_avx2.h"
#include "md5_lanes.h"

CK_ROW void ck_md5_x8_avx2(CK_MD5_LANES_PARAMETERS) { md5_compress(states, data, blocks, constants); }
#endif
