// SHA256H and SHA256H2 do four rounds, one half of the state each: 16 pairs a block, each of which needs the pair before.
#if defined(__aarch64__)
#include "machine_ceilings.h"

#include <arm_neon.h>

#define SHA2 __attribute__((target("sha2")))

SHA2 static inline uint32_t rounds(uint64_t blocks, int streams) {
    uint32x4_t abcd[4], efgh[4], words = vdupq_n_u32(0x428A2F98);
    for (int s = 0; s < 4; s++) {
        abcd[s] = vdupq_n_u32(0x6A09E667u + (uint32_t)s);
        efgh[s] = vdupq_n_u32(0x3C6EF372u + (uint32_t)s);
    }
    for (uint64_t block = 0; block < blocks; block += (uint64_t)streams) {
        for (int group = 0; group < 16; group++) {
#pragma clang loop unroll(full)
            for (int s = 0; s < streams; s++) {
                uint32x4_t before = abcd[s];
                abcd[s] = vsha256hq_u32(before, efgh[s], words);
                efgh[s] = vsha256h2q_u32(efgh[s], before, words);
            }
        }
    }
    uint32_t sum = 0;
    for (int s = 0; s < streams; s++) sum += vaddvq_u32(vaddq_u32(abcd[s], efgh[s]));
    return sum;
}

SHA2 uint32_t cm_sha256_chain_sha2(uint64_t blocks) { return rounds(blocks, 1); }
SHA2 uint32_t cm_sha256_chains_sha2(uint64_t blocks) { return rounds(blocks, 4); }
#endif
