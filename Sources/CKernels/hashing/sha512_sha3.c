// SHA-512 with the SHA512 instructions of Armv8.2, which every CPU with those of SHA-3 has (Arm ARM, ID_AA64ISAR0_EL1):
// one stream.
#if defined(__aarch64__)
#include <arm_neon.h>

#include "CKernels.h"
#include "keep_in_memory.h"

#define CK_SHA512 __attribute__((target("sha3")))
#define CK_SHA512_INLINE CK_SHA512 __attribute__((always_inline)) static inline

typedef struct sha512_stream {
    uint64x2_t ab, cd, ef, gh;
    uint64x2_t w[8];  // words 2i ..< 2i + 2 of the schedule, modulo 16
} sha512_stream;

// Rounds 2 * pair ..< 2 * pair + 2; `pair` is a constant after unrolling.
//
// SHA512H adds to h + k + w, for both rounds, what of T1 depends on e, f, g; SHA512H2 then adds T2 (Arm ARM, section C7.2).
CK_SHA512_INLINE void sha512_two_rounds(sha512_stream *s, const uint8_t *block, const uint64_t *constants, int pair) {
    uint64x2_t *w = s->w;
    uint64x2_t next;
    if (pair < 8) {
        next = vreinterpretq_u64_u8(vrev64q_u8(vld1q_u8(block + 16 * pair)));
    } else {
        // W[t] = s1(W[t-2]) + W[t-7] + s0(W[t-15]) + W[t-16]
        uint64x2_t w7 = vextq_u64(w[(pair + 4) & 7], w[(pair + 5) & 7], 1);
        next = vsha512su1q_u64(vsha512su0q_u64(w[pair & 7], w[(pair + 1) & 7]), w[(pair + 7) & 7], w7);
    }
    w[pair & 7] = next;
    uint64x2_t wk = vaddq_u64(next, vld1q_u64(constants + 2 * pair));
    uint64x2_t sum = vaddq_u64(vextq_u64(wk, wk, 1), s->gh);
    uint64x2_t fg = vextq_u64(s->ef, s->gh, 1), de = vextq_u64(s->cd, s->ef, 1);
    uint64x2_t t1 = vsha512hq_u64(sum, fg, de);
    uint64x2_t new_ab = vsha512h2q_u64(t1, s->cd, s->ab);
    s->gh = s->ef;
    s->ef = vaddq_u64(s->cd, t1);
    s->cd = s->ab;
    s->ab = new_ab;
}

CK_SHA512 void ck_sha512_sha3(CK_SHA512_PARAMETERS) {
    sha512_stream s;
    s.ab = vld1q_u64(state);
    s.cd = vld1q_u64(state + 2);
    s.ef = vld1q_u64(state + 4);
    s.gh = vld1q_u64(state + 6);
    for (; blocks > 0; blocks--, data += 128) {
        CK_KEEP_IN_MEMORY(constants);
        uint64x2_t ab = s.ab, cd = s.cd, ef = s.ef, gh = s.gh;
#pragma clang loop unroll(full)
        for (int pair = 0; pair < 40; pair++) sha512_two_rounds(&s, data, constants, pair);
        s.ab = vaddq_u64(s.ab, ab);
        s.cd = vaddq_u64(s.cd, cd);
        s.ef = vaddq_u64(s.ef, ef);
        s.gh = vaddq_u64(s.gh, gh);
    }
    vst1q_u64(state, s.ab);
    vst1q_u64(state + 2, s.cd);
    vst1q_u64(state + 4, s.ef);
    vst1q_u64(state + 6, s.gh);
}
#endif
