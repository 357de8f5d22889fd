// The hot loop of inflate against symbols that a plain encoder has written (RFC 1951): blocks of random codes, long and short, by tables with
// literals joined and without, with the output in pieces, and what is no code or reaches too far. What is read and written ends at a page
// that faults.
#include "leaf_test.h"

enum { input_buffer, output_buffer, most_bytes = 1 << 15, most_symbols = 6000, literal_bits = 12, distance_bits = 8 };
enum { literal_room = (1 << literal_bits) + 8 * 72, distance_room = (1 << distance_bits) + 128 * 8 };
enum { end_flag = 1 << 12, subtable_flag = 1 << 13, exception_flag = 1 << 14, literal_before = 1 << 15 };

typedef struct row {
    row_name name;
    int32_t (*run)(CK_INFLATE_PARAMETERS);
} row;

typedef struct code {
    int count, lengths[288], codes[288];
} code;

// ---------------------------------------------------------------- codes and tables

static int reversed(int value, int bits) {
    int result = 0;
    for (int i = 0; i < bits; i++) result |= (value >> i & 1) << (bits - 1 - i);
    return result;
}

// Codes from the leaves of a tree that is split at random, at most 15 deep; `least` leaves at least.
static code random_code(int count, int least, int most_length) {
    code c = {.count = count};
    int depths[288], leaves = 1, wanted = least + random_16() % (count - least + 1);
    depths[0] = 0;
    for (int tries = 0; leaves < wanted && tries < 20000; tries++) {
        // Mostly the last leaf, so that some are deep.
        int i = random_16() % 3 == 0 ? leaves - 1 : (int)(random_16() % leaves);
        if (depths[i] == most_length) continue;
        depths[leaves++] = ++depths[i];
    }
    // To symbols in any order; the end of a block always has one.
    int symbols[288];
    for (int i = 0; i < count; i++) symbols[i] = i;
    for (int i = count - 1; i > 0; i--) {
        int j = random_16() % (i + 1), t = symbols[i];
        symbols[i] = symbols[j], symbols[j] = t;
    }
    for (int i = 0; i < count && count > 256; i++) {
        if (symbols[i] == 256) symbols[i] = symbols[0], symbols[0] = 256;
    }
    for (int i = 0; i < leaves; i++) c.lengths[symbols[i]] = depths[i];
    int next = 0;
    for (int length = 1; length <= 15; length++, next <<= 1) {
        for (int i = 0; i < count; i++) {
            if (c.lengths[i] == length) c.codes[i] = reversed(next++, length);
        }
    }
    return c;
}

static int length_extra(int symbol) { return symbol < 265 || symbol == 285 ? 0 : (symbol - 261) / 4; }
static int length_base(int symbol) {
    return symbol < 265 ? symbol - 254 : symbol == 285 ? 258 : 3 + ((4 + (symbol - 265) % 4) << length_extra(symbol));
}
static int distance_extra(int symbol) { return symbol < 4 ? 0 : symbol / 2 - 1; }
static int distance_base(int symbol) { return symbol < 4 ? symbol + 1 : ((2 + symbol % 2) << distance_extra(symbol)) + 1; }

static uint32_t entry(int is_distance, int symbol, int bits) {
    if (is_distance) return (uint32_t)distance_base(symbol) << 16 | (uint32_t)bits << 8 | (uint32_t)(bits + distance_extra(symbol));
    if (symbol < 256) return (uint32_t)symbol << 8 | 1 << 6 | (uint32_t)bits;
    if (symbol == 256) return exception_flag | end_flag | (uint32_t)bits;
    return (uint32_t)(length_base(symbol) - 3) << 16 | (uint32_t)bits << 8 | (uint32_t)(bits + length_extra(symbol));
}

static void make_table(code c, int is_distance, uint32_t *table) {
    int index_bits = is_distance ? distance_bits : literal_bits, end = 1 << index_bits;
    for (int i = 0; i < end; i++) table[i] = exception_flag;
    for (int i = 0; i < c.count; i++) {
        int bits = c.lengths[i];
        if (bits == 0) continue;
        if (bits <= index_bits) {
            for (int at = c.codes[i]; at < 1 << index_bits; at += 1 << bits) table[at] = entry(is_distance, i, bits);
            continue;
        }
        int first = c.codes[i] & ((1 << index_bits) - 1);
        if (table[first] == exception_flag) {
            // As deep as the deepest code that begins so.
            int depth = 0;
            for (int j = 0; j < c.count; j++) {
                if (c.lengths[j] > index_bits && (c.codes[j] & ((1 << index_bits) - 1)) == first && c.lengths[j] - index_bits > depth)
                    depth = c.lengths[j] - index_bits;
            }
            table[first] = exception_flag | subtable_flag | (uint32_t)end << 16 | (uint32_t)depth << 8 | (uint32_t)index_bits;
            for (int j = 0; j < 1 << depth; j++) table[end + j] = exception_flag;
            end += 1 << depth;
        }
        int start = (int)(table[first] >> 16), depth = table[first] >> 8 & 15, rest = bits - index_bits;
        for (int at = c.codes[i] >> index_bits; at < 1 << depth; at += 1 << rest) table[start + at] = entry(is_distance, i, rest);
    }
}

