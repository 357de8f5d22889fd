// SHA256RNDS2 does two rounds: 32 of them a block, each of which needs the result of the one before.
#if defined(__x86_64__)
#include "machine_ceilings.h"

#include <immintrin.h>

#define SHANI __attribute__((target("sha,sse4.1")))

SHANI static inline uint32_t rounds(uint64_t blocks, int streams) {
    __m128i abef[4], cdgh[4], words = _mm_set1_epi32(0x428A2F98);
    for (int s = 0; s < 4; s++) {
        abef[s] = _mm_set1_epi32(0x6A09E667 + s);
        cdgh[s] = _mm_set1_epi32(0x3C6EF372 + s);
    }
    for (uint64_t block = 0; block < blocks; block += (uint64_t)streams) {
        for (int pair = 0; pair < 16; pair++) {
#pragma clang loop unroll(full)
            for (int s = 0; s < streams; s++) {
                cdgh[s] = _mm_sha256rnds2_epu32(cdgh[s], abef[s], words);
                abef[s] = _mm_sha256rnds2_epu32(abef[s], cdgh[s], words);
            }
        }
    }
    uint32_t sum = 0;
    for (int s = 0; s < streams; s++) sum += (uint32_t)_mm_extract_epi32(_mm_add_epi32(abef[s], cdgh[s]), 0);
    return sum;
}

SHANI uint32_t cm_sha256_chain_shani(uint64_t blocks) { return rounds(blocks, 1); }
SHANI uint32_t cm_sha256_chains_shani(uint64_t blocks) { return rounds(blocks, 4); }
#endif
