#include "CKernels.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#define TARGET
#define NAME(loop) ck_f64_##loop##_neon
#define LANES 2
#define V float64x2_t
#define LOAD(p) vld1q_f64(p)
#define STORE(p, v) vst1q_f64(p, v)
#define SPLAT(x) vdupq_n_f64(x)
#define ADD(a, b) vaddq_f64(a, b)
#define SUB(a, b) vsubq_f64(a, b)
#define MULADD(a, b, c) vfmaq_f64(c, a, b)
// Selections, because the instructions for minimum and maximum treat a signalling NaN otherwise.
#define MIN(a, b) vbslq_f64(vcltq_f64(a, b), a, b)
#define MAX(a, b) vbslq_f64(vcgtq_f64(a, b), a, b)
#define OR(a, b) vreinterpretq_f64_u64(vorrq_u64(vreinterpretq_u64_f64(a), vreinterpretq_u64_f64(b)))
#define AND(a, b) vreinterpretq_f64_u64(vandq_u64(vreinterpretq_u64_f64(a), vreinterpretq_u64_f64(b)))
#define UNORDERED(a, b) vreinterpretq_f64_u64(vornq_u64(different(a), vceqq_f64(b, b)))
#define ANY(v) (vmaxvq_u32(vreinterpretq_u32_f64(v)) != 0)
#define BITS(v) vaddvq_u64(vreinterpretq_u64_f64(v))

static inline uint64x2_t different(float64x2_t v) {
    return veorq_u64(vceqq_f64(v, v), vdupq_n_u64(~0ull));
}

#include "f64_reduce.h"
#endif
