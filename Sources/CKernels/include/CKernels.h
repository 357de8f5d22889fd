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

#if defined(__x86_64__)
CK_HIDDEN void ck_f32_gemm_6x16_avx2(CK_GEMM_PARAMETERS(float));
CK_HIDDEN void ck_f64_gemm_4x12_avx2(CK_GEMM_PARAMETERS(double));
CK_HIDDEN void ck_f32_gemm_12x32_avx512f(CK_GEMM_PARAMETERS(float));
CK_HIDDEN void ck_f64_gemm_12x16_avx512f(CK_GEMM_PARAMETERS(double));
#elif defined(__aarch64__)
CK_HIDDEN void ck_f32_gemm_8x12_neon(CK_GEMM_PARAMETERS(float));
CK_HIDDEN void ck_f64_gemm_6x8_neon(CK_GEMM_PARAMETERS(double));
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

// ---------------------------------------------------------------- hashing/: SHA-256 compression (FIPS 180-4, section 6.2)
//
// `constants` is K of section 4.2.2, 64 words, handed in by the caller so that it stands in one place.
// No alignment is required; exactly the bytes of the named blocks are read.
#define CK_SHA256_PARAMETERS                                                                                   \
    uint32_t *_Nonnull state, const uint8_t *_Nonnull data, size_t blocks, const uint32_t *_Nonnull constants

// Several streams side by side: `blocks` blocks from each of data[0 ..< lanes].
// states[8 * lane ..< 8 * lane + 8] are the words of stream `lane`.
#define CK_SHA256_LANES_PARAMETERS                                                                             \
    uint32_t *_Nonnull states, const uint8_t *_Nonnull const *_Nonnull data, size_t blocks,                    \
    const uint32_t *_Nonnull constants

#if defined(__x86_64__)
CK_HIDDEN void ck_sha256_shani(CK_SHA256_PARAMETERS);
CK_HIDDEN void ck_sha256_x2_shani(CK_SHA256_LANES_PARAMETERS);
CK_HIDDEN void ck_sha256_x4_shani(CK_SHA256_LANES_PARAMETERS);
CK_HIDDEN void ck_sha256_x16_avx512(CK_SHA256_LANES_PARAMETERS);
#elif defined(__aarch64__)
CK_HIDDEN void ck_sha256_sha2(CK_SHA256_PARAMETERS);
CK_HIDDEN void ck_sha256_x2_sha2(CK_SHA256_LANES_PARAMETERS);
#endif

#endif
