// What the cases of both element types share: sizes, and packed operands in memory that ends at a page that faults.

typedef struct sizes {
    int rows, columns, slabs;
    place where;
    int adds;   // to what C holds
} sizes;

enum { LINE = 64, SLAB = 1024, LINES = 16 };

// One to each side of every bound on rows: heights of tiles, strips of 16, pairs of strips.
static const int row_counts[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 47, 65};
static const int slab_counts[] = {0, 1, 2, 5};
#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

// Bytes from one strip or panel to the next: some slabs more than are used.
static ptrdiff_t pitch(sizes s) { return (s.slabs + 1) * SLAB; }

// A packed operand of `lines` rows or columns, random where they are and zero where not; what lies between strips is junk.
static uint8_t *packed(int number, sizes s, int lines, int is_a, uint32_t (*word)(void)) {
    int strips = (lines + LINES - 1) / LINES;
    ptrdiff_t bytes = strips == 0 ? 0 : (strips - 1) * pitch(s) + s.slabs * SLAB;
    uint8_t *buffer = guarded(number, (size_t)bytes, s.where);
    memset(buffer, 0xA5, (size_t)bytes);
    for (int line = 0; line < strips * LINES; line++)
        for (int group = 0; group < s.slabs * LINES; group++) {
            uint32_t value = line < lines ? word() : 0;
            ptrdiff_t slab = line / LINES * pitch(s) + group / LINES * SLAB;
            ptrdiff_t within = is_a ? line % LINES * LINE + group % LINES * 4 : group % LINES * LINE + line % LINES * 4;
            memcpy(buffer + slab + within, &value, sizeof value);
        }
    return buffer;
}

// Byte `p` of k of a line.
static const uint8_t *byte_a(sizes s, const uint8_t *a, int i, int p) {
    return a + i / LINES * pitch(s) + p / LINE * SLAB + i % LINES * LINE + p % LINE;
}
static const uint8_t *byte_b(sizes s, const uint8_t *b, int j, int p) {
    return b + j / LINES * pitch(s) + p / LINE * SLAB + p % LINE / 4 * LINE + j % LINES * 4 + p % 4;
}

// Calls `run` for every case of a function whose tile has `width` columns.
static void every_case(row_name name, int width, int emulated, void (*run)(row_name, sizes)) {
    if (!(emulated ? begin(name) : begin_if_any(name))) return;
    for (int r = 0; r < COUNT(row_counts); r++)
        for (int d = 0; d < COUNT(slab_counts); d++)
            for (int columns = 1; columns <= width; columns++)
                for (int adds = 0; adds < 2; adds++) {
                    // What runs over is likelier than what runs under.
                    place where = (r + d + columns) % 4 == 0 ? at_start : at_end;
                    run(name, (sizes){row_counts[r], columns, slab_counts[d], where, adds});
                }
    end(name);
}

#if defined(__x86_64__)
// Whether the CPU has the tile unit and what `bit` of EDX of CPUID's leaf 7 says, and the kernel lets this process use it.
static int has_tiles(int bit) {
    return ck_request_amx() == 1 && (ck_cpuid(7, 0).edx >> bit & 1) == 1 && __builtin_cpu_supports("avx512f");
}
#endif
