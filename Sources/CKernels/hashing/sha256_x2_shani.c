// SHA-256, two streams, SHA extensions: one stream's rounds run in the latency of the other's.
#if defined(__x86_64__)
#include "sha256_shani.h"

CK_SHANI void ck_sha256_x2_shani(uint32_t *states, const uint8_t *const *data, size_t blocks, const uint32_t *constants) {
    sha256_stream s, t;
    const uint8_t *s_data = data[0], *t_data = data[1];
    sha256_load_state(&s, states);
    sha256_load_state(&t, states + 8);
    for (; blocks > 0; blocks--, s_data += 64, t_data += 64) {
        CK_KEEP_IN_MEMORY(constants);
        __m128i s_abef = s.abef, s_cdgh = s.cdgh, t_abef = t.abef, t_cdgh = t.cdgh;
#pragma clang loop unroll(full)
        for (int group = 0; group < 16; group++) {
            sha256_four_rounds(&s, s_data, constants, group);
            sha256_four_rounds(&t, t_data, constants, group);
        }
        s.abef = _mm_add_epi32(s.abef, s_abef);
        s.cdgh = _mm_add_epi32(s.cdgh, s_cdgh);
        t.abef = _mm_add_epi32(t.abef, t_abef);
        t.cdgh = _mm_add_epi32(t.cdgh, t_cdgh);
    }
    sha256_store_state(&s, states);
    sha256_store_state(&t, states + 8);
}
#endif
