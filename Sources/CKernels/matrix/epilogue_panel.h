// What becomes of the sums of a block of C before it is left: scale, bias, activation, residual, clip, and bytes.
// Included once by each file of the epilogues' table that is written in C, which first defines
//   ISA          the attribute that allows the instruction set
//   LANES        numbers in a vector
//   F32, S32     the functions' names
//
// Every operation is one of IEEE 754, spelled out here and rounded once, so that all rows give the same bits: those of
// EpilogueFunctions.swift, which says what the formulas are. Coefficients: Scripts/derive_epilogue_coefficients.py.

#pragma clang assume_nonnull begin
#pragma STDC FP_CONTRACT OFF

#define UNROLL _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline)) ISA

typedef float V __attribute__((ext_vector_type(LANES)));
typedef int32_t I __attribute__((ext_vector_type(LANES)));
typedef uint32_t U __attribute__((ext_vector_type(LANES)));
typedef uint8_t B __attribute__((ext_vector_type(LANES)));

INLINE V madd(V x, V y, V z) { return __builtin_elementwise_fma(x, y, z); }
INLINE V pick(I condition, V x, V y) { return (V)((condition & (I)x) | (~condition & (I)y)); }
INLINE V absolute(V x) { return (V)((U)x & 0x7FFFFFFF); }
// NaN stays, as in every comparison here.
INLINE V at_least(V x, V bound) { return pick(x < bound, bound, x); }
INLINE V at_most(V x, V bound) { return pick(x > bound, bound, x); }

// ---------------------------------------------------------------- activations

// Adding it rounds to an integer, to even at a tie, whose lowest bits are then those of the sum.
#define ROUNDER 0x1.8p23f

// e^-(y + low) for 0 <= y <= 128 as p * s * t: two powers of two, since one does not reach down to subnormals.
typedef struct decay {
    V p, s, t;
} decay;

INLINE decay decay_of(V y, V low) {
    V rounded = madd(y, (V)-0x1.715476p+0f, (V)ROUNDER);
    V n = rounded - ROUNDER;
    V r = madd(n, (V)-0x1.62e4p-1f, -y);
    r = madd(n, (V)-0x1.7f7d1cp-20f, r) - low;
    V q = (V)0x1.6a280ap-10f;
    q = madd(q, r, (V)0x1.1239aep-7f);
    q = madd(q, r, (V)0x1.5558eap-5f);
    q = madd(q, r, (V)0x1.555492p-3f);
    q = madd(q, r, (V)0x1.fffffcp-2f);
    V square = r * r;
    V p = madd(square, q, r) + 1.0f;
    I exponent = (I)((U)rounded - (U)(V)ROUNDER);
    I half = exponent >> 1;
    return (decay){p, (V)(((U)half + 127) << 23), (V)(((U)exponent - (U)half + 127) << 23)};
}

// x / (1 + e^-w) for a w of x's sign and magnitude y + low; `clipped` is x where that is large enough.
INLINE V logistic(V x, V clipped, V y, V low) {
    decay d = decay_of(y, low);
    V below = clipped * d.p * d.s * d.t;
    V e = d.p * d.s * d.t;
    return pick(x > 0, x, below) / (e + 1.0f);
}

INLINE V silu(V x) {
    V clipped = at_most(at_least(x, (V)-110.0f), (V)110.0f);
    return logistic(x, clipped, absolute(clipped), (V)0.0f);
}

INLINE V gelu_tanh(V x) {
    V clipped = at_most(at_least(x, (V)-11.0f), (V)11.0f);
    V t = absolute(clipped);
    // w = t * (f + g * t^2), each part with what its rounding lost.
    V square = t * t;
    V square_low = madd(t, t, -square);
    V cubic = square * 0x1.2444f2p-4f;
    V cubic_low = madd(square, (V)0x1.2444f2p-4f, -cubic);
    cubic_low = madd(square, (V)0x1.49b16ap-29f, cubic_low);
    cubic_low = madd(square_low, (V)0x1.2444f2p-4f, cubic_low);
    V sum = cubic + 0x1.988454p+0f;
    V added = sum - cubic;
    V kept = sum - added;
    V sum_low = (cubic - kept) + (0x1.988454p+0f - added);
    sum_low = sum_low + (cubic_low + -0x1.857936p-25f);
    V w = t * sum;
    V low = madd(t, sum_low, madd(t, sum, -w));
    return logistic(x, clipped, w, low);
}

