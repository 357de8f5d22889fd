// CRCs, eight blocks at a time, by the carry-less multiply of SSE.
#if defined(__x86_64__)
#define CK_ROW __attribute__((target("sse4.1,pclmul")))
#include "crc_clmul.h"

typedef block vec;

CK_ROW_INLINE vec load_vec(const uint8_t *data) { return load_block(data); }
CK_ROW_INLINE vec fold_vec(vec a, vec distance, vec next) { return fold_block(a, distance, next); }
CK_ROW_INLINE vec xor_first_word(vec a, uint64_t word) { return xor_blocks(a, make_block(word, 0)); }

#define distance_vec(constants, blocks) load_words(crc_distance(constants, blocks))
#define narrow_vec(a, constants) (a)
#include "crc_fold.h"

CK_ROW uint64_t ck_crc_pclmul(CK_CRC_PARAMETERS) { return crc_fold(crc, data, length, constants); }
#endif
