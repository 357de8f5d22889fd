// CRC32 and CRC32C by Arm's instructions for them, eight bytes each: for cores that have no carry-less multiply.
#if defined(__aarch64__)
#include <arm_acle.h>

#include "CKernels.h"

#define CK_CRC __attribute__((target("crc")))

// The constants are the instruction's own.
#define CK_CRC_ROW(name, word, byte)                                         \
    CK_CRC uint64_t name(CK_CRC_PARAMETERS) {                                \
        (void)constants;                                                     \
        uint32_t result = (uint32_t)crc;                                     \
        for (; length >= 8; data += 8, length -= 8) {                        \
            uint64_t next;                                                   \
            __builtin_memcpy(&next, data, 8);                                \
            result = word(result, next);                                     \
        }                                                                    \
        for (; length > 0; data++, length--) result = byte(result, *data);   \
        return result;                                                       \
    }

CK_CRC_ROW(ck_crc32_arm, __crc32d, __crc32b)
CK_CRC_ROW(ck_crc32c_arm, __crc32cd, __crc32cb)
#endif
