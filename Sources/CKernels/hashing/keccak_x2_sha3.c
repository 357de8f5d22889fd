// Keccak with Arm's SHA3 instructions, two streams side by side.
#if defined(__aarch64__)
#include "keccak_sha3.h"

CK_ROW void ck_keccak_x2_sha3(CK_KECCAK_LANES_PARAMETERS) {
    keccak_absorb_two(states, states + 25, data[0], data[1], blocks, block_bytes, constants);
}
#endif
