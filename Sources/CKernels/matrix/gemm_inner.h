// A few rows of A times a B whose columns are contiguous: inner products of vectors that both lie in the order of k.
// Included after gemm_panel.h by the same files, which define besides
//   INNER               the function's name
//   join(const T **)    a vector of pieces of 16 bytes, one from each pointer
//   transpose(V *)      in each 16 bytes of as many vectors as a piece has elements: element i of vector j becomes element j of i
//
// A vector holds the same element of as many columns, so that each sum is built by the same operations in the same order as in a
// register tile, and has its bits. There is nothing to copy first: the pieces are turned in registers.

#pragma clang assume_nonnull begin

// More columns than 16 need more pointers than there are registers.
enum { INNER_WIDE = 16 / LANES < WIDE ? 16 / LANES : WIDE };
enum { INNER_ROWS = 4, PIECE = 16 / (int)sizeof(T), PIECES = LANES / PIECE, PANEL = INNER_WIDE * LANES };

// Where the columns of a panel lie. One pointer serves three of a whole panel, as in a tile; in a partial one each has its own,
// and those past the last are the last.
typedef struct lines {
    const T *_Nonnull at[PANEL];
    ptrdiff_t stride;
} lines;

INLINE const T *line(const lines *l, const int partial, const int j, ptrdiff_t p) {
    return partial ? l->at[j] + p : l->at[j / 3] + j % 3 * l->stride;
}

// `wide` vectors of columns, the last of them partial or not.
INLINE void inner_panel(const int rows, const int wide, const int partial, operands o, ptrdiff_t columns, ptrdiff_t b_column_stride,
                        V sums[_Nonnull INNER_ROWS][INNER_WIDE]) {
    lines l;
    l.stride = b_column_stride;
    if (partial) {
        for (int j = 0; j < wide * LANES; j++) l.at[j] = o.b + (j < columns ? j : columns - 1) * b_column_stride;
    } else {
        UNROLL for (int j = 0; j < wide * LANES; j += 3) {
            l.at[j / 3] = o.b + j * b_column_stride;
            __asm__("" : "+r"(l.at[j / 3]));
        }
    }
    UNROLL for (int i = 0; i < rows; i++)
        UNROLL for (int g = 0; g < wide; g++) sums[i][g] = (V)(T)0;

    ptrdiff_t p = 0;
    for (; p + PIECE <= o.k; p += PIECE) {
        UNROLL for (int g = 0; g < wide; g++) {
            V v[PIECE];
            UNROLL for (int r = 0; r < PIECE; r++) {
                const T *_Nonnull from[PIECES];
                UNROLL for (int q = 0; q < PIECES; q++) from[q] = line(&l, partial, g * LANES + q * PIECE + r, p);
                v[r] = join(from);
            }
            transpose(v);
            UNROLL for (int r = 0; r < PIECE; r++)
                UNROLL for (int i = 0; i < rows; i++)
                    sums[i][g] = __builtin_elementwise_fma((V)o.a[i * o.a_row_stride + r * o.a_column_stride], v[r], sums[i][g]);
        }
        if (!partial) UNROLL for (int j = 0; j < wide * LANES; j += 3) l.at[j / 3] += PIECE;
        o.a += PIECE * o.a_column_stride;
    }
    for (; p < o.k; p++) {
        UNROLL for (int g = 0; g < wide; g++) {
            V v;
            UNROLL for (int j = 0; j < LANES; j++) v[j] = *line(&l, partial, g * LANES + j, p);
            UNROLL for (int i = 0; i < rows; i++)
                sums[i][g] = __builtin_elementwise_fma((V)o.a[i * o.a_row_stride], v, sums[i][g]);
        }
        if (!partial) UNROLL for (int j = 0; j < wide * LANES; j += 3) l.at[j / 3] += 1;
        o.a += o.a_column_stride;
    }
}

INLINE void inner_rows(const int rows, operands o, ptrdiff_t columns, ptrdiff_t b_column_stride, ptrdiff_t c_column_stride) {
    V sums[INNER_ROWS][INNER_WIDE];
    UNROLL for (int wide = 1; wide <= INNER_WIDE; wide++) {
        if (columns == wide * LANES) inner_panel(rows, wide, 0, o, columns, b_column_stride, sums);
        else if ((columns + LANES - 1) / LANES == wide) inner_panel(rows, wide, 1, o, columns, b_column_stride, sums);
    }

    UNROLL for (int i = 0; i < rows; i++) {
        T *c = o.c + i * o.c_row_stride;
        UNROLL for (int g = 0; g < INNER_WIDE; g++) {
            V sum = sums[i][g] * (V)o.alpha;
            ptrdiff_t left = columns - g * LANES;
            if (left <= 0) break;
            if (c_column_stride == 1) {
                int whole = left >= LANES;
                mask m = mask_of(whole ? LANES : left);
                if (o.beta != 0) sum = __builtin_elementwise_fma((V)o.beta, get(c + g * LANES, !whole, m), sum);
                put(c + g * LANES, !whole, m, sum);
                continue;
            }
            for (int j = 0; j < LANES && j < left; j++) {
                T *at = c + (g * LANES + j) * c_column_stride;
                *at = o.beta == 0 ? sum[j] : __builtin_elementwise_fma(o.beta, *at, sum[j]);
            }
        }
    }
}

ISA void INNER(CK_GEMM_INNER_PARAMETERS(T)) {
    operands o = {k, a, a_row_stride, a_column_stride, b, 1, alpha, beta, c, c_row_stride};
    UNROLL for (int height = 1; height <= INNER_ROWS; height++)
        if (rows == height) inner_rows(height, o, columns, b_column_stride, c_column_stride);
}

#pragma clang assume_nonnull end
