// One panel of a matrix product of packed groups (ck_matrix.h says how they lie), for any vector type: the body of every row
// of the bf16 and u8s8 tables that is written with vectors. Included once by each of those files, which first defines
//   ISA            the attribute that allows the instruction set
//   V, LANES       vector of sums, sums in a vector
//   WIDE, HEIGHT   vectors and rows of the register tile; WIDE * LANES is a multiple of 16, HEIGHT divides 16
//   A_GROUP, B_GROUP, load_a(p), load_b(p)   one group of A in every lane; LANES groups of B
//   dot(sum, a, b) sum + a . b in every lane
//   first_sum(b, slabs)   where the sums of LANES columns start
//   PARAMETERS, KERNEL, WRITE_BACK   the function, and what its last parameters say of C
//   write_row(w, i, j, count, sum)   writes the first `count` lanes to row i of C, columns j and on
//
// A slab of A holds 16 rows of 64 bytes, so that one pointer and constant offsets serve all rows of the tile; each step loads
// WIDE vectors of B, and broadcasts four bytes of A a row.

#pragma clang assume_nonnull begin

#define INLINE static inline __attribute__((always_inline)) ISA
#define UNROLL _Pragma("clang loop unroll(full)")

enum { GROUP = 4, LINE = 64, SLAB = 1024, LINES = 16 };

// A tile's place: its operands from their first slab on, the element of C it starts at, and how much of the tile is there.
typedef struct place {
    const uint8_t *a, *b;
    ptrdiff_t i, j, rows, columns;
} place;

INLINE void tile(const int height, const int vectors, place at, ptrdiff_t slabs, ptrdiff_t panel, const V *first, const WRITE_BACK *w) {
    V sums[HEIGHT][WIDE];
    UNROLL for (int i = 0; i < height; i++)
        UNROLL for (int j = 0; j < vectors; j++) sums[i][j] = first[j];

    for (ptrdiff_t slab = 0; slab < slabs; slab++) {
        _Pragma("clang loop unroll_count(4)") for (int group = 0; group < LINES; group++) {
            B_GROUP b[WIDE];
            UNROLL for (int j = 0; j < vectors; j++)
                b[j] = load_b(at.b + j * LANES / LINES * panel + group * LINE + j * LANES % LINES * GROUP);
            UNROLL for (int i = 0; i < height; i++) {
                A_GROUP a = load_a(at.a + i * LINE + group * GROUP);
                UNROLL for (int j = 0; j < vectors; j++) sums[i][j] = dot(sums[i][j], a, b[j]);
            }
        }
        at.a += SLAB;
        at.b += SLAB;
    }

    UNROLL for (int i = 0; i < height; i++) {
        if (i >= at.rows) break;
        UNROLL for (int j = 0; j < vectors; j++) {
            ptrdiff_t left = at.columns - j * LANES;
            if (left > 0) write_row(w, at.i + i, at.j + j * LANES, left < LANES ? left : LANES, sums[i][j]);
        }
    }
}

// The rows of one strip or fewer, by tiles no taller than what is left of them rounds up to.
INLINE void strip(const int vectors, place at, ptrdiff_t slabs, ptrdiff_t panel, const V *first, const WRITE_BACK *w) {
    for (; at.rows > 0; at.rows -= HEIGHT) {
        if (HEIGHT > 4 && at.rows > 4) tile(HEIGHT, vectors, at, slabs, panel, first, w);
        else if (at.rows > 2) tile(4, vectors, at, slabs, panel, first, w);
        else if (at.rows > 1) tile(2, vectors, at, slabs, panel, first, w);
        else tile(1, vectors, at, slabs, panel, first, w);
        at.a += HEIGHT * LINE;
        at.i += HEIGHT;
    }
}

INLINE void strips(const int vectors, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t slabs, const uint8_t *a, ptrdiff_t a_strip,
                   const uint8_t *b, ptrdiff_t panel, const WRITE_BACK *w) {
    V first[WIDE];
    UNROLL for (int j = 0; j < vectors; j++)
        first[j] = first_sum(b + j * LANES / LINES * panel + j * LANES % LINES * GROUP, slabs);
    for (ptrdiff_t i = 0; i < rows; i += LINES) {
        ptrdiff_t left = rows - i;
        strip(vectors, (place){a + i / LINES * a_strip, b, i, 0, left < LINES ? left : LINES, columns}, slabs, panel, first, w);
    }
}

ISA void KERNEL(CK_DOT_OPERANDS, PARAMETERS) {
    WRITE_BACK w = WRITE_BACK_OF_PARAMETERS;
    // Whole panels: the columns of a panel that are not there are zeros, and are not written.
    ptrdiff_t vectors = (columns + LINES - 1) / LINES * (LINES / LANES);
    UNROLL for (int wide = LINES / LANES; wide <= WIDE; wide += LINES / LANES)
        if (vectors == wide) strips(wide, rows, columns, slabs, a, a_strip_bytes, b, b_panel_bytes, &w);
}

#pragma clang assume_nonnull end
