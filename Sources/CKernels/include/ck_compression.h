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

// ---------------------------------------------------------------- compression/: literals and matches of a block (RFC 1951, 3.2.5)
//
// Where a call stands. It goes on while next <= input_limit and output <= output_limit, which it shall do at its start: 24 bytes are
// readable from input_limit on, and 300 are writable from output_limit on. bits has bit_count bits, zeros above. A distance may reach
// history.
typedef struct {
    const uint8_t *_Nonnull next, *_Nonnull input_limit;
    uint8_t *_Nonnull output, *_Nonnull output_limit;
    const uint8_t *_Nonnull history;
    uint64_t bits;
    size_t bit_count;
} ck_inflate_state;

// Why it ends: a limit is passed; the end of the block; bits that are no code of a literal or length, or of a distance; a distance to
// before the history.
enum ck_inflate_end { CK_INFLATE_MORE, CK_INFLATE_END_OF_BLOCK, CK_INFLATE_LITERAL_CODE, CK_INFLATE_DISTANCE_CODE, CK_INFLATE_DISTANCE };

// Tables of 2^12 and 2^8 entries with their subtables, as InflateTables.swift says.
#define CK_INFLATE_PARAMETERS \
    ck_inflate_state *_Nonnull state, const uint32_t *_Nonnull literals, const uint32_t *_Nonnull distances

#if defined(__x86_64__)
CK_HIDDEN int32_t ck_inflate_bmi2(CK_INFLATE_PARAMETERS);
#endif

#endif
