// The C leaf of hashing. What holds for all of it stands in CKernels.h.
#ifndef CK_HASHING_H
#define CK_HASHING_H

#include "ck_base.h"

// ---------------------------------------------------------------- hashing/: blocks of a message into a state
//
// No alignment is required; exactly the bytes of the named blocks are read.
//
// Rows of lanes take several streams side by side: `blocks` blocks from each of data[0 ..< lanes], into states that stand
// one after the other.

// SHA-256 (FIPS 180-4, section 6.2). A state is 8 words; `constants` is K of section 4.2.2, 64 words, handed in by the caller
// so that it stands in one place.
#define CK_SHA256_PARAMETERS                                                                                   \
    uint32_t *_Nonnull state, const uint8_t *_Nonnull data, size_t blocks, const uint32_t *_Nonnull constants

#define CK_SHA256_LANES_PARAMETERS                                                                             \
    uint32_t *_Nonnull states, const uint8_t *_Nonnull const *_Nonnull data, size_t blocks,                    \
    const uint32_t *_Nonnull constants

#if defined(__x86_64__)
CK_HIDDEN void ck_sha256_shani(CK_SHA256_PARAMETERS);
CK_HIDDEN void ck_sha256_avx2(CK_SHA256_PARAMETERS);
CK_HIDDEN void ck_sha256_x2_shani(CK_SHA256_LANES_PARAMETERS);
CK_HIDDEN void ck_sha256_x4_shani(CK_SHA256_LANES_PARAMETERS);
CK_HIDDEN void ck_sha256_x8_avx2(CK_SHA256_LANES_PARAMETERS);
CK_HIDDEN void ck_sha256_x8_avx512vl(CK_SHA256_LANES_PARAMETERS);
CK_HIDDEN void ck_sha256_x16_avx512(CK_SHA256_LANES_PARAMETERS);
#elif defined(__aarch64__)
CK_HIDDEN void ck_sha256_sha2(CK_SHA256_PARAMETERS);
CK_HIDDEN void ck_sha256_x2_sha2(CK_SHA256_LANES_PARAMETERS);
#endif

// SHA-512 (FIPS 180-4, section 6.4). A state is 8 words; `constants` is K of section 4.2.3, 80 words.
#define CK_SHA512_PARAMETERS                                                                                   \
    uint64_t *_Nonnull state, const uint8_t *_Nonnull data, size_t blocks, const uint64_t *_Nonnull constants
#define CK_SHA512_LANES_PARAMETERS                                                                             \
    uint64_t *_Nonnull states, const uint8_t *_Nonnull const *_Nonnull data, size_t blocks,                    \
    const uint64_t *_Nonnull constants

#if defined(__x86_64__)
CK_HIDDEN void ck_sha512_avx2(CK_SHA512_PARAMETERS);
CK_HIDDEN void ck_sha512_avx512vl(CK_SHA512_PARAMETERS);
CK_HIDDEN void ck_sha512_x4_avx2(CK_SHA512_LANES_PARAMETERS);
CK_HIDDEN void ck_sha512_x4_avx512vl(CK_SHA512_LANES_PARAMETERS);
CK_HIDDEN void ck_sha512_x8_avx512(CK_SHA512_LANES_PARAMETERS);
#elif defined(__aarch64__)
CK_HIDDEN void ck_sha512_sha3(CK_SHA512_PARAMETERS);
#endif

// Keccak-f[1600] (FIPS 202): each block, of `block_bytes` (a multiple of 8, at least 16 and at most 192), is added to the
// state, which is then permuted. A state is 25 words, lane (x, y) at x + 5 * y; `constants` is RC of section 3.2.5, 24 words.
#define CK_KECCAK_PARAMETERS                                                                                   \
    uint64_t *_Nonnull state, const uint8_t *_Nonnull data, size_t blocks, size_t block_bytes,                 \
    const uint64_t *_Nonnull constants
#define CK_KECCAK_LANES_PARAMETERS                                                                             \
    uint64_t *_Nonnull states, const uint8_t *_Nonnull const *_Nonnull data, size_t blocks,                    \
    size_t block_bytes, const uint64_t *_Nonnull constants

