// One panel of a matrix product of packed groups (ck_matrix.h says how they lie) on the tile unit of AMX. Included once for each
// element type by a file that first defines
//   ISA            the attribute that allows the instruction set, AVX-512F with it
//   S, V           sum, vector of 16 sums
//   MULTIPLY(t, a, b)   adds the products of tiles a and b to tile t
//   PARAMETERS, KERNEL, WRITE_BACK   the function, and what its last parameters say of C
//   write_row(w, i, j, count, sum)   writes the first `count` lanes to row i of C, columns j and on
//   stores_sums(w)   whether c is the sum and nothing else
//
// Tiles 0 to 3 hold two by two squares of 16 x 16 sums, 4 and 5 two slabs of A, 6 and 7 two of B: four loads for four products
// (Intel SDM volume 1, chapter 18; Intel Optimization Reference Manual, section "Intel AMX").

#pragma clang assume_nonnull begin

#define INLINE static inline __attribute__((always_inline)) ISA

enum { LINE = 64, SLAB = 1024, LINES = 16 };

// LDTILECFG's operand (Intel SDM volume 2A).
typedef struct tile_configuration {
    uint8_t palette, start_row, reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
} tile_configuration;

// Two strips of A and two panels of B, from their first slabs on. Where the second is not there, it is not touched.
typedef struct square {
    const uint8_t *_Nonnull a[2];
    const uint8_t *_Nonnull b[2];
    ptrdiff_t i, rows, columns;
} square;

// Writes the tile of sums at strip r and panel s of a square: as it is where it is whole and C is the sums, else through memory.
#define FINISH(t, r, s)                                                                                        \
    do {                                                                                                       \
        ptrdiff_t rows_left = q.rows - (r) * LINES, columns_left = q.columns - (s) * LINES;                    \
        if (rows_left >= LINES && columns_left >= LINES && stores_sums(w)) {                                   \
            _tile_stored(t, w->c + (q.i + (r) * LINES) * w->c_row_stride + (s) * LINES,                        \
                         (size_t)w->c_row_stride * sizeof(S));                                                 \
        } else {                                                                                               \
            _tile_stored(t, sums, LINE);                                                                       \
            write_tile(w, q.i + (r) * LINES, (s) * LINES, rows_left, columns_left, sums);                      \
        }                                                                                                      \
    } while (0)

INLINE void write_tile(const WRITE_BACK *w, ptrdiff_t i, ptrdiff_t j, ptrdiff_t rows, ptrdiff_t columns, const S *sums) {
    for (ptrdiff_t row = 0; row < rows && row < LINES; row++) {
        V sum;
        __builtin_memcpy(&sum, sums + row * LINES, sizeof sum);
        write_row(w, i + row, j, columns < LINES ? columns : LINES, sum);
    }
}

INLINE void multiply(const int strips, const int panels, square q, ptrdiff_t slabs, const WRITE_BACK *w) {
    S sums[LINES * LINES] __attribute__((aligned(64)));
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    for (ptrdiff_t slab = 0; slab < slabs; slab++) {
        _tile_loadd(6, q.b[0] + slab * SLAB, LINE);
        _tile_loadd(4, q.a[0] + slab * SLAB, LINE);
        MULTIPLY(0, 4, 6);
        if (panels > 1) {
            _tile_loadd(7, q.b[1] + slab * SLAB, LINE);
            MULTIPLY(1, 4, 7);
        }
        if (strips > 1) {
            _tile_loadd(5, q.a[1] + slab * SLAB, LINE);
            MULTIPLY(2, 5, 6);
            if (panels > 1) MULTIPLY(3, 5, 7);
        }
    }
    FINISH(0, 0, 0);
    if (panels > 1) FINISH(1, 0, 1);
    if (strips > 1) FINISH(2, 1, 0);
    if (strips > 1 && panels > 1) FINISH(3, 1, 1);
}

// Tiles are configured at the start of the call and released at its end: nothing is left in the thread's state.
ISA void KERNEL(CK_DOT_OPERANDS, PARAMETERS) {
    WRITE_BACK w = WRITE_BACK_OF_PARAMETERS;
    tile_configuration configuration = {.palette = 1};
    for (int tile = 0; tile < 8; tile++) {
        configuration.row_bytes[tile] = LINE;
        configuration.rows[tile] = LINES;
    }
    _tile_loadconfig(&configuration);
    for (ptrdiff_t i = 0; i < rows; i += 2 * LINES) {
        const uint8_t *strip = a + i / LINES * a_strip_bytes;
        square q = {{strip, strip + a_strip_bytes}, {b, b + b_panel_bytes}, i, rows - i, columns};
        if (columns > LINES) {
            if (q.rows > LINES) multiply(2, 2, q, slabs, &w);
            else multiply(1, 2, q, slabs, &w);
        } else {
            if (q.rows > LINES) multiply(2, 1, q, slabs, &w);
            else multiply(1, 1, q, slabs, &w);
        }
    }
    _tile_release();
}

#pragma clang assume_nonnull end
