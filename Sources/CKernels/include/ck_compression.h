// The C leaf of compression. What holds for all of it stands in CKernels.h.
#ifndef CK_COMPRESSION_H
#define CK_COMPRESSION_H

#include "ck_base.h"

// ---------------------------------------------------------------- compression/: Adler-32 over bytes
//
// The checksum after `length` bytes more. No alignment is required; exactly the bytes are read.
#define CK_ADLER_PARAMETERS uint32_t adler, const uint8_t *_Nonnull data, size_t length

#if defined(__x86_64__)
CK_HIDDEN uint32_t ck_adler_avx2(CK_ADLER_PARAMETERS);
CK_HIDDEN uint32_t ck_adler_avx512vnni(CK_ADLER_PARAMETERS);
#elif defined(__aarch64__)
CK_HIDDEN uint32_t ck_adler_neon(CK_ADLER_PARAMETERS);
#endif

#endif
