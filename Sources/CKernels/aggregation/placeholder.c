#include "CKernels.h"
typedef int ck_placeholder;
