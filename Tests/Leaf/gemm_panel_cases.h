// The cases of one element type; gemm_panel_test.c includes this once for each, and first defines T, FMA, and NAME(word),
// which makes the word that type's own.

typedef struct NAME(row) {
    row_name name;
    int nr;
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
        for (int p = 0; p < s.k; p++) a[offset_a(t, i, p)] = NAME(random)();
    for (int p = 0; p < s.k; p++)
        for (int j = 0; j < s.columns; j++) b[p * t.b_row + j] = NAME(random)();

    T alpha = (T)1.3, beta = s.beta_is_zero ? 0 : (T)0.7;
    for (int i = 0; i < s.rows; i++)
        for (int j = 0; j < s.columns; j++) {
            T sum = 0;
            for (int p = 0; p < s.k; p++) sum = FMA(a[offset_a(t, i, p)], b[p * t.b_row + j], sum);
            T result = alpha * sum;
            if (!s.beta_is_zero) result = FMA(beta, c[i * t.c_row + j] = NAME(random)(), result);
            expected[i * t.c_row + j] = result;
        }

    row->function(s.rows, s.columns, s.k, a, t.a_row, t.a_column, b, t.b_row, alpha, beta, c, t.c_row);
    cases++;
    if (memcmp(c, expected, (size_t)t.c_count * sizeof(T)) != 0)
        FAIL("%s: %d x %d x %d, %s, %s, beta %g", row->name.text, s.rows, s.columns, s.k, layout_names[s.a],
             s.where == at_end ? "end" : "start", (double)beta);
}

static void NAME(test)(const char *name, int supported, int nr, void (*function)(CK_GEMM_PARAMETERS(T))) {
    NAME(row) row = {{name, supported}, nr, function};
    if (!begin(row.name)) return;
    for (int r = 0; r < COUNT(row_counts); r++)
        for (int d = 0; d < COUNT(depths); d++)
            for (int columns = 1; columns <= nr; columns++)
                for (layout a = by_rows; a < layouts; a++)
                    for (int beta_is_zero = 0; beta_is_zero < 2; beta_is_zero++) {
                        // What runs over is likelier than what runs under.
                        place where = (r + d + columns) % 4 == 0 ? at_start : at_end;
                        NAME(case)(&row, (sizes){row_counts[r], columns, depths[d], nr, a, where, beta_is_zero});
                    }
    end(row.name);
}

// Few rows of A and a B whose columns are contiguous, a_row, b_column and c_column elements apart.
static void NAME(inner_case)(row_name name, void (*function)(CK_GEMM_INNER_PARAMETERS(T)), int rows, int columns, int k, int apart, place where) {
    ptrdiff_t a_row = k + 2, b_column = k + apart, c_column = apart == 0 ? 1 : rows + 1, c_row = apart == 0 ? columns + 1 : 1;
    ptrdiff_t c_count = (rows - 1) * c_row + (columns - 1) * c_column + 1;
    T *a = NAME(buffer)(0, k == 0 ? 0 : (rows - 1) * a_row + k, where);
    T *b = NAME(buffer)(1, k == 0 ? 0 : (columns - 1) * b_column + k, where);
    T *c = NAME(buffer)(2, c_count, where), *expected = NAME(buffer)(3, c_count, where);
    for (int p = 0; p < k; p++) {
        for (int i = 0; i < rows; i++) a[i * a_row + p] = NAME(random)();
        for (int j = 0; j < columns; j++) b[j * b_column + p] = NAME(random)();
    }
    T alpha = (T)1.3, beta = k % 2 == 0 ? 0 : (T)0.7;
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) {
            T sum = 0;
            for (int p = 0; p < k; p++) sum = FMA(a[i * a_row + p], b[j * b_column + p], sum);
            T result = alpha * sum;
            ptrdiff_t at = i * c_row + j * c_column;
            if (beta != 0) result = FMA(beta, c[at] = NAME(random)(), result);
            expected[at] = result;
        }
    function(rows, columns, k, a, a_row, 1, b, b_column, alpha, beta, c, c_row, c_column);
    cases++;
    if (memcmp(c, expected, (size_t)c_count * sizeof(T)) != 0)
        FAIL("%s: %d x %d x %d, %s, beta %g", name.text, rows, columns, k, where == at_end ? "end" : "start", (double)beta);
}

static void NAME(inner_test)(const char *text, int supported, int nr, void (*function)(CK_GEMM_INNER_PARAMETERS(T))) {
    row_name name = {text, supported};
    if (!begin(name)) return;
    for (int rows = 1; rows <= 4; rows++)
        for (int d = 0; d < COUNT(depths); d++)
            for (int columns = 1; columns <= nr; columns++)
                for (int apart = 0; apart < 2; apart++)
                    NAME(inner_case)(name, function, rows, columns, depths[d], apart, (d + columns) % 4 == 0 ? at_start : at_end);
    end(name);
}

#undef T
#undef FMA
#undef NAME
