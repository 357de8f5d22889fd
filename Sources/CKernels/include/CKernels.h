// The C leaf of Kernels: CPU detection, and loops that need an instruction set Swift cannot compile for.
//
// Nothing here allocates, keeps state, reports errors or decides anything: the Swift side checks, blocks and dispatches.
// Symbols are hidden, so that an application that links the library never sees or collides with them.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#define CK_HIDDEN __attribute__((visibility("hidden")))

// ---------------------------------------------------------------- core/cpu.c

typedef struct ck_cpuid_registers {
    uint32_t eax, ebx, ecx, edx;
} ck_cpuid_registers;

// CPUID with the given leaf and subleaf; all zero on other architectures.
CK_HIDDEN ck_cpuid_registers ck_cpuid(uint32_t leaf, uint32_t subleaf);
// XCR0, the register state that the operating system saves; 0 where OSXSAVE is off or on other architectures.
CK_HIDDEN uint64_t ck_xcr0(void);
// Asks Linux for permission to use AMX tile data (arch_prctl ARCH_REQ_XCOMP_PERM); 1 granted, 0 not.
CK_HIDDEN int32_t ck_request_amx(void);
// getauxval(AT_HWCAP) and getauxval(AT_HWCAP2); 0 where there is no such thing.
CK_HIDDEN uint64_t ck_hwcap(void);
CK_HIDDEN uint64_t ck_hwcap2(void);
// CPUs in the calling thread's affinity mask (sched_getaffinity); 0 where it cannot be asked.
CK_HIDDEN int32_t ck_affinity(void);

// ---------------------------------------------------------------- matrix/: one column panel of C
//
// C[rows, columns] = alpha * A[rows, k] * B[k, columns] + beta * C, for any rows and 1 <= columns <= the tile's width.
//   A: element (i, p) is at a[i * a_row_stride + p * a_column_stride];
//   B: element (p, j) is at b[p * b_row_stride + j];
//   C: element (i, j) is at c[i * c_row_stride + j], never read when beta is 0.
// Strides are in elements. No byte outside the elements named above is read or written, and no alignment is required.
// Each element is the sum over p in ascending order, by fused multiply-add from zero, then alpha * sum, then + beta * c fused:
// its bits depend on its row of A, its column of B, k, alpha, beta and c alone.
#define CK_GEMM_PARAMETERS(T)                                                                                  \
    ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t k,                                                            \
    const T *_Nonnull a, ptrdiff_t a_row_stride, ptrdiff_t a_column_stride,                                    \
    const T *_Nonnull b, ptrdiff_t b_row_stride,                                                               \
    T alpha, T beta, T *_Nonnull c, ptrdiff_t c_row_stride

// The same of one to four rows and any number of columns, for a B that is read once. The sums, rows that lie `sums_row_stride`
// apart, begin at zero with `first` and go to C with `last`; in between they are kept for the next rows of B.
// `sums` has room for `columns` rounded up to a multiple of 64 bytes in each row.
#define CK_GEMM_STREAM_PARAMETERS(T)                                                                           \
    CK_GEMM_PARAMETERS(T), int32_t first, int32_t last, T *_Nonnull sums, ptrdiff_t sums_row_stride

// The same of one to four rows and at most a tile's columns, for a B whose columns are contiguous: element (p, j) is at
// b[p + j * b_column_stride]. The columns of C may lie apart.
#define CK_GEMM_INNER_PARAMETERS(T)                                                                            \
    ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t k,                                                            \
    const T *_Nonnull a, ptrdiff_t a_row_stride, ptrdiff_t a_column_stride,                                    \
    const T *_Nonnull b, ptrdiff_t b_column_stride,                                                            \
    T alpha, T beta, T *_Nonnull c, ptrdiff_t c_row_stride, ptrdiff_t c_column_stride

