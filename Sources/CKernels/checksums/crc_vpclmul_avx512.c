// CRCs, 32 blocks at a time, by the carry-less multiply of AVX-512.
//
// Loads that cross a cache line cost a fifth of the speed, so that a long message is read at multiples of 64 bytes.
#if defined(__x86_64__)
#define CK_ROW __attribute__((target("avx512f,avx512bw,pclmul,vpclmulqdq")))
#include "crc_clmul.h"

typedef __m512i vec;

CK_ROW_INLINE vec load_vec(const uint8_t *data) { return _mm512_loadu_si512(data); }

CK_ROW_INLINE vec fold_vec(vec a, vec distance, vec next) {
    __m512i low = _mm512_clmulepi64_epi128(a, distance, 0x00), high = _mm512_clmulepi64_epi128(a, distance, 0x11);
    return _mm512_ternarylogic_epi64(low, high, next, 0x96);
}

CK_ROW_INLINE vec xor_first_word(vec a, uint64_t word) {
    return _mm512_xor_si512(a, _mm512_maskz_set1_epi64(1, (long long)word));
}

CK_ROW_INLINE vec broadcast_block(block a) { return _mm512_broadcast_i32x4(a); }

// The first half over two blocks, to the second, and the first block of that over one.
CK_ROW_INLINE block narrow(vec a, block two, block one) {
    __m256i distance = _mm256_broadcastsi128_si256(two), first = _mm512_castsi512_si256(a);
    __m256i low = _mm256_clmulepi64_epi128(first, distance, 0x00), high = _mm256_clmulepi64_epi128(first, distance, 0x11);
    __m256i half = _mm256_xor_si256(_mm256_xor_si256(low, high), _mm512_extracti64x4_epi64(a, 1));
    return fold_block(_mm256_castsi256_si128(half), one, _mm256_extracti128_si256(half, 1));
}

#define distance_vec(constants, blocks) broadcast_block(load_words(crc_distance(constants, blocks)))
#define narrow_vec(a, constants) \
    narrow(a, load_words(crc_distance(constants, 2)), load_words(crc_distance(constants, 1)))
#include "crc_fold.h"

// Fewer bytes than a vector's, out of line: the head of a long message.
CK_ROW __attribute__((noinline)) static uint64_t crc_head(CK_CRC_PARAMETERS) {
    if (length < 16) return crc_bytes(crc, data, length, constants);
    return crc_finish(xor_blocks(load_block(data), make_block(crc, 0)), data + 16, length - 16, constants);
}

CK_ROW uint64_t ck_crc_vpclmul_avx512(CK_CRC_PARAMETERS) {
    if (length >= 4096) {
        size_t head = -(uintptr_t)data & 63;
        if (head > 0) crc = crc_head(crc, data, head, constants);
        data += head;
        length -= head;
    }
    return crc_fold(crc, data, length, constants);
}
#endif
