// One column panel of a matrix product, for any vector type: the body of every row of the matrix tables that is written in C.
// Included once by each of those files, which first defines
//   ISA            the attribute that allows the instruction set
//   T, V, LANES    element, vector of elements, elements in a vector
//   WIDE           vectors of the register tile, two to four
//   SUMS           vectors of sums that the register file holds beside those of A and B; the tile has SUMS / WIDE rows
//   KERNEL         the function's name; STREAM that of the one in gemm_stream.h
//   mask, mask_of(count), load_masked(p, mask), store_masked(p, mask, v)   the first 1 <= count <= LANES elements
//
// The register tile holds rows x WIDE vectors of sums; each step of k loads WIDE vectors of B and broadcasts one element
// of A a row. Where fewer columns are left than the tile is wide, it is taller instead: the sums are independent, and it takes
// about ten of them to hide the latency of the multiply-add (Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34(3), 2008).

#pragma clang assume_nonnull begin

#define INLINE static inline __attribute__((always_inline)) ISA
#define UNROLL _Pragma("clang loop unroll(full)")
// More rows than 12 need more pointers than there are registers.
#define ROWS(VECTORS) (SUMS / (VECTORS) < 12 ? SUMS / (VECTORS) : 12)
enum { MAX_ROWS = ROWS(1) };

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

// A vector, or the part of it that `last` names.
INLINE V get(const T *p, const int partial, mask last) {
    if (partial) return load_masked(p, last);
    V v;
    __builtin_memcpy(&v, p, sizeof v);
    return v;
}

INLINE void put(T *p, const int partial, mask last, V v) {
    if (partial) store_masked(p, last, v);
    else __builtin_memcpy(p, &v, sizeof v);
}

// What a tile is, all constants where it is named: the loops over them unroll, and the sums stay in registers.
typedef struct shape {
    int rows, vectors;
    int masked;   // the last vector is partial
    int unit;     // A's column stride is 1, and k is taken in steps of four
} shape;

// A tile under way. One pointer serves three rows of A, at 0, 1 and 2 strides: addresses that the loads compute themselves.
typedef struct progress {
    V sums[MAX_ROWS][WIDE];
    const T *_Nonnull a[(MAX_ROWS + 2) / 3];
    const T *b;
} progress;

// Adds `count` columns of A times rows of B to the sums.
INLINE void steps(const shape s, const int count, mask last, const operands *o, progress *t) {
    ptrdiff_t column = s.unit ? 1 : o->a_column_stride;
    UNROLL for (int p = 0; p < count; p++) {
        V b[WIDE];
        UNROLL for (int j = 0; j < s.vectors; j++)
            b[j] = get(t->b + j * LANES, s.masked && j == s.vectors - 1, last);
        UNROLL for (int i = 0; i < s.rows; i++) {
            V a = (V)t->a[i / 3][i % 3 * o->a_row_stride + p * column];
            UNROLL for (int j = 0; j < s.vectors; j++) t->sums[i][j] = __builtin_elementwise_fma(a, b[j], t->sums[i][j]);
        }
        t->b += o->b_row_stride;
    }
    UNROLL for (int i = 0; i < s.rows; i += 3) t->a[i / 3] += count * column;
}

INLINE void tile(const shape s, mask last, operands o) {
    const int rows = s.rows, vectors = s.vectors, masked = s.masked;
    progress t;
    t.b = o.b;
    UNROLL for (int i = 0; i < rows; i++) {
        UNROLL for (int j = 0; j < vectors; j++) t.sums[i][j] = (V)(T)0;
        if (i % 3 == 0) {
            t.a[i / 3] = o.a + i * o.a_row_stride;
            // Unrelated pointers, as far as the compiler knows: else it computes each from the one before, in a chain.
            __asm__("" : "+r"(t.a[i / 3]));
        }
    }

    // C is written when the sums are done; its lines, a row apart, arrive meanwhile.
    if (o.k >= 32)
        UNROLL for (int i = 0; i < rows; i++)
            UNROLL for (int j = 0; j < vectors * LANES; j += 64 / (int)sizeof(T))
                __builtin_prefetch(o.c + i * o.c_row_stride + j, 0, 3);

    ptrdiff_t p = o.k;
    if (s.unit)
        for (; p >= 4; p -= 4) steps(s, 4, last, &o, &t);
    for (; p >= 1; p -= 1) steps(s, 1, last, &o, &t);

    UNROLL for (int i = 0; i < rows; i++)
        UNROLL for (int j = 0; j < vectors; j++) t.sums[i][j] *= (V)o.alpha;
    if (o.beta == 0) {
        UNROLL for (int i = 0; i < rows; i++)
            UNROLL for (int j = 0; j < vectors; j++)
                put(o.c + i * o.c_row_stride + j * LANES, masked && j == vectors - 1, last, t.sums[i][j]);
    } else {
        UNROLL for (int i = 0; i < rows; i++)
            UNROLL for (int j = 0; j < vectors; j++) {
                T *c = o.c + i * o.c_row_stride + j * LANES;
                int partial = masked && j == vectors - 1;
                put(c, partial, last, __builtin_elementwise_fma((V)o.beta, get(c, partial, last), t.sums[i][j]));
            }
    }
}

INLINE void some_rows(const int height, shape s, mask last, ptrdiff_t *rows, operands *o) {
    s.rows = height;
    for (; *rows >= height; *rows -= height) {
        tile(s, last, *o);
        o->a += height * o->a_row_stride;
        o->c += height * o->c_row_stride;
    }
}

INLINE void all_rows(const shape s, mask last, ptrdiff_t rows, operands o) {
    const int tallest = ROWS(s.vectors);
    some_rows(tallest, s, last, &rows, &o);
    if (tallest > 8) some_rows(8, s, last, &rows, &o);
    if (tallest > 4) some_rows(4, s, last, &rows, &o);
    if (tallest > 2) some_rows(2, s, last, &rows, &o);
    some_rows(1, s, last, &rows, &o);
}

ISA void KERNEL(CK_GEMM_PARAMETERS(T)) {
    operands o = {k, a, a_row_stride, a_column_stride, b, b_row_stride, alpha, beta, c, c_row_stride};
    ptrdiff_t vectors = (columns + LANES - 1) / LANES;
    mask last = mask_of(columns - (vectors - 1) * LANES);
    int masked = columns != vectors * LANES;
    UNROLL for (int wide = WIDE; wide >= 1; wide--) {
        if (vectors != wide) continue;
        if (masked) all_rows((shape){0, wide, 1, 0}, last, rows, o);
        else if (a_column_stride != 1) all_rows((shape){0, wide, 0, 0}, last, rows, o);
        else all_rows((shape){0, wide, 0, 1}, last, rows, o);
    }
}

#pragma clang assume_nonnull end
