// SHA-256 with the SHA extensions, for any constant number of interleaved streams.
//
// SHA256RNDS2 does two rounds on a state split as ABEF and CDGH (Intel SDM volume 2B). The message schedule lives in
// four registers, W[t-16 ..< t]; each step makes the next four words in the place of the oldest.
#ifndef CK_SHA256_SHANI_H
#define CK_SHA256_SHANI_H

#include <immintrin.h>

#include "CKernels.h"
#include "keep_in_memory.h"

#define CK_SHANI __attribute__((target("sha,sse4.1")))
#define CK_SHANI_INLINE CK_SHANI __attribute__((always_inline)) static inline

typedef struct sha256_stream {
    __m128i abef, cdgh;  // from the high word down
    __m128i w[4];        // words 4i ..< 4i + 4 of the schedule, modulo 16
} sha256_stream;

CK_SHANI_INLINE void sha256_load_state(sha256_stream *s, const uint32_t *state) {
    __m128i dcba = _mm_loadu_si128((const __m128i *)state);
    __m128i hgfe = _mm_loadu_si128((const __m128i *)(state + 4));
    __m128i cdab = _mm_shuffle_epi32(dcba, 0xb1);
    __m128i efgh = _mm_shuffle_epi32(hgfe, 0x1b);
    s->abef = _mm_alignr_epi8(cdab, efgh, 8);
    s->cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
}

CK_SHANI_INLINE void sha256_store_state(const sha256_stream *s, uint32_t *state) {
    __m128i feba = _mm_shuffle_epi32(s->abef, 0x1b);
    __m128i dchg = _mm_shuffle_epi32(s->cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

// Rounds 4 * group ..< 4 * group + 4; `group` is a constant after unrolling.
CK_SHANI_INLINE void sha256_four_rounds(sha256_stream *s, const uint8_t *block, const uint32_t *constants, int group) {
    __m128i *w = s->w;
    __m128i next;
    if (group < 4) {
        const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
        next = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)block + group), big_endian);
    } else {
        // W[t] = s1(W[t-2]) + W[t-7] + s0(W[t-15]) + W[t-16]
        __m128i w7 = _mm_alignr_epi8(w[(group + 3) & 3], w[(group + 2) & 3], 4);
        next = _mm_sha256msg1_epu32(w[group & 3], w[(group + 1) & 3]);
        next = _mm_sha256msg2_epu32(_mm_add_epi32(next, w7), w[(group + 3) & 3]);
    }
    w[group & 3] = next;
    __m128i wk = _mm_add_epi32(next, _mm_loadu_si128((const __m128i *)constants + group));
    s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, wk);
    s->abef = _mm_sha256rnds2_epu32(s->abef, s->cdgh, _mm_shuffle_epi32(wk, 0x0e));
}

// `lanes`, at most 4, is a constant of the caller's; states and data as in CK_SHA256_LANES_PARAMETERS.
CK_SHANI_INLINE void sha256_compress(uint32_t *states, const uint8_t *const *data, size_t blocks,
                                     const uint32_t *constants, int lanes) {
    sha256_stream s[4];
    const uint8_t *block[4];
#pragma clang loop unroll(full)
    for (int i = 0; i < lanes; i++) {
        sha256_load_state(&s[i], states + 8 * i);
        block[i] = data[i];
    }
    for (; blocks > 0; blocks--) {
        CK_KEEP_IN_MEMORY(constants);
        __m128i abef[4], cdgh[4];
#pragma clang loop unroll(full)
        for (int i = 0; i < lanes; i++) {
            abef[i] = s[i].abef;
            cdgh[i] = s[i].cdgh;
        }
#pragma clang loop unroll(full)
        for (int group = 0; group < 16; group++) {
#pragma clang loop unroll(full)
            for (int i = 0; i < lanes; i++) sha256_four_rounds(&s[i], block[i], constants, group);
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < lanes; i++) {
            s[i].abef = _mm_add_epi32(s[i].abef, abef[i]);
            s[i].cdgh = _mm_add_epi32(s[i].cdgh, cdgh[i]);
            block[i] += 64;
        }
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < lanes; i++) sha256_store_state(&s[i], states + 8 * i);
}

#endif
