// A block is 32 SHA256RNDS2 of two rounds each, and for the message schedule 12 SHA256MSG1 and 12 SHA256MSG2 (FIPS 180-4, 6.2.2).
#if defined(__x86_64__)
#include "machine_ceilings.h"

#include <immintrin.h>

#define SHANI __attribute__((target("sha,sse4.1")))
enum { streams = 4 };

SHANI uint32_t cm_sha256_chain_shani(uint64_t blocks) {
    __m128i abef = _mm_set1_epi32(0x6A09E667), cdgh = _mm_set1_epi32(0x3C6EF372), words = _mm_set1_epi32(0x428A2F98);
    for (uint64_t block = 0; block < blocks; block++) {
        for (int pair = 0; pair < 16; pair++) {
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, words);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, words);
        }
    }
    return (uint32_t)_mm_extract_epi32(_mm_add_epi32(abef, cdgh), 0);
}

SHANI uint32_t cm_sha256_chains_shani(uint64_t blocks) {
    __m128i abef[streams], cdgh[streams], schedule[streams], words = _mm_set1_epi32(0x428A2F98);
    for (int s = 0; s < streams; s++) {
        abef[s] = _mm_set1_epi32(0x6A09E667 + s);
        cdgh[s] = _mm_set1_epi32(0x3C6EF372 + s);
        schedule[s] = _mm_set1_epi32(s);
    }
    for (uint64_t block = 0; block < blocks; block += streams) {
        for (int group = 0; group < 16; group++) {
#pragma clang loop unroll(full)
            for (int s = 0; s < streams; s++) {
                cdgh[s] = _mm_sha256rnds2_epu32(cdgh[s], abef[s], words);
                abef[s] = _mm_sha256rnds2_epu32(abef[s], cdgh[s], words);
                if (group < 12) schedule[s] = _mm_sha256msg2_epu32(_mm_sha256msg1_epu32(schedule[s], words), words);
            }
        }
    }
    __m128i sum = _mm_setzero_si128();
    for (int s = 0; s < streams; s++) sum = _mm_add_epi32(sum, _mm_add_epi32(_mm_add_epi32(abef[s], cdgh[s]), schedule[s]));
    return (uint32_t)_mm_extract_epi32(sum, 0);
}
#endif
