// Keccak with Arm's SHA3 instructions, one stream, twice side by side: the instructions know no half vectors.
#if defined(__aarch64__)
#include "keccak_sha3.h"

CK_ROW void ck_keccak_sha3(CK_KECCAK_PARAMETERS) {
    keccak_absorb_two(state, state, data, data, blocks, block_bytes, constants);
}
#endif
