// Words of several streams in vectors of 256 bits with the instructions of AVX-512: half as many streams as in lanes_avx512.h, on
// three ports where those of 512 bits have two, so that a few streams take two thirds of the time.
#ifndef CK_LANES_AVX512VL_H
#define CK_LANES_AVX512VL_H

#define CK_ROW __attribute__((target("avx512f,avx512bw,avx512vl")))
#include "lanes_256.h"

#define CK_TERNARY32(x, y, z, table) \
    ((vec32)_mm256_ternarylogic_epi32((__m256i)(x), (__m256i)(y), (__m256i)(z), table))
#define CK_TERNARY64(x, y, z, table) \
    ((vec64)_mm256_ternarylogic_epi64((__m256i)(x), (__m256i)(y), (__m256i)(z), table))

#include "lanes_ternary.h"

#endif
