// Keccak, four streams, one in each 64-bit lane of 256 bits, with the rotations and the functions of three inputs of AVX-512.
#if defined(__x86_64__)
#include "lanes_avx512vl.h"
#include "keccak_lanes.h"

CK_ROW void ck_keccak_x4_avx512vl(CK_KECCAK_LANES_PARAMETERS) {
    keccak_absorb(states, data, blocks, block_bytes, constants);
}
#endif
