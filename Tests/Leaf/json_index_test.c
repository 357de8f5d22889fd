// The leaf of JSON against plain C: tokens, kinds, squeezing and tapes of texts that are strings, escapes, numbers and UTF-8 at random,
// one block to twenty, in one call and in several, with what is read and written ending (or starting) at a page that faults.
#include "leaf_test.h"

enum { data_buffer, index_buffer, escapes_buffer, kinds_buffer, blanks_buffer, visits_buffer, out_buffer, nodes_buffer, counts_buffer,
       places_buffer, most_blocks = 20 };
enum { most = 64 * most_blocks };

typedef struct row {
    row_name name;
    size_t (*index)(CK_JSON_INDEX_PARAMETERS);
    size_t (*kinds)(CK_JSON_KINDS_PARAMETERS);
    size_t (*squeeze)(CK_JSON_SQUEEZE_PARAMETERS);  // NULL where that is Swift
    size_t (*tape)(CK_JSON_TAPE_PARAMETERS);        // NULL where there is none
} row;

// ---------------------------------------------------------------- what must come out, a byte at a time

typedef struct expected {
    uint32_t tokens[most + 64];
    size_t token_count;
    uint8_t kinds[most];  // bracket 4, second 2, third 1
    uint32_t places[most];
    size_t kind_count;
    ck_json_node nodes[most];  // of containers without an end
    size_t node_count;
    uint32_t starts[most];  // numbers and words
    size_t start_count;
    uint8_t escaped_end[most], blank[most];
    uint64_t separators;
    int bad_strings, in_string, unicode;
} expected;

