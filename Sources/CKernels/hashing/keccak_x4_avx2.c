// Keccak, four streams, one in each 64-bit lane of AVX2. Nine of the 25 words are in memory at any time.
#if defined(__x86_64__)
#include "lanes_avx2.h"
#include "keccak_lanes.h"

CK_ROW void ck_keccak_x4_avx2(CK_KECCAK_LANES_PARAMETERS) {
    keccak_absorb(states, data, blocks, block_bytes, constants);
}
#endif
