// The C leaf of matrix. What holds for all of it stands in CKernels.h.
#ifndef CK_MATRIX_H
#define CK_MATRIX_H

#include "ck_base.h"

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

// The same of one to four rows and at most a tile's columns and 16, for a B whose columns are contiguous: element (p, j) is at
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
CK_HIDDEN void ck_f32_gemm_6x64_avx512f(CK_GEMM_PARAMETERS(float));
CK_HIDDEN void ck_f32_gemm_stream_avx512f(CK_GEMM_STREAM_PARAMETERS(float));
CK_HIDDEN void ck_f32_gemm_inner_avx512f(CK_GEMM_INNER_PARAMETERS(float));
CK_HIDDEN void ck_f64_gemm_6x32_avx512f(CK_GEMM_PARAMETERS(double));
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

#endif
