#if defined(__x86_64__)
#include "CKernels.h"

#define ISA __attribute__((target("avx2,fma")))
#define F32 ck_f32_epilogue_avx2
#define S32 ck_s32_epilogue_avx2
enum { LANES = 8 };

#include "epilogue_panel.h"
#endif
