// Keccak, eight streams, one in each 64-bit lane of AVX-512, whose registers hold the whole state.
//
// A round is 90 instructions: 10 for the columns, 5 + 25 for theta, 24 rotations, 25 for chi, 1 for iota.
#if defined(__x86_64__)
#include "lanes_avx512.h"
#include "keccak_lanes.h"

CK_ROW void ck_keccak_x8_avx512(CK_KECCAK_LANES_PARAMETERS) {
    keccak_absorb(states, data, blocks, block_bytes, constants);
}
#endif
