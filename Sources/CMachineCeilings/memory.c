// Reading and copying as fast as loads and stores issue, and reading as slowly as each load waiting for the one before.
#include "machine_ceilings.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// NAME: the function. V: vector type. Sixteen loads a turn into eight accumulators.
#define DEFINE_READ(NAME, V, TARGET)                                                                     \
    TARGET uint64_t NAME(const void *memory, size_t bytes, uint64_t passes) {                            \
        V sum[8] = {0};                                                                                  \
        for (uint64_t pass = 0; pass < passes; pass++) {                                                 \
            const V *vector = memory, *end = vector + bytes / sizeof(V);                                 \
            for (; vector < end; vector += 16) {                                                         \
                _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i++) sum[i % 8] ^= vector[i]; \
            }                                                                                            \
            cm_barrier(); /* or the passes would be folded into one */                                   \
        }                                                                                                \
        for (int i = 1; i < 8; i++) sum[0] ^= sum[i];                                                    \
        return (uint64_t)sum[0][0];                                                                      \
    }

// The same with eight loads a turn, each stored at its place.
#define DEFINE_COPY(NAME, V, TARGET)                                                                     \
    TARGET void NAME(void *to, const void *from, size_t bytes, uint64_t passes) {                        \
        for (uint64_t pass = 0; pass < passes; pass++) {                                                 \
            const V *source = from, *end = source + bytes / sizeof(V);                                   \
            for (V *target = to; source < end; source += 8, target += 8) {                               \
                _Pragma("clang loop unroll(full)") for (int i = 0; i < 8; i++) target[i] = source[i];    \
                cm_barrier(); /* or it becomes a call of memcpy */                                       \
            }                                                                                            \
        }                                                                                                \
    }

#if defined(__x86_64__)
DEFINE_READ(cm_read_sse2, __m128i, )
DEFINE_READ(cm_read_avx2, __m256i, __attribute__((target("avx2"))))
DEFINE_READ(cm_read_avx512f, __m512i, __attribute__((target("avx512f"))))
DEFINE_COPY(cm_copy_sse2, __m128i, )
DEFINE_COPY(cm_copy_avx2, __m256i, __attribute__((target("avx2"))))
DEFINE_COPY(cm_copy_avx512f, __m512i, __attribute__((target("avx512f"))))
#elif defined(__aarch64__)
DEFINE_READ(cm_read_neon, uint64x2_t, )
DEFINE_COPY(cm_copy_neon, uint64x2_t, )
#endif

const void *cm_chase(const void *start, uint64_t steps) {
    const void *address = start;
    for (; steps >= 8; steps -= 8) {
#pragma clang loop unroll(full)
        for (int i = 0; i < 8; i++) address = *(const void *const volatile *)address;
    }
    for (; steps > 0; steps--) address = *(const void *const volatile *)address;
    return address;
}
