// The cases of one element type; gemm_panel_test.c includes this once for each, and first defines T, FMA, and NAME(word),
// which makes the word that type's own.

typedef struct NAME(row) {
    row_name name;
    int mr, nr;
    void (*function)(CK_GEMM_PARAMETERS(T));
} NAME(row);

static T NAME(random)(void) { return (T)((int)random_16() - 32768) / 1000; }

static T *NAME(buffer)(int number, ptrdiff_t count, place where) {
    T *buffer = guarded(number, (size_t)count * sizeof(T), where);
    for (ptrdiff_t i = 0; i < count; i++) buffer[i] = (T)NAN;
    return buffer;
}

static void NAME(case)(const NAME(row) *row, sizes s) {
    strides t = strides_of(s);
    T *a = NAME(buffer)(0, t.a_count, s.where), *b = NAME(buffer)(1, t.b_count, s.where);
    T *c = NAME(buffer)(2, t.c_count, s.where), *expected = NAME(buffer)(3, t.c_count, s.where);
    for (int i = 0; i < s.rows; i++)
        for (int p = 0; p < s.k; p++) a[offset_a(s, t, i, p)] = NAME(random)();
    for (int p = 0; p < s.k; p++)
        for (int j = 0; j < s.columns; j++) b[p * t.b_row + j] = NAME(random)();

    T alpha = (T)1.3, beta = s.beta_is_zero ? 0 : (T)0.7;
    for (int i = 0; i < s.rows; i++)
        for (int j = 0; j < s.columns; j++) {
            T sum = 0;
            for (int p = 0; p < s.k; p++) sum = FMA(a[offset_a(s, t, i, p)], b[p * t.b_row + j], sum);
            T result = alpha * sum;
            if (!s.beta_is_zero) result = FMA(beta, c[i * t.c_row + j] = NAME(random)(), result);
            expected[i * t.c_row + j] = result;
        }

    row->function(s.rows, s.columns, s.k, a, t.a_row, t.a_column, t.a_panel, b, t.b_row, alpha, beta, c, t.c_row);
    cases++;
    if (memcmp(c, expected, (size_t)t.c_count * sizeof(T)) != 0)
        FAIL("%s: %d x %d x %d, %s, %s, beta %g", row->name.text, s.rows, s.columns, s.k, layout_names[s.a],
             s.where == at_end ? "end" : "start", (double)beta);
}

static void NAME(test)(const char *name, int supported, int mr, int nr, void (*function)(CK_GEMM_PARAMETERS(T))) {
    NAME(row) row = {{name, supported}, mr, nr, function};
    if (!begin(row.name)) return;
    for (int r = 0; r < COUNT(row_counts); r++)
        for (int d = 0; d < COUNT(depths); d++)
            for (int columns = 1; columns <= nr; columns++)
                for (layout a = by_rows; a < layouts; a++)
                    for (int beta_is_zero = 0; beta_is_zero < 2; beta_is_zero++) {
                        // What runs over is likelier than what runs under.
                        place where = (r + d + columns) % 4 == 0 ? at_start : at_end;
                        NAME(case)(&row, (sizes){row_counts[r], columns, depths[d], mr, nr, a, where, beta_is_zero});
                    }
    end(row.name);
}

#undef T
#undef FMA
#undef NAME