INLINE V gelu(V x) {
    V clipped = at_most(at_least(x, (V)-16.0f), (V)16.0f);
    V t = absolute(clipped);
    V square = t * t;
    decay d = decay_of(square * 0.5f, madd(t, t, -square) * 0.5f);
    // u = 1 - 8 / (t + 4), with what rounding t + 4 and its inverse lost: the polynomial is steep where t is small.
    V sum = t + 4.0f;
    V inverse = 1.0f / sum;
    V missing = madd(-inverse, t - (sum - 4.0f), madd(-inverse, sum, (V)1.0f));
    V u = madd(inverse * missing, (V)-8.0f, madd(inverse, (V)-8.0f, (V)1.0f));
    inverse = madd(inverse, missing, inverse);
    V g = (V)-0x1.65f492p-15f;
    g = madd(g, u, (V)-0x1.c13806p-13f);
    g = madd(g, u, (V)0x1.6b27acp-13f);
    g = madd(g, u, (V)0x1.abe0b2p-10f);
    g = madd(g, u, (V)-0x1.c9f118p-9f);
    g = madd(g, u, (V)-0x1.ee448p-8f);
    g = madd(g, u, (V)0x1.eec954p-5f);
    g = madd(g, u, (V)-0x1.7dff0ep-3f);
    g = madd(g, u, (V)0x1.8c6db6p-2f);
    g = madd(g, u, (V)-0x1.373e3ap-1f);
    g = madd(g, u, (V)0x1.82b4bcp-1f);
    V tail = clipped * (g * inverse) * d.p * d.s * d.t;
    return pick(x > 0, x - tail, tail);
}

INLINE V activate(const int activation, V x) {
    switch (activation) {
    case CK_RELU: return pick(x <= 0, (V)0.0f, x);
    case CK_GELU: return gelu(x);
    case CK_GELU_TANH: return gelu_tanh(x);
    case CK_SILU: return silu(x);
    default: return x;
    }
}

// ---------------------------------------------------------------- vectors of a row

// The first `count` numbers at p, and zeros.
INLINE V load(const float *p, ptrdiff_t count) {
    V v = (V)0.0f;
    if (count >= LANES) __builtin_memcpy(&v, p, sizeof v);
    else for (ptrdiff_t lane = 0; lane < count; lane++) v[lane] = p[lane];
    return v;
}

INLINE I load_sums(const int32_t *p, ptrdiff_t count) {
    I v = (I)0;
    if (count >= LANES) __builtin_memcpy(&v, p, sizeof v);
    else for (ptrdiff_t lane = 0; lane < count; lane++) v[lane] = p[lane];
    return v;
}

INLINE void store(float *p, ptrdiff_t count, V v) {
    if (count >= LANES) __builtin_memcpy(p, &v, sizeof v);
    else for (ptrdiff_t lane = 0; lane < count; lane++) p[lane] = v[lane];
}

INLINE void store_bytes(uint8_t *p, ptrdiff_t count, B v) {
    if (count >= LANES) __builtin_memcpy(p, &v, sizeof v);
    else for (ptrdiff_t lane = 0; lane < count; lane++) p[lane] = v[lane];
}

// One term of the epilogue along some rows of a vector's columns: what is the same in every row is loaded once.
typedef struct cursor {
    const float *_Nullable at;
    ptrdiff_t row_stride, count;
    int by_column;
    V kept;
} cursor;

INLINE V read_term(const cursor *t) { return t->by_column ? load((const float *)t->at, t->count) : (V)*t->at; }

INLINE cursor cursor_at(const ck_epilogue_term *t, ptrdiff_t j, ptrdiff_t count) {
    cursor c = {t->start, t->row_stride, count, t->column_stride != 0, (V)0.0f};
    if (!c.at) return c;
    c.at += j * t->column_stride;
    c.kept = read_term(&c);
    return c;
}

INLINE V next(cursor *t) {
    if (t->row_stride == 0) return t->kept;
    V v = read_term(t);
    t->at += t->row_stride;
    return v;
}

// All terms along some rows of a vector's columns.
typedef struct terms {
    cursor scale, bias, residual;
    V lower, upper;
} terms;

INLINE terms terms_at(const ck_epilogue *e, ptrdiff_t j, ptrdiff_t count) {
    return (terms){cursor_at(&e->scale, j, count), cursor_at(&e->bias, j, count), cursor_at(&e->residual, j, count),
                   (V)e->lower, (V)e->upper};
}

