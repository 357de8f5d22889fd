// The C leaf of checksums. What holds for all of it stands in CKernels.h.
#ifndef CK_CHECKSUMS_H
#define CK_CHECKSUMS_H

#include "ck_base.h"

// ---------------------------------------------------------------- checksums/: a CRC's register over bytes
//
// The register after `length` bytes more; it is reflected, and inverted by the caller. No alignment is required; exactly the
// bytes are read. `constants` are those of crc_fold.h, 16 words, handed in by the caller so that they stand in one place.
#define CK_CRC_PARAMETERS                                                                                      \
    uint64_t crc, const uint8_t *_Nonnull data, size_t length, const uint64_t *_Nonnull constants

#if defined(__x86_64__)
CK_HIDDEN uint64_t ck_crc_pclmul(CK_CRC_PARAMETERS);
CK_HIDDEN uint64_t ck_crc_vpclmul_avx2(CK_CRC_PARAMETERS);
CK_HIDDEN uint64_t ck_crc_vpclmul_avx512(CK_CRC_PARAMETERS);
CK_HIDDEN uint64_t ck_crc32c_sse42(CK_CRC_PARAMETERS);
#elif defined(__aarch64__)
CK_HIDDEN uint64_t ck_crc_pmull(CK_CRC_PARAMETERS);
CK_HIDDEN uint64_t ck_crc32_arm(CK_CRC_PARAMETERS);
CK_HIDDEN uint64_t ck_crc32c_arm(CK_CRC_PARAMETERS);
#endif

#endif