#if defined(__x86_64__)
CK_HIDDEN void ck_keccak_bmi2(CK_KECCAK_PARAMETERS);
CK_HIDDEN void ck_keccak_avx512vl(CK_KECCAK_PARAMETERS);
CK_HIDDEN void ck_keccak_x4_avx2(CK_KECCAK_LANES_PARAMETERS);
CK_HIDDEN void ck_keccak_x4_avx512vl(CK_KECCAK_LANES_PARAMETERS);
CK_HIDDEN void ck_keccak_x8_avx512(CK_KECCAK_LANES_PARAMETERS);
#elif defined(__aarch64__)
CK_HIDDEN void ck_keccak_sha3(CK_KECCAK_PARAMETERS);
CK_HIDDEN void ck_keccak_x2_sha3(CK_KECCAK_LANES_PARAMETERS);
#endif

// SHA-1 (FIPS 180-4, section 6.1). A state is 5 words.
#define CK_SHA1_PARAMETERS uint32_t *_Nonnull state, const uint8_t *_Nonnull data, size_t blocks
#define CK_SHA1_LANES_PARAMETERS                                                                               \
    uint32_t *_Nonnull states, const uint8_t *_Nonnull const *_Nonnull data, size_t blocks

// MD5 (RFC 1321, section 3.4). A state is 4 words; `constants` is T of that section, 64 words.
#define CK_MD5_LANES_PARAMETERS                                                                                \
    uint32_t *_Nonnull states, const uint8_t *_Nonnull const *_Nonnull data, size_t blocks,                    \
    const uint32_t *_Nonnull constants

#if defined(__x86_64__)
CK_HIDDEN void ck_sha1_shani(CK_SHA1_PARAMETERS);
CK_HIDDEN void ck_sha1_x2_shani(CK_SHA1_LANES_PARAMETERS);
CK_HIDDEN void ck_sha1_x8_avx2(CK_SHA1_LANES_PARAMETERS);
CK_HIDDEN void ck_sha1_x16_avx512(CK_SHA1_LANES_PARAMETERS);
CK_HIDDEN void ck_md5_x8_avx2(CK_MD5_LANES_PARAMETERS);
CK_HIDDEN void ck_md5_x16_avx512(CK_MD5_LANES_PARAMETERS);
#endif

// BLAKE3 (J. O'Connor, J.-P. Aumasson, S. Neves, Z. Wilcox-O'Hearn, 2020, section 2.2). `key` and `constants`, which is the
// IV, are 8 words.

// One block, of which `length` bytes count, and all of its 64 are read: the 16 words of the result. `out` may be `key`.
#define CK_BLAKE3_PARAMETERS                                                                                   \
    const uint32_t *_Nonnull key, const uint8_t *_Nonnull block, uint32_t length, uint64_t counter,            \
    uint32_t flags, const uint32_t *_Nonnull constants, uint32_t *_Nonnull out

// Rows of lanes take `blocks` blocks, at least one, from each of data[0 ..< lanes], as chunks or parents: lane i with the
// counter `counter + i * step`, its first and last block with `first` and `last` beside `flags`. Each gives 8 words.
#define CK_BLAKE3_LANES_PARAMETERS                                                                             \
    const uint8_t *_Nonnull const *_Nonnull data, size_t blocks, const uint32_t *_Nonnull key,                 \
    uint64_t counter, uint32_t step, uint32_t flags, uint32_t first, uint32_t last,                            \
    const uint32_t *_Nonnull constants, uint32_t *_Nonnull out

#if defined(__x86_64__)
CK_HIDDEN void ck_blake3_sse41(CK_BLAKE3_PARAMETERS);
CK_HIDDEN void ck_blake3_avx512(CK_BLAKE3_PARAMETERS);
CK_HIDDEN void ck_blake3_x4_sse41(CK_BLAKE3_LANES_PARAMETERS);
CK_HIDDEN void ck_blake3_x8_avx2(CK_BLAKE3_LANES_PARAMETERS);
CK_HIDDEN void ck_blake3_x16_avx512(CK_BLAKE3_LANES_PARAMETERS);
#elif defined(__aarch64__)
CK_HIDDEN void ck_blake3_neon(CK_BLAKE3_PARAMETERS);
CK_HIDDEN void ck_blake3_x4_neon(CK_BLAKE3_LANES_PARAMETERS);
#endif

#endif
