// SHA-1, one stream and two, SHA extensions: SHA1RNDS4 does four rounds (Intel SDM volume 2B), 20 of them in a chain a block.
#if defined(__x86_64__)
#include <immintrin.h>

#include "CKernels.h"

#define CK_SHANI __attribute__((target("sha,sse4.1")))
#define CK_SHANI_INLINE CK_SHANI __attribute__((always_inline)) static inline

typedef struct sha1_stream {
    __m128i abcd;      // from the high word down
    __m128i previous;  // a ... d before the last four rounds; a, turned, is the e of the next
    __m128i w[4];      // words 4i ..< 4i + 4 of the schedule, modulo 16, from the high word down
} sha1_stream;

CK_SHANI_INLINE void sha1_load_state(sha1_stream *s, const uint32_t *state) {
    s->abcd = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0x1b);
    s->previous = _mm_set_epi32((int)state[4], 0, 0, 0);
}

// Rounds 4 * group ..< 4 * group + 4; `group` is a constant after unrolling.
CK_SHANI_INLINE void sha1_four_rounds(sha1_stream *s, const uint8_t *block, int group) {
    __m128i *w = s->w;
    __m128i next;
    if (group < 4) {
        const __m128i reverse = _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
        next = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)block + group), reverse);
    } else {
        // W[t] = ROTL(W[t-3] ^ W[t-8] ^ W[t-14] ^ W[t-16], 1)
        next = _mm_xor_si128(_mm_sha1msg1_epu32(w[group & 3], w[(group + 1) & 3]), w[(group + 2) & 3]);
        next = _mm_sha1msg2_epu32(next, w[(group + 3) & 3]);
    }
    w[group & 3] = next;
    // The first e is not turned.
    __m128i e = group == 0 ? _mm_add_epi32(s->previous, next) : _mm_sha1nexte_epu32(s->previous, next);
    s->previous = s->abcd;
    switch (group / 5) {
        case 0: s->abcd = _mm_sha1rnds4_epu32(s->abcd, e, 0); break;
        case 1: s->abcd = _mm_sha1rnds4_epu32(s->abcd, e, 1); break;
        case 2: s->abcd = _mm_sha1rnds4_epu32(s->abcd, e, 2); break;
        default: s->abcd = _mm_sha1rnds4_epu32(s->abcd, e, 3); break;
    }
}

// `lanes`, at most 2, is a constant of the caller's; states and data as in CK_SHA1_LANES_PARAMETERS.
CK_SHANI_INLINE void sha1_compress(uint32_t *states, const uint8_t *const *data, size_t blocks, int lanes) {
    sha1_stream s[2];
    const uint8_t *block[2];
#pragma clang loop unroll(full)
    for (int i = 0; i < lanes; i++) {
        sha1_load_state(&s[i], states + 5 * i);
        block[i] = data[i];
    }
    for (; blocks > 0; blocks--) {
        __m128i abcd[2], e[2];
#pragma clang loop unroll(full)
        for (int i = 0; i < lanes; i++) {
            abcd[i] = s[i].abcd;
            e[i] = s[i].previous;
        }
#pragma clang loop unroll(full)
        for (int group = 0; group < 20; group++) {
#pragma clang loop unroll(full)
            for (int i = 0; i < lanes; i++) sha1_four_rounds(&s[i], block[i], group);
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < lanes; i++) {
            s[i].previous = _mm_sha1nexte_epu32(s[i].previous, e[i]);
            s[i].abcd = _mm_add_epi32(s[i].abcd, abcd[i]);
            block[i] += 64;
        }
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < lanes; i++) {
        _mm_storeu_si128((__m128i *)(states + 5 * i), _mm_shuffle_epi32(s[i].abcd, 0x1b));
        states[5 * i + 4] = (uint32_t)_mm_extract_epi32(s[i].previous, 3);
    }
}

CK_SHANI void ck_sha1_shani(CK_SHA1_PARAMETERS) { sha1_compress(state, &data, blocks, 1); }

CK_SHANI void ck_sha1_x2_shani(CK_SHA1_LANES_PARAMETERS) { sha1_compress(states, data, blocks, 2); }
#endif
