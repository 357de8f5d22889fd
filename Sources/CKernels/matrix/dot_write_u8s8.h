// How the vector rows of the u8s8 table write C: c = sum + row term + column term, or added to c.
// Included after ISA, V, LANES, and get(p, count), put(p, count, v) for the first 1 <= count <= LANES numbers.

#pragma clang assume_nonnull begin

#define PARAMETERS CK_U8S8_WRITE_BACK
#define WRITE_BACK u8s8_write_back
#define WRITE_BACK_OF_PARAMETERS {row_terms, column_terms, accumulate, c, c_row_stride}

typedef struct u8s8_write_back {
    const int32_t *row_terms, *column_terms;
    int32_t accumulate;
    int32_t *c;
    ptrdiff_t c_row_stride;
} u8s8_write_back;

static inline __attribute__((always_inline)) ISA void write_row(const u8s8_write_back *w, ptrdiff_t i, ptrdiff_t j, ptrdiff_t count, V sum) {
    int32_t *c = w->c + i * w->c_row_stride + j;
    sum += get(w->column_terms + j, count) + (V)(uint32_t)w->row_terms[i];
    if (w->accumulate) sum += get(c, count);
    put(c, count, sum);
}

#pragma clang assume_nonnull end
