// SHA-256, one stream, SHA extensions: 32 dependent SHA256RNDS2 of 4 cycles a block, 2 cycles per byte.
#if defined(__x86_64__)
#include "sha256_shani.h"

CK_SHANI void ck_sha256_shani(uint32_t *state, const uint8_t *data, size_t blocks, const uint32_t *constants) {
    sha256_stream s;
    sha256_load_state(&s, state);
    for (; blocks > 0; blocks--, data += 64) {
        CK_KEEP_IN_MEMORY(constants);
        __m128i abef = s.abef, cdgh = s.cdgh;
#pragma clang loop unroll(full)
        for (int group = 0; group < 16; group++) sha256_four_rounds(&s, data, constants, group);
        s.abef = _mm_add_epi32(s.abef, abef);
        s.cdgh = _mm_add_epi32(s.cdgh, cdgh);
    }
    sha256_store_state(&s, state);
}
#endif
