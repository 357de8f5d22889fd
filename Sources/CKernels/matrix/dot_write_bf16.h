// How the vector rows of the bf16 table write C: c = alpha * sum, or alpha * sum + beta * c, fused, where beta is not 0.
// Included after ISA, V, LANES, and get(p, count), put(p, count, v) for the first 1 <= count <= LANES numbers.

#pragma clang assume_nonnull begin

#define PARAMETERS CK_BF16_WRITE_BACK
#define WRITE_BACK bf16_write_back
#define WRITE_BACK_OF_PARAMETERS {alpha, beta, c, c_row_stride}

typedef struct bf16_write_back {
    float alpha, beta;
    float *c;
    ptrdiff_t c_row_stride;
} bf16_write_back;

static inline __attribute__((always_inline)) ISA void write_row(const bf16_write_back *w, ptrdiff_t i, ptrdiff_t j, ptrdiff_t count, V sum) {
    float *c = w->c + i * w->c_row_stride + j;
    sum *= (V)w->alpha;
    if (w->beta != 0) sum = __builtin_elementwise_fma((V)w->beta, get(c, count), sum);
    put(c, count, sum);
}

#pragma clang assume_nonnull end
