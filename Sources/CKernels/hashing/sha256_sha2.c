// SHA-256 with the SHA2 instructions of Armv8: one stream, and two side by side.
#if defined(__aarch64__)
#include <arm_neon.h>

#include "CKernels.h"
#include "keep_in_memory.h"

#define CK_SHA2 __attribute__((target("sha2")))
#define CK_SHA2_INLINE CK_SHA2 __attribute__((always_inline)) static inline

typedef struct sha256_stream {
    uint32x4_t abcd, efgh;
    uint32x4_t w[4];  // words 4i ..< 4i + 4 of the schedule, modulo 16
} sha256_stream;

// Rounds 4 * group ..< 4 * group + 4; `group` is a constant after unrolling.
CK_SHA2_INLINE void sha256_four_rounds(sha256_stream *s, const uint8_t *block, const uint32_t *constants, int group) {
    uint32x4_t *w = s->w;
    uint32x4_t next;
    if (group < 4) {
        next = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(block + 16 * group)));
    } else {
        // W[t] = s1(W[t-2]) + W[t-7] + s0(W[t-15]) + W[t-16]
        next = vsha256su0q_u32(w[group & 3], w[(group + 1) & 3]);
        next = vsha256su1q_u32(next, w[(group + 2) & 3], w[(group + 3) & 3]);
    }
    w[group & 3] = next;
    uint32x4_t wk = vaddq_u32(next, vld1q_u32(constants + 4 * group));
    uint32x4_t abcd = s->abcd;
    s->abcd = vsha256hq_u32(abcd, s->efgh, wk);
    s->efgh = vsha256h2q_u32(s->efgh, abcd, wk);
}

CK_SHA2 void ck_sha256_sha2(CK_SHA256_PARAMETERS) {
    sha256_stream s;
    s.abcd = vld1q_u32(state);
    s.efgh = vld1q_u32(state + 4);
    for (; blocks > 0; blocks--, data += 64) {
        CK_KEEP_IN_MEMORY(constants);
        uint32x4_t abcd = s.abcd, efgh = s.efgh;
#pragma clang loop unroll(full)
        for (int group = 0; group < 16; group++) sha256_four_rounds(&s, data, constants, group);
        s.abcd = vaddq_u32(s.abcd, abcd);
        s.efgh = vaddq_u32(s.efgh, efgh);
    }
    vst1q_u32(state, s.abcd);
    vst1q_u32(state + 4, s.efgh);
}

CK_SHA2 void ck_sha256_x2_sha2(CK_SHA256_LANES_PARAMETERS) {
    sha256_stream s, t;
    const uint8_t *s_data = data[0], *t_data = data[1];
    s.abcd = vld1q_u32(states);
    s.efgh = vld1q_u32(states + 4);
    t.abcd = vld1q_u32(states + 8);
    t.efgh = vld1q_u32(states + 12);
    for (; blocks > 0; blocks--, s_data += 64, t_data += 64) {
        CK_KEEP_IN_MEMORY(constants);
        uint32x4_t s_abcd = s.abcd, s_efgh = s.efgh, t_abcd = t.abcd, t_efgh = t.efgh;
#pragma clang loop unroll(full)
        for (int group = 0; group < 16; group++) {
            sha256_four_rounds(&s, s_data, constants, group);
            sha256_four_rounds(&t, t_data, constants, group);
        }
        s.abcd = vaddq_u32(s.abcd, s_abcd);
        s.efgh = vaddq_u32(s.efgh, s_efgh);
        t.abcd = vaddq_u32(t.abcd, t_abcd);
        t.efgh = vaddq_u32(t.efgh, t_efgh);
    }
    vst1q_u32(states, s.abcd);
    vst1q_u32(states + 4, s.efgh);
    vst1q_u32(states + 8, t.abcd);
    vst1q_u32(states + 12, t.efgh);
}
#endif
