// SHA-512, one stream, in general registers: rotations of BMI2 do not destroy their source, which saves a move each.
#if defined(__x86_64__)
#include "lanes_bmi2.h"
#include "sha512_lanes.h"

CK_ROW void ck_sha512_bmi2(CK_SHA512_PARAMETERS) { sha512_compress(state, &data, blocks, constants); }
#endif