#if defined(__x86_64__)
CK_HIDDEN void ck_f32_gemm_6x16_avx2(CK_GEMM_PARAMETERS(float));
CK_HIDDEN void ck_f32_gemm_stream_avx2(CK_GEMM_STREAM_PARAMETERS(float));
CK_HIDDEN void ck_f32_gemm_inner_avx2(CK_GEMM_INNER_PARAMETERS(float));
CK_HIDDEN void ck_f64_gemm_4x12_avx2(CK_GEMM_PARAMETERS(double));
CK_HIDDEN void ck_f64_gemm_stream_avx2(CK_GEMM_STREAM_PARAMETERS(double));
CK_HIDDEN void ck_f64_gemm_inner_avx2(CK_GEMM_INNER_PARAMETERS(double));
CK_HIDDEN void ck_f32_gemm_12x32_avx512f(CK_GEMM_PARAMETERS(float));
CK_HIDDEN void ck_f32_gemm_stream_avx512f(CK_GEMM_STREAM_PARAMETERS(float));
CK_HIDDEN void ck_f32_gemm_inner_avx512f(CK_GEMM_INNER_PARAMETERS(float));
CK_HIDDEN void ck_f64_gemm_12x16_avx512f(CK_GEMM_PARAMETERS(double));
CK_HIDDEN void ck_f64_gemm_stream_avx512f(CK_GEMM_STREAM_PARAMETERS(double));
CK_HIDDEN void ck_f64_gemm_inner_avx512f(CK_GEMM_INNER_PARAMETERS(double));
#elif defined(__aarch64__)
CK_HIDDEN void ck_f32_gemm_8x12_neon(CK_GEMM_PARAMETERS(float));
CK_HIDDEN void ck_f32_gemm_stream_neon(CK_GEMM_STREAM_PARAMETERS(float));
CK_HIDDEN void ck_f32_gemm_inner_neon(CK_GEMM_INNER_PARAMETERS(float));
CK_HIDDEN void ck_f64_gemm_6x8_neon(CK_GEMM_PARAMETERS(double));
CK_HIDDEN void ck_f64_gemm_stream_neon(CK_GEMM_STREAM_PARAMETERS(double));
CK_HIDDEN void ck_f64_gemm_inner_neon(CK_GEMM_INNER_PARAMETERS(double));
#endif

// ---------------------------------------------------------------- matrix/: one panel of C from packed groups of k
//
// C[rows, columns] from A[rows, k] * B[k, columns] for any rows and 1 <= columns <= the tile's width, where both factors lie in
// groups of four bytes of k: two bf16 numbers, or four 8-bit integers.
//   A: strips of 16 rows, each `a_strip_bytes` after the one before, each a sequence of `slabs` slabs;
//      a slab is 16 rows of 64 bytes of k.
//   B: panels of 16 columns, each `b_panel_bytes` after the one before, each a sequence of `slabs` slabs;
//      a slab is 16 groups of 16 columns of four bytes of k.
//   C: element (i, j) is at c[i * c_row_stride + j]; strides of C are in elements.
// Rows, columns and bytes of k that are not there are zeros. Slabs are aligned to 64 bytes, C as its elements are. Nothing of C
// is read or written outside the elements named above.
#define CK_DOT_OPERANDS                                                                                        \
    ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t slabs,                                                        \
    const uint8_t *_Nonnull a, ptrdiff_t a_strip_bytes, const uint8_t *_Nonnull b, ptrdiff_t b_panel_bytes

// u8 * s8: c = sum + row_terms[i] + column_terms[j], or that added to c where accumulate is not 0; exact modulo 2^32.
#define CK_U8S8_WRITE_BACK                                                                                     \
    const int32_t *_Nonnull row_terms, const int32_t *_Nonnull column_terms, int32_t accumulate,               \
    int32_t *_Nonnull c, ptrdiff_t c_row_stride

// bf16 * bf16, summed in f32: c = alpha * sum + beta * c, where c is never read when beta is 0. The bits of an element depend on
// its row of A, its column of B, slabs, alpha, beta and c alone.
#define CK_BF16_WRITE_BACK float alpha, float beta, float *_Nonnull c, ptrdiff_t c_row_stride

