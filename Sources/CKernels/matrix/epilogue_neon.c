#if defined(__aarch64__)
#include "CKernels.h"

#define ISA
#define F32 ck_f32_epilogue_neon
#define S32 ck_s32_epilogue_neon
enum { LANES = 4 };

#include "epilogue_panel.h"
#endif
