// A block is 16 pairs of SHA256H and SHA256H2, four rounds of one half of the state each, and for the message schedule
// 12 SHA256SU0 and 12 SHA256SU1 (FIPS 180-4, 6.2.2).
#if defined(__aarch64__)
#include "machine_ceilings.h"

#include <arm_neon.h>

#define SHA2 __attribute__((target("sha2")))
enum { streams = 4 };

SHA2 uint32_t cm_sha256_chain_sha2(uint64_t blocks) {
    uint32x4_t abcd = vdupq_n_u32(0x6A09E667), efgh = vdupq_n_u32(0x3C6EF372), words = vdupq_n_u32(0x428A2F98);
    for (uint64_t block = 0; block < blocks; block++) {
        for (int group = 0; group < 16; group++) {
            uint32x4_t before = abcd;
            abcd = vsha256hq_u32(before, efgh, words);
            efgh = vsha256h2q_u32(efgh, before, words);
        }
    }
    return vaddvq_u32(vaddq_u32(abcd, efgh));
}

SHA2 uint32_t cm_sha256_chains_sha2(uint64_t blocks) {
    uint32x4_t abcd[streams], efgh[streams], schedule[streams], words = vdupq_n_u32(0x428A2F98);
    for (int s = 0; s < streams; s++) {
        abcd[s] = vdupq_n_u32(0x6A09E667u + (uint32_t)s);
        efgh[s] = vdupq_n_u32(0x3C6EF372u + (uint32_t)s);
        schedule[s] = vdupq_n_u32((uint32_t)s);
    }
    for (uint64_t block = 0; block < blocks; block += streams) {
        for (int group = 0; group < 16; group++) {
#pragma clang loop unroll(full)
            for (int s = 0; s < streams; s++) {
                uint32x4_t before = abcd[s];
                abcd[s] = vsha256hq_u32(before, efgh[s], words);
                efgh[s] = vsha256h2q_u32(efgh[s], before, words);
                if (group < 12) schedule[s] = vsha256su1q_u32(vsha256su0q_u32(schedule[s], words), words, words);
            }
        }
    }
    uint32_t sum = 0;
    for (int s = 0; s < streams; s++) sum += vaddvq_u32(vaddq_u32(vaddq_u32(abcd[s], efgh[s]), schedule[s]));
    return sum;
}
#endif
