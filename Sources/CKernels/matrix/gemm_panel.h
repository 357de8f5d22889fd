// One column panel of a matrix product, for any vector type: the body of every row of the matrix tables that is written in C.
// Included once by each of those files, which first defines
//   ISA            the attribute that allows the instruction set
//   T, V, LANES    element, vector of elements, elements in a vector
//   MR             rows of the register tile; the tile is two or more vectors wide
//   WIDE           vectors of the register tile
//   TALL           rows of the tile used where one vector is wide enough
//   KERNEL         the function's name
//   mask, mask_of(count), load_masked(p, mask), store_masked(p, mask, v)   the first 1 <= count <= LANES elements
//
// The register tile holds rows x WIDE vectors of sums; each step of k loads WIDE vectors of B and broadcasts one element
// of A a row (Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34(3), 2008).

#pragma clang assume_nonnull begin

#define INLINE static inline __attribute__((always_inline)) ISA
#define UNROLL _Pragma("clang loop unroll(full)")

typedef struct operands {
    ptrdiff_t k;
    const T *a;
    ptrdiff_t a_row_stride, a_column_stride;
    const T *b;
    ptrdiff_t b_row_stride;
    T alpha, beta;
    T *c;
    ptrdiff_t c_row_stride;
} operands;

INLINE V load(const T *p) {
    V v;
    __builtin_memcpy(&v, p, sizeof v);
    return v;
}

INLINE void store(T *p, V v) { __builtin_memcpy(p, &v, sizeof v); }

// rows, vectors and masked are constants where this is called: the loops over them unroll, and sums stays in registers.
INLINE void tile(const int rows, const int vectors, const int masked, mask last, operands o) {
    V sums[12][WIDE];
    UNROLL for (int i = 0; i < rows; i++)
        UNROLL for (int j = 0; j < vectors; j++) sums[i][j] = (V)(T)0;

    // Three rows a pointer, at 0, 1 and 2 strides: an address that the load computes itself, and no chain of additions.
    const T *a[(12 + 2) / 3];
    UNROLL for (int i = 0; i < rows; i += 3) a[i / 3] = o.a + i * o.a_row_stride;
    for (ptrdiff_t p = 0; p < o.k; p++) {
        V b[WIDE];
        UNROLL for (int j = 0; j < vectors; j++)
            b[j] = masked && j == vectors - 1 ? load_masked(o.b + j * LANES, last) : load(o.b + j * LANES);
        UNROLL for (int i = 0; i < rows; i++) {
            V element = (V)a[i / 3][i % 3 * o.a_row_stride];
            UNROLL for (int j = 0; j < vectors; j++) sums[i][j] = __builtin_elementwise_fma(element, b[j], sums[i][j]);
        }
        UNROLL for (int i = 0; i < rows; i += 3) a[i / 3] += o.a_column_stride;
        o.b += o.b_row_stride;
    }

    UNROLL for (int i = 0; i < rows; i++) {
        UNROLL for (int j = 0; j < vectors; j++) {
            T *c = o.c + i * o.c_row_stride + j * LANES;
            int partial = masked && j == vectors - 1;
            V result = (V)o.alpha * sums[i][j];
            if (o.beta != 0) {
                V old = partial ? load_masked(c, last) : load(c);
                result = __builtin_elementwise_fma((V)o.beta, old, result);
            }
            if (partial) store_masked(c, last, result);
            else store(c, result);
        }
    }
}

INLINE ptrdiff_t some_rows(const int rows, const int vectors, const int masked, mask last, operands *o, ptrdiff_t step) {
    tile(rows, vectors, masked, last, *o);
    o->a += step;
    o->c += rows * o->c_row_stride;
    return rows;
}

INLINE void all_rows(const int vectors, const int masked, mask last, ptrdiff_t rows, operands o, ptrdiff_t a_panel_stride) {
    // Where A is not packed in panels of MR rows, a narrow tile may be taller: it has registers to spare, and needs the
    // independent sums to hide the latency of the multiply-add.
    if (vectors == 1 && TALL > MR && a_panel_stride == MR * o.a_row_stride)
        while (rows >= TALL) rows -= some_rows(TALL, vectors, masked, last, &o, TALL * o.a_row_stride);
    while (rows >= MR) rows -= some_rows(MR, vectors, masked, last, &o, a_panel_stride);
    if (MR > 8 && rows >= 8) rows -= some_rows(8, vectors, masked, last, &o, 8 * o.a_row_stride);
    if (rows >= 4) rows -= some_rows(4, vectors, masked, last, &o, 4 * o.a_row_stride);
    if (rows >= 2) rows -= some_rows(2, vectors, masked, last, &o, 2 * o.a_row_stride);
    if (rows >= 1) some_rows(1, vectors, masked, last, &o, o.a_row_stride);
}

ISA void KERNEL(CK_GEMM_PARAMETERS(T)) {
    operands o = {k, a, a_row_stride, a_column_stride, b, b_row_stride, alpha, beta, c, c_row_stride};
    ptrdiff_t vectors = (columns + LANES - 1) / LANES;
    mask last = mask_of(columns - (vectors - 1) * LANES);
    int full = columns == vectors * LANES;
    UNROLL for (int wide = WIDE; wide >= 1; wide--) {
        if (vectors != wide) continue;
        if (full) all_rows(wide, 0, last, rows, o, a_panel_stride);
        else all_rows(wide, 1, last, rows, o, a_panel_stride);
    }
}

#pragma clang assume_nonnull end
