// Peak of multiply-add. Four units of latency 4 need 16 chains; 32 registers leave room for 24.
#if defined(__aarch64__)
#include "machine_ceilings.h"

#include "chains.h"

#include <arm_neon.h>

#define F32(a, x, y) vfmaq_f32(y, a, x)
#define F64(a, x, y) vfmaq_f64(y, a, x)

CM_DEFINE_FMA(cm_f32_fma_neon, float32x4_t, 4, 24, , F32)
CM_DEFINE_FMA(cm_f64_fma_neon, float64x2_t, 2, 24, , F64)
#endif
