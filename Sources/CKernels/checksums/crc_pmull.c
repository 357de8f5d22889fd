// CRCs, eight blocks at a time, by the carry-less multiply of Arm's cryptographic extension.
#if defined(__aarch64__)
#include <arm_neon.h>

#include "CKernels.h"

#define CK_ROW __attribute__((target("aes")))
#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

// ---------------------------------------------------------------- the vocabulary of crc_clmul.h

typedef uint64x2_t block;

CK_ROW_INLINE block load_block(const uint8_t *data) { return vreinterpretq_u64_u8(vld1q_u8(data)); }
CK_ROW_INLINE block load_words(const uint64_t *words) { return vld1q_u64(words); }
CK_ROW_INLINE block make_block(uint64_t low, uint64_t high) { return vcombine_u64(vcreate_u64(low), vcreate_u64(high)); }
CK_ROW_INLINE uint64_t low_word(block a) { return vgetq_lane_u64(a, 0); }
CK_ROW_INLINE uint64_t high_word(block a) { return vgetq_lane_u64(a, 1); }
CK_ROW_INLINE block xor_blocks(block a, block b) { return veorq_u64(a, b); }

CK_ROW_INLINE block multiply(uint64_t a, uint64_t b) {
    return vreinterpretq_u64_p128(vmull_p64((poly64_t)a, (poly64_t)b));
}
CK_ROW_INLINE block multiply_low_low(block a, block b) { return multiply(low_word(a), low_word(b)); }
CK_ROW_INLINE block multiply_low_high(block a, block b) { return multiply(low_word(a), high_word(b)); }

CK_ROW_INLINE block select_bytes(block a, block b, const uint8_t *indices) {
    return vreinterpretq_u64_u8(vqtbx1q_u8(vreinterpretq_u8_u64(b), vreinterpretq_u8_u64(a), vld1q_u8(indices)));
}

CK_ROW_INLINE block fold_block(block a, block distance, block next) {
    block low = multiply_low_low(a, distance), high = multiply(high_word(a), high_word(distance));
    return veorq_u64(veorq_u64(low, next), high);
}

// ---------------------------------------------------------------- vectors of one block

typedef block vec;

CK_ROW_INLINE vec load_vec(const uint8_t *data) { return load_block(data); }
CK_ROW_INLINE vec fold_vec(vec a, vec distance, vec next) { return fold_block(a, distance, next); }
CK_ROW_INLINE vec xor_first_word(vec a, uint64_t word) { return xor_blocks(a, make_block(word, 0)); }

#define distance_vec(constants, blocks) load_words(crc_distance(constants, blocks))
#define narrow_vec(a, constants) (a)
#include "crc_fold.h"

CK_ROW uint64_t ck_crc_pmull(CK_CRC_PARAMETERS) { return crc_fold(crc, data, length, constants); }
#endif