// Two or three literals, or a literal and a length, where both have room in an index.
static void join(const uint32_t *plain, uint32_t *table) {
    for (int i = 0; i < 1 << literal_bits; i++) {
        uint32_t e = plain[i];
        int bits = e & 63, literals = 1;
        if ((e & 3 << 6) == 0) continue;
        e &= ~63u;
        while (literals < 3) {
            uint32_t next = plain[i >> bits];
            int more = next & 63;
            if ((next & 3 << 6) == 0 || bits + more > literal_bits) break;
            e = (e & ~(3u << 6)) | (next >> 8 & 255) << (8 + 8 * literals) | (uint32_t)(literals + 1) << 6;
            bits += more, literals++;
        }
        table[i] = e | (uint32_t)bits;
        uint32_t next = plain[i >> bits];
        int code_bits = next >> 8 & 15;
        if (literals == 1 && (next & (3 << 6 | exception_flag)) == 0 && bits + code_bits <= literal_bits) {
            table[i] = (e >> 8 & 255) << 24 | (next & 255 << 16) | literal_before | (uint32_t)(bits + code_bits) << 8 |
                       (uint32_t)(bits + (int)(next & 63));
        }
    }
}

// ---------------------------------------------------------------- streams

typedef struct stream {
    uint8_t bytes[most_bytes * 4], output[most_bytes + 400];
    size_t bits, count;
} stream;

static void put(stream *s, int value, int bits) {
    for (int i = 0; i < bits; i++, s->bits++) s->bytes[s->bits >> 3] |= (uint8_t)((value >> i & 1) << (s->bits & 7));
}

static int any(code c, int from, int to) {
    for (int tries = 0; tries < 1000; tries++) {
        int i = from + (int)(random_16() % (uint32_t)(to - from));
        if (c.lengths[i] > 0) return i;
    }
    return -1;
}

// Symbols that the codes have, behind a history of `history` bytes, without the end.
static void fill(stream *s, code literals, code distances, size_t history, size_t bytes) {
    memset(s, 0, sizeof *s);
    for (; s->count < history; s->count++) s->output[s->count] = (uint8_t)random_16();
    int share = random_16() % 4;
    while (s->count < history + bytes) {
        int length = (int)(random_16() % 4) < share ? any(literals, 257, 286) : -1, distance = any(distances, 0, 30);
        if (length < 0 || distance < 0 || (size_t)(distance_base(distance) + (1 << distance_extra(distance))) > s->count) {
            int byte = any(literals, 0, 256);
            if (byte < 0) return;
            put(s, literals.codes[byte], literals.lengths[byte]);
            s->output[s->count++] = (uint8_t)byte;
            continue;
        }
        int more = random_16() & ((1 << length_extra(length)) - 1), further = random_16() & ((1 << distance_extra(distance)) - 1);
        put(s, literals.codes[length], literals.lengths[length]);
        put(s, more, length_extra(length));
        put(s, distances.codes[distance], distances.lengths[distance]);
        put(s, further, distance_extra(distance));
        for (int i = 0; i < length_base(length) + more; i++, s->count++)
            s->output[s->count] = s->output[s->count - (size_t)(distance_base(distance) + further)];
    }
}

