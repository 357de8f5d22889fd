#if defined(__x86_64__)
#include "CKernels.h"

#define ISA __attribute__((target("avx512f")))
#define F32 ck_f32_epilogue_avx512f
#define S32 ck_s32_epilogue_avx512f
enum { LANES = 16 };

#include "epilogue_panel.h"
#endif
