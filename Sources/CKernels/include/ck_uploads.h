// The C leaf of uploads. What holds for all of it stands in CKernels.h.
#ifndef CK_UPLOADS_H
#define CK_UPLOADS_H

#include "ck_base.h"

// ---------------------------------------------------------------- uploads/: several checksums in one pass

// SHA-256, MD5 and a CRC of the same blocks in one loop, which takes about as long as the slowest of them. States, registers and
// constants as of each alone; `md5` or `crc` is null where it is not asked for, and its constants are not read then. At least one
// block of 64 bytes; no alignment is required; exactly the blocks are read.
#define CK_UPLOAD_PARAMETERS                                                                                   \
    uint32_t *_Nonnull sha256, uint32_t *_Nullable md5, uint64_t *_Nullable crc, const uint8_t *_Nonnull data, \
    size_t blocks, const uint32_t *_Nonnull sha256_constants, const uint32_t *_Nonnull md5_constants,          \
    const uint64_t *_Nonnull crc_constants

#if defined(__x86_64__)
CK_HIDDEN void ck_upload_shani(CK_UPLOAD_PARAMETERS);
#endif

#endif