// Runs a stream of which the first `history` bytes are there, with room for `piece` more at first and more after each call.
static void check(row r, stream *s, const uint32_t *literals, const uint32_t *distances, size_t history, size_t piece, int expected,
                  const char *what) {
    // The input is read ahead by eight bytes at most.
    size_t input_count = (s->bits + 7) / 8 + 8 + 24, room = s->count + 300;
    uint8_t *input = guarded(input_buffer, input_count, at_end), *output = guarded(output_buffer, room, at_end);
    memset(input, 0, input_count);
    memcpy(input, s->bytes, (s->bits + 7) / 8);
    memset(output, 0xa5, room);
    memcpy(output, s->output, history);
    ck_inflate_state state = {.next = input, .input_limit = input + input_count - 24, .output = output + history, .history = output};
    int end = CK_INFLATE_MORE;
    cases++;
    while (end == CK_INFLATE_MORE) {
        size_t done = (size_t)(state.output - output), limit = done + piece < s->count ? done + piece : s->count;
        state.output_limit = output + limit;
        if (state.output > state.output_limit || state.next > state.input_limit) break;
        end = r.run(&state, literals, distances);
        if (state.bit_count > 63 || (state.bit_count < 64 && state.bits >> state.bit_count != 0))
            FAIL("%s: %s: bits above the count", r.name.text, what);
    }
    if (end != expected) FAIL("%s: %s: ends with %d, not %d", r.name.text, what, end, expected);
    if (memcmp(output, s->output, s->count) != 0 || (size_t)(state.output - output) != s->count)
        FAIL("%s: %s: %zu bytes of %zu", r.name.text, what, (size_t)(state.output - output), s->count);
    if (expected == CK_INFLATE_END_OF_BLOCK && (size_t)(state.next - input) * 8 - state.bit_count != s->bits)
        FAIL("%s: %s: another place in the input", r.name.text, what);
}

static void test(row r) {
    static stream s;
    static uint32_t plain[literal_room], joined[literal_room], distance_table[distance_room];
    if (!begin(r.name)) return;
    for (int round = 0; round < 2000; round++) {
        code literals = random_code(286, 2 + round % 200, 15), distances = random_code(30, 2, round % 3 == 0 ? 15 : 10);
        make_table(literals, 0, plain);
        memcpy(joined, plain, sizeof joined);
        join(plain, joined);
        make_table(distances, 1, distance_table);
        const uint32_t *table = round & 1 ? joined : plain;
        size_t history = round % 5 == 0 ? 0 : random_16() % 1000, bytes = round % 7 == 0 ? random_16() % 40 : random_16() % 6000;

        fill(&s, literals, distances, history, bytes);
        size_t bits = s.bits;
        put(&s, literals.codes[256], literals.lengths[256]);
        check(r, &s, table, distance_table, history, most_bytes, CK_INFLATE_END_OF_BLOCK, "a block");
        check(r, &s, table, distance_table, history, 1 + random_16() % 300, CK_INFLATE_END_OF_BLOCK, "a block in pieces");

        // A distance to before the history.
        int length = any(literals, 257, 286), distance = any(distances, 0, 30);
        if (length >= 0 && distance >= 0 && (size_t)distance_base(distance) > s.count) {
            memset(s.bytes + (bits >> 3) + 1, 0, 16);
            s.bytes[bits >> 3] &= (uint8_t)((1 << (bits & 7)) - 1);
            s.bits = bits;
            put(&s, literals.codes[length], literals.lengths[length]);
            s.bits += (size_t)length_extra(length);
            put(&s, distances.codes[distance], distances.lengths[distance]);
            s.bits += (size_t)distance_extra(distance);
            check(r, &s, table, distance_table, history, most_bytes, CK_INFLATE_DISTANCE, "a distance too far");
        }
    }
    // Codes of one symbol, of which half of the bits are no code.
    code one = {.count = 30, .lengths = {1}}, few = {.count = 286};
    few.lengths['a'] = 1, few.codes['a'] = 0;
    few.lengths[256] = 3, few.codes[256] = reversed(5, 3);
    few.lengths[257] = 3, few.codes[257] = reversed(4, 3);
    make_table(few, 0, plain);
    make_table(one, 1, distance_table);
    for (int n = 1; n < 60; n++) {
        memset(&s, 0, sizeof s);
        for (int i = 0; i < n; i++) put(&s, few.codes['a'], 1);
        memset(s.output, 'a', (size_t)n);
        s.count = (size_t)n;
        put(&s, 7, 3);
        check(r, &s, plain, distance_table, 0, most_bytes, CK_INFLATE_LITERAL_CODE, "no code of a literal");
        s.bits -= 3;
        s.bytes[s.bits >> 3] &= (uint8_t)((1 << (s.bits & 7)) - 1), s.bytes[(s.bits >> 3) + 1] = 0;
        put(&s, few.codes[257], 3);
        put(&s, 1, 1);
        check(r, &s, plain, distance_table, 0, most_bytes, CK_INFLATE_DISTANCE_CODE, "no code of a distance");
    }
    end(r.name);
}

int main(int argc, char **argv) {
#if defined(__x86_64__)
    test((row){{"inflate_bmi2", __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("sse4.1")},
               ck_inflate_bmi2});
#else
    // The loop of InflateLoop.swift is all that there is.
    (void)test;
#endif
    return outcome(argc, argv);
}