static int is_hex(int c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f'); }

// The Unicode Standard, table 3-7: how many bytes at `text` are one character; 0 where none is, -1 where the text ends in one.
static int character(const uint8_t *text, size_t left) {
    uint8_t a = text[0], low = 0x80, high = 0xbf;
    int length = a < 0x80 ? 1 : a >= 0xc2 && a <= 0xdf ? 2 : a >= 0xe0 && a <= 0xef ? 3 : a >= 0xf0 && a <= 0xf4 ? 4 : 0;
    if (a == 0xe0) low = 0xa0;
    if (a == 0xed) high = 0x9f;
    if (a == 0xf0) low = 0x90;
    if (a == 0xf4) high = 0x8f;
    for (int i = 1; i < length; i++, low = 0x80, high = 0xbf) {
        if ((size_t)i >= left) return -1;
        if (text[i] < low || text[i] > high) return 0;
    }
    return length;
}

static void expect(const uint8_t *text, size_t length, expected *e) {
    memset(e, 0, sizeof *e);
    for (size_t i = 0; i < length;) {
        int n = character(text + i, length - i);
        if (n < 0) break;
        if (n == 0) e->bad_strings = 1;
        i += n == 0 ? 1 : (size_t)n;
    }
    int has_escape = 0, in_scalar = 0, is_whole = 0;
    ck_json_node *node = e->nodes;
    for (size_t i = 0; i < length; i++) {
        uint8_t c = text[i];
        if (e->in_string) {
            if (c == '"') {
                e->tokens[e->token_count++] = (uint32_t)i;
                e->escaped_end[i] = has_escape != 0;
                node->end = (uint32_t)i + 1;
                node->kind |= has_escape ? 8 : 0;
                e->in_string = 0;
            } else if (c == '\\') {
                has_escape = 1;
                if (++i == length) break;
                if (text[i] == 0 || strchr("\"\\/bfnrtu", text[i]) == NULL) e->bad_strings = 1;
                if (text[i] == 'u') {
                    e->unicode = 1;
                    for (size_t k = i + 1; k < i + 5 && k < length; k++)
                        if (!is_hex(text[k])) e->bad_strings = 1;
                }
            } else if (c < 32) {
                e->bad_strings = 1;
            }
            continue;
        }
        int scalar = 0;
        if (c == '"') {
            e->in_string = 1;
            has_escape = 0;
            e->tokens[e->token_count++] = (uint32_t)i;
            e->places[e->kind_count] = (uint32_t)i;
            e->kinds[e->kind_count++] = 1;
            node = e->nodes + e->node_count++;
            *node = (ck_json_node){(uint32_t)i, 0, 4, (uint32_t)e->node_count};
        } else if (c != 0 && strchr("[{]},:", c) != NULL) {
            static const uint8_t codes[] = {4, 5, 6, 7, 2, 3};
            e->places[e->kind_count] = (uint32_t)i;
            e->kinds[e->kind_count++] = codes[strchr("[{]},:", c) - "[{]},:"];
            if (c == '[' || c == '{') {
                e->nodes[e->node_count] = (ck_json_node){(uint32_t)i, 0, c == '[' ? 5 : 6, (uint32_t)e->node_count + 1};
                e->node_count++;
            }
            if (c == ',' || c == ':') e->separators++;
            else e->tokens[e->token_count++] = (uint32_t)i;
        } else if (c != 0 && strchr(" \t\n\r", c) != NULL) {
            e->blank[i] = 1;
        } else {
            scalar = 1;
            if (!in_scalar) {
                e->tokens[e->token_count++] = (uint32_t)i;
                e->places[e->kind_count] = (uint32_t)i;
                e->kinds[e->kind_count++] = 0;
                e->starts[e->start_count++] = (uint32_t)i;
                node = e->nodes + e->node_count++;
                uint32_t kind = c == 't' ? 2 : c == 'f' ? 1 : c == '-' || (c >= '0' && c <= '9') ? 3 : 0;
                *node = (ck_json_node){(uint32_t)i, 0, kind, (uint32_t)e->node_count};
                is_whole = kind == 3;
            }
            is_whole = is_whole && (c == '-' || (c >= '0' && c <= '9'));
            node->end = (uint32_t)i + 1;
            node->kind = (node->kind & 7) | (is_whole ? 8 : 0);
        }
        in_scalar = scalar;
    }
}

// ---------------------------------------------------------------- texts

// Good and bad, of what the rows tell apart. A backslash outside strings is left out: such a text is refused whatever else is in it,
// and rows need not agree on the rest.
static size_t make_text(uint8_t *text, size_t blocks) {
    static const char *const outside[] = {"[", "]", "{", "}", ",", ":", " ", "\n", "\t", "\r", "        ", "1", "-2.5", "true", "x"};
    static const char *const inside[] = {"a", "bc", " ", ",", "]", "\\n", "\\\\", "\\\"", "\\u00e9", "\\/", "\xc3\xa9", "\xe2\x82\xac",
                                         "\xf0\x9f\x98\x80", "                                                                "};
    static const char *const bad[] = {"\x01", "\\x", "\\u12g4", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80", "\xe2\x82", "\xff"};
    size_t length = 64 * blocks, at = 0;
    int in_string = 0, wrong = random_16() % 4 == 0;
    while (at < length) {
        const char *part;
        if (random_16() % 5 == 0) {
            part = "\"";
            in_string = !in_string;
        } else if (!in_string) {
            part = outside[random_16() % (sizeof outside / sizeof *outside)];
        } else if (wrong && random_16() % 40 == 0) {
            part = bad[random_16() % (sizeof bad / sizeof *bad)];
        } else {
            part = inside[random_16() % (sizeof inside / sizeof *inside)];
        }
        size_t size = strlen(part);
        if (size > length - at) size = length - at;
        memcpy(text + at, part, size);
        at += size;
    }
    return length;
}

// ---------------------------------------------------------------- cases

static int kind_at(const ck_json_kinds *kinds, size_t i) {
    return (int)(kinds[i / 64].bracket >> (i % 64) & 1) << 2 | (int)(kinds[i / 64].second >> (i % 64) & 1) << 1 |
        (int)(kinds[i / 64].third >> (i % 64) & 1);
}

static void tape_case(const row *row, const uint8_t *made, const uint8_t *text, size_t blocks, size_t step, place where,
                      const expected *e);

static void one_case(const row *row, size_t blocks, size_t step, place where) {
    static expected e;
    static uint8_t made[most];
    size_t length = make_text(made, blocks);
    expect(made, length, &e);
    const uint8_t *text = memcpy(guarded(data_buffer, length, where), made, length);
    const char *name = row->name.text;

    ck_json_state state;
    memset(&state, 0, sizeof state);
    size_t found = 0;
    for (size_t from = 0; from < blocks; from += step) {
        size_t now = blocks - from < step ? blocks - from : step;
        uint32_t *index = guarded(index_buffer, 4 * (64 * now + 64), where);
        uint64_t *escapes = guarded(escapes_buffer, 8 * now, where);
        size_t count = row->index(text + 64 * from, now, &state, index, escapes);
        for (size_t i = 0; i < count && !state.errors; i++, found++)
            if (found >= e.token_count || e.tokens[found] != 64 * from + index[i]) {
                FAIL("%s: token %zu of %zu blocks", name, found, blocks);
                return;
            }
        for (size_t i = 0; i < 64 * now && !state.errors; i++)
            if ((escapes[i / 64] >> (i % 64) & 1) != e.escaped_end[64 * from + i]) FAIL("%s: escaped end at %zu", name, i);
    }
    if ((state.errors != 0) != e.bad_strings) FAIL("%s: strings of %zu blocks are %s", name, blocks, e.bad_strings ? "bad" : "good");
    if (!state.errors && (found != e.token_count || state.separators != e.separators || (state.in_string != 0) != e.in_string ||
                          (state.seen != 0) != e.unicode))
        FAIL("%s: the end of %zu blocks", name, blocks);

    // Where few are dense, and all visits are starts.
    memset(&state, 0, sizeof state);
    size_t kinds_found = 0, visits_found = 0, written = 0;
    uint8_t *out = guarded(out_buffer, length, where);
    for (size_t from = 0; from < blocks; from += step) {
        size_t now = blocks - from < step ? blocks - from : step;
        ck_json_kinds *kinds = guarded(kinds_buffer, sizeof *kinds * (now + 1), where);
        uint64_t *blanks = guarded(blanks_buffer, 8 * now, where);
        uint32_t *visits = guarded(visits_buffer, 4 * (32 * now + 64), where);
        size_t words = row->kinds(text + 64 * from, now, &state, kinds, blanks, visits);
        if (state.errors) break;
        for (size_t i = 0; i < 64 * words; i++, kinds_found++)
            if (kinds_found >= e.kind_count || kind_at(kinds, i) != e.kinds[kinds_found]) {
                FAIL("%s: kind %zu of %zu blocks", name, kinds_found, blocks);
                return;
            }
        for (size_t i = 0; i < state.visits; i++, visits_found++)
            if (visits_found >= e.start_count || e.starts[visits_found] != 64 * from + visits[i]) {
                FAIL("%s: visit %zu of %zu blocks", name, visits_found, blocks);
                return;
            }
        for (size_t i = 0; i < 64 * now; i++)
            if ((blanks[i / 64] >> (i % 64) & 1) != e.blank[64 * from + i]) FAIL("%s: blank at %zu", name, i);
        if (row->squeeze != NULL) written += row->squeeze(text + 64 * from, now, blanks, out + written);
    }
    if ((state.errors != 0) != e.bad_strings) FAIL("%s: kinds: strings of %zu blocks", name, blocks);
    if (!state.errors) {
        for (size_t i = 0; i < state.kind_count; i++, kinds_found++)
            if (kind_at(&state.kinds, i) != e.kinds[kinds_found]) FAIL("%s: last kinds of %zu blocks", name, blocks);
        if (kinds_found != e.kind_count || visits_found != e.start_count) FAIL("%s: how many of %zu blocks", name, blocks);
        size_t kept = 0;
        for (size_t i = 0; row->squeeze != NULL && i < length; i++)
            if (!e.blank[i] && (kept >= written || out[kept++] != made[i])) {
                FAIL("%s: squeezed byte %zu", name, i);
                return;
            }
        if (kept != written) FAIL("%s: squeezed %zu bytes to %zu", name, length, written);
    }
    if (row->tape != NULL) tape_case(row, made, text, blocks, step, where, &e);
    cases++;
}

// The nodes and brackets of a text, and its copy.
static void tape_case(const row *row, const uint8_t *made, const uint8_t *text, size_t blocks, size_t step, place where,
                      const expected *e) {
    const char *name = row->name.text;
    ck_json_state state;
    memset(&state, 0, sizeof state);
    ck_json_node *nodes = guarded(nodes_buffer, sizeof *nodes * (64 * blocks + 16), where);
    uint8_t *copy = guarded(out_buffer, 64 * blocks, where);
    size_t tokens = 0, before = 0;
    uint64_t counts = 0;
    for (size_t from = 0; from < blocks; from += step) {
        size_t now = blocks - from < step ? blocks - from : step, most_brackets = 64 * now + 64, bracket = 0;
        ck_json_kinds *kinds = guarded(kinds_buffer, sizeof *kinds * (now + 1), where);
        ck_json_brackets brackets = {guarded(counts_buffer, 8 * most_brackets, where), guarded(index_buffer, 8 * most_brackets, where),
                                     guarded(places_buffer, 2 * most_brackets, where)};
        uint32_t *visits = guarded(visits_buffer, 4 * (32 * now + 64), where);
        size_t count = row->tape(text + 64 * from, now, 64 * from, &state, copy + 64 * from, nodes, kinds, brackets, visits);
        if (state.errors) break;
        for (size_t i = 0; i < count; i++, tokens++) {
            if (tokens >= e->kind_count || kind_at(kinds, i) != e->kinds[tokens]) {
                FAIL("%s: token %zu of the tape of %zu blocks", name, tokens, blocks);
                return;
            }
            int kind = e->kinds[tokens];
            if (kind >= 4) {
                uint64_t node = before | (uint64_t)(kind == 5 || kind == 7) << CK_JSON_BRACE_BIT | (uint64_t)(kind < 6) << CK_JSON_OPENS_BIT;
                if (bracket >= state.brackets || brackets.counts[bracket] != counts || brackets.nodes[bracket] != node ||
                    64 * from + brackets.places[bracket] != e->places[tokens]) {
                    FAIL("%s: bracket %zu of %zu blocks", name, bracket, blocks);
                    return;
                }
                bracket++;
            }
            before += (kind & 2) == 0;
            counts += kind == 2 ? 1 : kind == 3 ? (uint64_t)1 << 32 : 0;
        }
        if (bracket != state.brackets || counts != state.counts) FAIL("%s: brackets of %zu blocks", name, blocks);
    }
    if ((state.errors != 0) != e->bad_strings) FAIL("%s: tape: strings of %zu blocks", name, blocks);
    if (state.errors) return;
    if (tokens != e->kind_count || state.nodes != e->node_count) FAIL("%s: the tape of %zu blocks", name, blocks);
    for (size_t i = 0; i < e->node_count; i++) {
        const ck_json_node *a = nodes + i, *b = e->nodes + i;
        int has_end = b->kind < 5 || b->kind > 6, goes_on = i + 1 == e->node_count && state.unended;
        // A string right after a number is refused, and whose marks are whose is left open.
        int adjoins = (i > 0 && (b[-1].kind & 7) < 4 && b[-1].end == b->begin) ||
            ((b->kind & 7) < 4 && b->end < 64 * blocks && made[b->end] == '"');
        if (a->begin != b->begin || a->next != b->next || (a->kind & 7) != (b->kind & 7) ||
            (has_end && !goes_on && (a->end != b->end || (a->kind != b->kind && !adjoins)))) {
            FAIL("%s: node %zu of %zu blocks", name, i, blocks);
            return;
        }
    }
    if (memcmp(copy, made, 64 * blocks) != 0) FAIL("%s: the copy of %zu blocks", name, blocks);
}

// Numbers by masks: an array of one number at every place of a block, with what is right and wrong about it.
static void number_cases(const row *row) {
    static const struct { const char *text; int good, visits; } numbers[] = {
        {"0", 1, 0}, {"-0", 1, 0}, {"10", 1, 0}, {"0.5", 1, 0}, {"-12.25", 1, 0}, {"1e5", 1, 1}, {"0.5E+7", 1, 1}, {"true", 1, 1},
        {"00", 0, 0}, {"01", 0, 0}, {"-", 0, 0}, {"-a", 0, 0}, {"1.", 0, 0}, {"1.e5", 0, 0}, {"1.2.3", 0, 0}, {"1-2", 0, 0},
        {"--1", 0, 0}, {"1x", 0, 0}, {"123456789012345678901234567890.123456789012345678901234567890", 1, 0},
    };
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
        for (size_t at = 0; at < 128; at++) {
            size_t size = strlen(numbers[n].text), length = 256;
            uint8_t *text = guarded(data_buffer, length, at_end);
            memset(text, ' ', length);
            memcpy(text + at, numbers[n].text, size);
            ck_json_state state;
            memset(&state, 0, sizeof state);
            size_t visited = 0;
            for (size_t i = 0; i < 4; i++) {
                state.dense = 1;
                ck_json_kinds *kinds = guarded(kinds_buffer, sizeof *kinds * 2, at_end);
                row->kinds(text + 64 * i, 1, &state, kinds, guarded(blanks_buffer, 8, at_end), guarded(visits_buffer, 4 * 96, at_end));
                visited += state.visits;
            }
            if ((state.errors == 0) != numbers[n].good) FAIL("%s: %s at %zu", row->name.text, numbers[n].text, at);
            if (numbers[n].good && visited != (size_t)numbers[n].visits) FAIL("%s: visits of %s at %zu", row->name.text, numbers[n].text, at);
            cases++;
        }
}

static void test(row row) {
    if (!begin(row.name)) return;
    for (int round = 0; round < 600; round++)
        one_case(&row, 1 + random_16() % most_blocks, 1 + random_16() % most_blocks, random_16() % places);
    number_cases(&row);
    end(row.name);
}

int main(int argc, char **argv) {
#if defined(__x86_64__)
    test((row){{"json avx512vbmi2", __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512vl") &&
                    __builtin_cpu_supports("gfni") && __builtin_cpu_supports("vpclmulqdq") &&
                    __builtin_cpu_supports("avx512vpopcntdq")},
               ck_json_index_avx512vbmi2, ck_json_kinds_avx512vbmi2, ck_json_squeeze_avx512vbmi2, ck_json_tape_avx512vbmi2});
    test((row){{"json avx512bw", __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")},
               ck_json_index_avx512bw, ck_json_kinds_avx512bw, ck_json_squeeze_avx2, NULL});
    test((row){{"json avx2", __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")},
               ck_json_index_avx2, ck_json_kinds_avx2, ck_json_squeeze_avx2, NULL});
#elif defined(__aarch64__)
    test((row){{"json neon", 1}, ck_json_index_neon, ck_json_kinds_neon, NULL, NULL});
#endif
    return outcome(argc, argv);
}
