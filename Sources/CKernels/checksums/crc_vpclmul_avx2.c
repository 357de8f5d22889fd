// CRCs, sixteen blocks at a time, by the carry-less multiply of AVX.
#if defined(__x86_64__)
#define CK_ROW __attribute__((target("avx2,pclmul,vpclmulqdq")))
#include "crc_clmul.h"

typedef __m256i vec;

CK_ROW_INLINE vec load_vec(const uint8_t *data) { return _mm256_loadu_si256((const __m256i *)data); }

CK_ROW_INLINE vec fold_vec(vec a, vec distance, vec next) {
    __m256i low = _mm256_clmulepi64_epi128(a, distance, 0x00), high = _mm256_clmulepi64_epi128(a, distance, 0x11);
    return _mm256_xor_si256(_mm256_xor_si256(low, next), high);
}

CK_ROW_INLINE vec xor_first_word(vec a, uint64_t word) {
    return _mm256_xor_si256(a, _mm256_set_epi64x(0, 0, 0, (long long)word));
}

#define distance_vec(constants, blocks) _mm256_broadcastsi128_si256(load_words(crc_distance(constants, blocks)))
// The first block over one, to the second.
#define narrow_vec(a, constants)                                                             \
    fold_block(_mm256_castsi256_si128(a), load_words(crc_distance(constants, 1)), _mm256_extracti128_si256(a, 1))
#include "crc_fold.h"

CK_ROW uint64_t ck_crc_vpclmul_avx2(CK_CRC_PARAMETERS) { return crc_fold(crc, data, length, constants); }
#endif
