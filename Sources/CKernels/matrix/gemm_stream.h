// A few rows of A times a wide B: what there is to do is to read B once, at the speed of memory, in the order in which it lies.
// Included after gemm_panel.h by the same files, with STREAM for the function's name.
//
// There are more sums than registers: they lie in memory that stays in the first cache. A sweep takes DEPTH rows of B, so that
// a vector of sums is loaded and stored once for all of them. Each sum is built by the same operations in the same order
// as in a register tile, and has its bits.

#pragma clang assume_nonnull begin

enum { STREAM_ROWS = 4, DEPTH = 4 };

typedef struct sweep {
    int rows;    // of A
    int depth;   // rows of B
    int ahead;   // asks for the rows of the next sweep: hardware fetches ahead within a page, and each row is in another one
} sweep;

// A vector of sums, with the rows of B of this sweep added.
INLINE void stream_vector(const sweep s, V a[_Nonnull STREAM_ROWS][DEPTH], const operands *o, ptrdiff_t j, const int partial, mask last,
                          T *sums, ptrdiff_t sums_row_stride) {
    V sum[STREAM_ROWS];
    UNROLL for (int i = 0; i < s.rows; i++) sum[i] = get(sums + i * sums_row_stride + j, 0, last);
    UNROLL for (int q = 0; q < s.depth; q++) {
        const T *b = o->b + q * o->b_row_stride + j;
        if (s.ahead) __builtin_prefetch(b + s.depth * o->b_row_stride, 0, 2);
        V row = get(b, partial, last);
        UNROLL for (int i = 0; i < s.rows; i++) sum[i] = __builtin_elementwise_fma(a[i][q], row, sum[i]);
    }
    UNROLL for (int i = 0; i < s.rows; i++) put(sums + i * sums_row_stride + j, 0, last, sum[i]);
}

// sums[0 ..< rows][0 ..< columns] += A[rows, depth] * B[depth, columns], and on to the next rows of B.
INLINE void stream_sweep(const sweep s, operands *o, ptrdiff_t columns, T *sums, ptrdiff_t sums_row_stride) {
    V a[STREAM_ROWS][DEPTH];
    UNROLL for (int i = 0; i < s.rows; i++)
        UNROLL for (int q = 0; q < s.depth; q++) a[i][q] = (V)o->a[i * o->a_row_stride + q * o->a_column_stride];
    ptrdiff_t whole = columns / LANES * LANES;
    mask all = mask_of(LANES);
    for (ptrdiff_t j = 0; j < whole; j += LANES) stream_vector(s, a, o, j, 0, all, sums, sums_row_stride);
    if (whole < columns) stream_vector(s, a, o, whole, 1, mask_of(columns - whole), sums, sums_row_stride);
    o->a += s.depth * o->a_column_stride;
    o->b += s.depth * o->b_row_stride;
}

// What `sums` holds past `columns`, up to a whole vector, is of no account.
INLINE void stream_rows(const int rows, operands o, ptrdiff_t columns, int first, int last, T *sums, ptrdiff_t sums_row_stride) {
    if (first)
        for (int i = 0; i < rows; i++)
            for (ptrdiff_t j = 0; j < columns; j += LANES) put(sums + i * sums_row_stride + j, 0, mask_of(LANES), (V)(T)0);

    ptrdiff_t p = o.k;
    // A single row is fetched well enough by itself: asking costs more than it brings.
    if (rows > 1)
        for (; p >= 2 * DEPTH; p -= DEPTH) stream_sweep((sweep){rows, DEPTH, 1}, &o, columns, sums, sums_row_stride);
    for (; p >= DEPTH; p -= DEPTH) stream_sweep((sweep){rows, DEPTH, 0}, &o, columns, sums, sums_row_stride);
    for (; p > 0; p -= 1) stream_sweep((sweep){rows, 1, 0}, &o, columns, sums, sums_row_stride);
    if (!last) return;

    for (ptrdiff_t j = 0; j < columns; j += LANES) {
        int partial = columns - j < LANES;
        mask m = mask_of(partial ? columns - j : LANES);
        UNROLL for (int i = 0; i < rows; i++) {
            T *at = o.c + i * o.c_row_stride + j;
            V sum = get(sums + i * sums_row_stride + j, 0, m) * (V)o.alpha;
            if (o.beta != 0) sum = __builtin_elementwise_fma((V)o.beta, get(at, partial, m), sum);
            put(at, partial, m, sum);
        }
    }
}

ISA void STREAM(CK_GEMM_STREAM_PARAMETERS(T)) {
    operands o = {k, a, a_row_stride, a_column_stride, b, b_row_stride, alpha, beta, c, c_row_stride};
    UNROLL for (int height = 1; height <= STREAM_ROWS; height++)
        if (rows == height) stream_rows(height, o, columns, first, last, sums, sums_row_stride);
}

#pragma clang assume_nonnull end