#if defined(__x86_64__)
CK_HIDDEN void ck_u8s8_gemm_4x16_avx2(CK_DOT_OPERANDS, CK_U8S8_WRITE_BACK);
CK_HIDDEN void ck_u8s8_gemm_8x48_avx512vnni(CK_DOT_OPERANDS, CK_U8S8_WRITE_BACK);
CK_HIDDEN void ck_u8s8_gemm_32x32_amx(CK_DOT_OPERANDS, CK_U8S8_WRITE_BACK);
CK_HIDDEN void ck_bf16_gemm_4x16_avx2(CK_DOT_OPERANDS, CK_BF16_WRITE_BACK);
CK_HIDDEN void ck_bf16_gemm_8x48_avx512bf16(CK_DOT_OPERANDS, CK_BF16_WRITE_BACK);
CK_HIDDEN void ck_bf16_gemm_32x32_amx(CK_DOT_OPERANDS, CK_BF16_WRITE_BACK);
#elif defined(__aarch64__)
CK_HIDDEN void ck_u8s8_gemm_4x16_dotprod(CK_DOT_OPERANDS, CK_U8S8_WRITE_BACK);
CK_HIDDEN void ck_bf16_gemm_4x16_neon(CK_DOT_OPERANDS, CK_BF16_WRITE_BACK);
#endif

// ---------------------------------------------------------------- matrix/: what becomes of a block of C
//
// A block of rows x columns numbers, in this order: v * scale, + bias, activation, + residual, then bounded by lower and upper. Each
// step rounds once. Element (i, j) of a term is at start[i * row_stride + j * column_stride], where the column stride is 0 or 1;
// a term without a start is not there. NaN stays NaN.
typedef struct ck_epilogue_term {
    const float *_Nullable start;
    ptrdiff_t row_stride, column_stride;
} ck_epilogue_term;

enum { CK_NO_ACTIVATION, CK_RELU, CK_GELU, CK_GELU_TANH, CK_SILU };

typedef struct ck_epilogue {
    ck_epilogue_term scale, bias, residual;
    int32_t activation;
    float lower, upper;
} ck_epilogue;

// Sums of bytes: the bias, one a column, is added to them modulo 2^32 before they become numbers. Then C is those numbers, or bytes:
// the integer nearest to v, at a tie the even one, and `zero`, bounded by lower and upper, which are those of a byte; NaN is `zero`.
typedef struct ck_quantization {
    const int32_t *_Nullable bias;
    int32_t to_bytes, zero, lower, upper;
} ck_quantization;

#define CK_EPILOGUE_BLOCK ptrdiff_t rows, ptrdiff_t columns, const ck_epilogue *_Nonnull epilogue
// In place.
#define CK_F32_EPILOGUE_PARAMETERS CK_EPILOGUE_BLOCK, float *_Nonnull c, ptrdiff_t c_row_stride
#define CK_S32_EPILOGUE_PARAMETERS                                                                             \
    CK_EPILOGUE_BLOCK, const int32_t *_Nonnull sums, ptrdiff_t sums_row_stride,                                \
    const ck_quantization *_Nonnull quantization, void *_Nonnull c, ptrdiff_t c_row_stride

#if defined(__x86_64__)
CK_HIDDEN void ck_f32_epilogue_avx2(CK_F32_EPILOGUE_PARAMETERS);
CK_HIDDEN void ck_s32_epilogue_avx2(CK_S32_EPILOGUE_PARAMETERS);
CK_HIDDEN void ck_f32_epilogue_avx512f(CK_F32_EPILOGUE_PARAMETERS);
CK_HIDDEN void ck_s32_epilogue_avx512f(CK_S32_EPILOGUE_PARAMETERS);
#elif defined(__aarch64__)
CK_HIDDEN void ck_f32_epilogue_neon(CK_F32_EPILOGUE_PARAMETERS);
CK_HIDDEN void ck_s32_epilogue_neon(CK_S32_EPILOGUE_PARAMETERS);
#endif

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
CK_HIDDEN void ck_sha256_x2_shani(CK_SHA256_LANES_PARAMETERS);
CK_HIDDEN void ck_sha256_x4_shani(CK_SHA256_LANES_PARAMETERS);
CK_HIDDEN void ck_sha256_x8_avx2(CK_SHA256_LANES_PARAMETERS);
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
CK_HIDDEN void ck_sha512_x4_avx2(CK_SHA512_LANES_PARAMETERS);
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
CK_HIDDEN void ck_keccak_x4_avx2(CK_KECCAK_LANES_PARAMETERS);
CK_HIDDEN void ck_keccak_x8_avx512(CK_KECCAK_LANES_PARAMETERS);
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