INLINE V finish(const int activation, terms *t, V v) {
    if (t->scale.at) v = v * next(&t->scale);
    if (t->bias.at) v = v + next(&t->bias);
    v = activate(activation, v);
    if (t->residual.at) v = v + next(&t->residual);
    return at_most(at_least(v, t->lower), t->upper);
}

// ---------------------------------------------------------------- blocks

// Rows of a block of C lie a power of two apart where C does, so that a block falls into a few sets of L1: each cache line is visited
// once, with those of rows ahead asked for meanwhile.
enum { LINE = 16, VECTORS = LINE / LANES, AHEAD = 6 };

INLINE void f32_block(const int activation, ptrdiff_t rows, ptrdiff_t columns, ck_epilogue e, float *c, ptrdiff_t c_row_stride) {
    for (ptrdiff_t j = 0; j < columns; j += LINE) {
        terms t[VECTORS];
        UNROLL for (int v = 0; v < VECTORS; v++)
            if (j + v * LANES < columns) t[v] = terms_at(&e, j + v * LANES, columns - j - v * LANES);
        float *row = c + j;
        for (ptrdiff_t i = 0; i < rows; i++, row += c_row_stride) {
            __builtin_prefetch(row + AHEAD * c_row_stride, 1, 3);
            UNROLL for (int v = 0; v < VECTORS; v++) {
                ptrdiff_t left = columns - j - v * LANES;
                if (left > 0) store(row + v * LANES, left, finish(activation, &t[v], load(row + v * LANES, left)));
            }
        }
    }
}

ISA void F32(CK_F32_EPILOGUE_PARAMETERS) {
    switch (epilogue->activation) {
    case CK_RELU: f32_block(CK_RELU, rows, columns, *epilogue, c, c_row_stride); break;
    case CK_GELU: f32_block(CK_GELU, rows, columns, *epilogue, c, c_row_stride); break;
    case CK_GELU_TANH: f32_block(CK_GELU_TANH, rows, columns, *epilogue, c, c_row_stride); break;
    case CK_SILU: f32_block(CK_SILU, rows, columns, *epilogue, c, c_row_stride); break;
    default: f32_block(CK_NO_ACTIVATION, rows, columns, *epilogue, c, c_row_stride); break;
    }
}

// The byte nearest to v + zero, to even at a tie, within the bounds; NaN is 0.
INLINE B quantized(const ck_quantization *q, V v) {
    v = pick(v == v, v, (V)0.0f);
    v = at_most(at_least(v, (V)(float)(q->lower - q->zero)), (V)(float)(q->upper - q->zero));
    U integer = (U)(v + ROUNDER) - (U)(V)ROUNDER + (U)(uint32_t)q->zero;
    return __builtin_convertvector(integer, B);
}

INLINE void s32_block(const int activation, ptrdiff_t rows, ptrdiff_t columns, ck_epilogue e, const int32_t *sums,
                      ptrdiff_t sums_row_stride, ck_quantization q, void *c, ptrdiff_t c_row_stride) {
    for (ptrdiff_t j = 0; j < columns; j += LANES) {
        ptrdiff_t left = columns - j;
        terms t = terms_at(&e, j, left);
        U bias = q.bias ? (U)load_sums(q.bias + j, left) : (U)0;
        for (ptrdiff_t i = 0; i < rows; i++) {
            U sum = (U)load_sums(sums + i * sums_row_stride + j, left) + bias;
            V v = finish(activation, &t, __builtin_convertvector((I)sum, V));
            if (q.to_bytes) store_bytes((uint8_t *)c + i * c_row_stride + j, left, quantized(&q, v));
            else store((float *)c + i * c_row_stride + j, left, v);
        }
    }
}

ISA void S32(CK_S32_EPILOGUE_PARAMETERS) {
    const ck_quantization *q = quantization;
    switch (epilogue->activation) {
    case CK_RELU: s32_block(CK_RELU, rows, columns, *epilogue, sums, sums_row_stride, *q, c, c_row_stride); break;
    case CK_GELU: s32_block(CK_GELU, rows, columns, *epilogue, sums, sums_row_stride, *q, c, c_row_stride); break;
    case CK_GELU_TANH: s32_block(CK_GELU_TANH, rows, columns, *epilogue, sums, sums_row_stride, *q, c, c_row_stride); break;
    case CK_SILU: s32_block(CK_SILU, rows, columns, *epilogue, sums, sums_row_stride, *q, c, c_row_stride); break;
    default: s32_block(CK_NO_ACTIVATION, rows, columns, *epilogue, sums, sums_row_stride, *q, c, c_row_stride); break;
    }
}

#pragma clang assume_nonnull end
