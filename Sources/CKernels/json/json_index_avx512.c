// The row for AVX-512 without VBMI2: where the bits of a mask are, one after another.
#if defined(__x86_64__)
#include <immintrin.h>

#include "json_block.h"

#define CK_ROW __attribute__((target("avx512f,avx512bw,avx512vl,bmi,bmi2,pclmul,popcnt,lzcnt")))
#define CK_ROW_INLINE CK_ROW __attribute__((always_inline)) static inline

CK_ROW_INLINE void row_offsets(uint32_t *out, uint64_t mask, uint32_t base, unsigned count) {
    write_offsets(out, mask, base, count);
}

CK_ROW_INLINE void row_visits(uint32_t *out, uint64_t mask, uint32_t base, unsigned count) {
    write_visits(out, mask, base, count);
}

#include "json_avx512.h"

CK_ROW size_t ck_json_index_avx512bw(CK_JSON_INDEX_PARAMETERS) {
    return index_blocks(data, blocks, state, index, escapes);
}

CK_ROW size_t ck_json_kinds_avx512bw(CK_JSON_KINDS_PARAMETERS) {
    return kinds_of_blocks(data, blocks, state, kinds, blanks, visits);
}
#endif