// ---------------------------------------------------------------- encodings/: text of bytes
//
// Rows take what they can from the start, in steps of their own, and say how much: decoding up to the step that holds
// something that is not of the alphabet. What is left is the caller's. No alignment is required; exactly what was taken is
// read and written, but encoding base64 may read all of `length`, and decoding may write up to 3/4 of it.

// `length` bytes to two digits each, of the 16 `digits`: the bytes taken.
#define CK_HEX_ENCODE_PARAMETERS                                                                               \
    const uint8_t *_Nonnull bytes, size_t length, uint8_t *_Nonnull text, const uint8_t *_Nonnull digits
// `length` digits of either case: the digits taken.
#define CK_HEX_DECODE_PARAMETERS const uint8_t *_Nonnull text, size_t length, uint8_t *_Nonnull bytes
// `length` bytes to characters: the bytes taken, a multiple of 3.
#define CK_BASE64_ENCODE_PARAMETERS                                                                            \
    const uint8_t *_Nonnull bytes, size_t length, uint8_t *_Nonnull text,                                      \
    const ck_base64_tables *_Nonnull tables
// `length` characters without padding: the characters taken, a multiple of 4.
#define CK_BASE64_DECODE_PARAMETERS                                                                            \
    const uint8_t *_Nonnull text, size_t length, uint8_t *_Nonnull bytes,                                      \
    const ck_base64_tables *_Nonnull tables

typedef struct ck_base64_tables {
    uint8_t alphabet[64];
    // Of each ASCII character: its value, or 0x80.
    uint8_t values[128];
    // By the low and by the high half of a character: it is of the alphabet where the two have no bit in common.
    uint8_t low[16], high[16];
    // By the high half, 8 places on where `low` has bit 3: what is to be added to a character for its value.
    uint8_t offsets[16];
    // What is to be added to values for their characters: to 0 ... 25, to 26 ... 51, to 52, 53, ... 63.
    uint8_t distances[16];
} ck_base64_tables;

// Those of the two alphabets, constant.
CK_HIDDEN const ck_base64_tables *_Nonnull ck_base64_standard(void);
CK_HIDDEN const ck_base64_tables *_Nonnull ck_base64_url(void);

#if defined(__x86_64__)
CK_HIDDEN size_t ck_hex_encode_avx2(CK_HEX_ENCODE_PARAMETERS);
CK_HIDDEN size_t ck_hex_decode_avx2(CK_HEX_DECODE_PARAMETERS);
CK_HIDDEN size_t ck_base64_encode_avx2(CK_BASE64_ENCODE_PARAMETERS);
CK_HIDDEN size_t ck_base64_decode_avx2(CK_BASE64_DECODE_PARAMETERS);
CK_HIDDEN size_t ck_base64_encode_avx512vbmi(CK_BASE64_ENCODE_PARAMETERS);
CK_HIDDEN size_t ck_base64_decode_avx512vbmi(CK_BASE64_DECODE_PARAMETERS);
#elif defined(__aarch64__)
CK_HIDDEN size_t ck_hex_encode_neon(CK_HEX_ENCODE_PARAMETERS);
CK_HIDDEN size_t ck_hex_decode_neon(CK_HEX_DECODE_PARAMETERS);
CK_HIDDEN size_t ck_base64_encode_neon(CK_BASE64_ENCODE_PARAMETERS);
CK_HIDDEN size_t ck_base64_decode_neon(CK_BASE64_DECODE_PARAMETERS);
#endif

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
