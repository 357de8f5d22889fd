// SHA-256, one stream, SHA extensions: 32 dependent SHA256RNDS2 of 4 cycles a block, 2 cycles per byte.
#if defined(__x86_64__)
#include "sha256_shani.h"

CK_SHANI void ck_sha256_shani(CK_SHA256_PARAMETERS) {
    sha256_compress(state, &data, blocks, constants, 1);
}
#endif
