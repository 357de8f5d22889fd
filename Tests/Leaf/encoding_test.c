// The leaf of hex and base64 against plain C: every length, both alphabets, every wrong byte at every place, with what
// is read and written ending (or starting) at a page that faults.
#include "leaf_test.h"

enum { bytes_buffer, text_buffer, back_buffer, digits_buffer, most = 1100 };

typedef struct row {
    row_name name;
    size_t (*hex_encode)(CK_HEX_ENCODE_PARAMETERS);
    size_t (*hex_decode)(CK_HEX_DECODE_PARAMETERS);
    size_t (*base64_encode)(CK_BASE64_ENCODE_PARAMETERS);
    size_t (*base64_decode)(CK_BASE64_DECODE_PARAMETERS);
} row;

static const char hex_digits[] = "0123456789abcdef";

// RFC 4648, tables 1 and 2, and what CKernels.h says of each field that plain C uses.
static ck_base64_tables tables_of(const char *last_two) {
    ck_base64_tables t;
    memset(&t, 0, sizeof t);
    for (int i = 0; i < 26; i++) {
        t.alphabet[i] = (uint8_t)('A' + i);
        t.alphabet[26 + i] = (uint8_t)('a' + i);
    }
    for (int i = 0; i < 10; i++) t.alphabet[52 + i] = (uint8_t)('0' + i);
    memcpy(t.alphabet + 62, last_two, 2);
    memset(t.values, 0x80, sizeof t.values);
    for (int i = 0; i < 64; i++) t.values[t.alphabet[i]] = (uint8_t)i;
    return t;
}

// The leaf's tables against those, and the halves and distances against what they are for.
static void test_tables(const ck_base64_tables *t, const char *last_two) {
    ck_base64_tables expected = tables_of(last_two);
    if (memcmp(t->alphabet, expected.alphabet, sizeof t->alphabet) != 0) FAIL("alphabet with %s", last_two);
    if (memcmp(t->values, expected.values, sizeof t->values) != 0) FAIL("values with %s", last_two);
    for (int c = 0; c < 256; c++) {
        int low = t->low[c & 15], high = t->high[c >> 4], value = c < 128 ? expected.values[c] : 0x80;
        if (((low & high) == 0) != (value < 64)) FAIL("halves of %d with %s", c, last_two);
        if (value < 64 && ((c + t->offsets[(c >> 4) ^ (low & 8)]) & 255) != value) FAIL("offset of %d", c);
    }
    for (int v = 0; v < 64; v++) {
        int kind = v < 26 ? 0 : v < 52 ? 1 : v - 50;
        if (((v + t->distances[kind]) & 255) != expected.alphabet[v]) FAIL("distance of %d with %s", v, last_two);
    }
}

static int base64_value(const ck_base64_tables *t, uint8_t c) {
    return c < 128 && t->values[c] < 64 ? t->values[c] : -1;
}

static int hex_value(uint8_t c) {
    const char *found = c == 0 ? NULL : strchr(hex_digits, c >= 'A' && c <= 'F' ? c + 32 : c);
    return found == NULL ? -1 : (int)(found - hex_digits);
}

static const uint8_t *random_bytes(size_t length, place where) {
    uint8_t *bytes = guarded(bytes_buffer, length, where);
    for (size_t i = 0; i < length; i++) bytes[i] = (uint8_t)random_16();
    return bytes;
}

static void hex_case(const row *row, size_t length, place where) {
    const uint8_t *bytes = random_bytes(length, where);
    uint8_t *text = guarded(text_buffer, 2 * length, where), *back = guarded(back_buffer, length, where);
    const uint8_t *digits = memcpy(guarded(digits_buffer, 16, where), hex_digits, 16);
    size_t taken = row->hex_encode(bytes, length, text, digits);
    if (taken > length) FAIL("%s: hex takes %zu of %zu", row->name.text, taken, length);
    for (size_t i = 0; i < taken; i++)
        if (text[2 * i] != digits[bytes[i] >> 4] || text[2 * i + 1] != digits[bytes[i] & 15])
            FAIL("%s: hex of %zu bytes, byte %zu", row->name.text, length, i);
    for (size_t i = 0; i < 2 * length; i++) {
        text[i] = digits[(i % 2 ? bytes[i / 2] : bytes[i / 2] >> 4) & 15];
        if (text[i] > '9' && random_16() & 1) text[i] -= 32;
    }
    taken = row->hex_decode(text, 2 * length, back);
    if (taken % 2 != 0 || memcmp(back, bytes, taken / 2) != 0)
        FAIL("%s: bytes of %zu digits", row->name.text, 2 * length);
    cases++;
}

static void base64_case(const row *row, const ck_base64_tables *t, size_t length, place where) {
    const uint8_t *bytes = random_bytes(length, where);
    size_t groups = length / 3;
    uint8_t *text = guarded(text_buffer, 4 * groups, where), *back = guarded(back_buffer, 3 * groups, where);
    uint8_t expected[4 * most / 3 + 4];
    for (size_t i = 0; i < groups; i++) {
        uint32_t group = (uint32_t)bytes[3 * i] << 16 | (uint32_t)bytes[3 * i + 1] << 8 | bytes[3 * i + 2];
        for (int k = 0; k < 4; k++) expected[4 * i + (size_t)k] = t->alphabet[group >> (18 - 6 * k) & 63];
    }
    size_t taken = row->base64_encode(bytes, length, text, t);
    if (taken > length || taken % 3 != 0 || memcmp(text, expected, taken / 3 * 4) != 0)
        FAIL("%s: base64 of %zu bytes", row->name.text, length);
    memcpy(text, expected, 4 * groups);
    taken = row->base64_decode(text, 4 * groups, back, t);
    if (taken > 4 * groups || taken % 4 != 0 || memcmp(back, bytes, taken / 4 * 3) != 0)
        FAIL("%s: bytes of %zu characters", row->name.text, 4 * groups);
    cases++;
}

// A row may stop before a wrong character, never after it; a right one of the same place makes no difference.
static void wrong_bytes(const row *row, const ck_base64_tables *t) {
    enum { characters = 128, digits = 64 };
    uint8_t *text = guarded(text_buffer, characters, at_end), *back = guarded(back_buffer, characters, at_end);
    for (size_t at = 0; at < characters; at++)
        for (int byte = 0; byte < 256; byte++) {
            memset(text, 'A', characters);
            size_t right = row->base64_decode(text, characters, back, t);
            text[at] = (uint8_t)byte;
            size_t taken = row->base64_decode(text, characters, back, t);
            int value = base64_value(t, text[at]);
            if (value < 0 ? taken > at : taken != right) FAIL("%s: base64, %d at %zu", row->name.text, byte, at);
            if (value >= 0 && at < taken) {
                const uint8_t *three = back + at / 4 * 3;
                uint32_t group = (uint32_t)three[0] << 16 | (uint32_t)three[1] << 8 | three[2];
                if (group != (uint32_t)value << (18 - 6 * (at % 4))) FAIL("%s: value of %d", row->name.text, byte);
            }
            cases++;
        }
    for (size_t at = 0; at < digits; at++)
        for (int byte = 0; byte < 256; byte++) {
            memset(text, '0', digits);
            size_t right = row->hex_decode(text, digits, back);
            text[at] = (uint8_t)byte;
            size_t taken = row->hex_decode(text, digits, back);
            int value = hex_value(text[at]);
            if (value < 0 ? taken > at : taken != right) FAIL("%s: hex, %d at %zu", row->name.text, byte, at);
            if (value >= 0 && at < taken && back[at / 2] != value << (at % 2 ? 0 : 4))
                FAIL("%s: value of digit %d", row->name.text, byte);
            cases++;
        }
}

static void test(row row) {
    if (!begin(row.name)) return;
    const ck_base64_tables *both[] = {ck_base64_standard(), ck_base64_url()};
    for (place where = at_end; where < places; where++)
        for (size_t length = 0; length <= most; length++) {
            hex_case(&row, length, where);
            for (int i = 0; i < 2; i++) base64_case(&row, both[i], length, where);
        }
    for (int i = 0; i < 2; i++) wrong_bytes(&row, both[i]);
    end(row.name);
}

int main(int argc, char **argv) {
    test_tables(ck_base64_standard(), "+/");
    test_tables(ck_base64_url(), "-_");
#if defined(__x86_64__)
    int avx2 = __builtin_cpu_supports("avx2"), vbmi = __builtin_cpu_supports("avx512vbmi");
    test((row){
        {"hex and base64, avx2", avx2},
        ck_hex_encode_avx2,
        ck_hex_decode_avx2,
        ck_base64_encode_avx2,
        ck_base64_decode_avx2,
    });
    test((row){
        {"base64, avx512vbmi", avx2 && vbmi},
        ck_hex_encode_avx2,
        ck_hex_decode_avx2,
        ck_base64_encode_avx512vbmi,
        ck_base64_decode_avx512vbmi,
    });
#elif defined(__aarch64__)
    test((row){
        {"hex and base64, neon", 1},
        ck_hex_encode_neon,
        ck_hex_decode_neon,
        ck_base64_encode_neon,
        ck_base64_decode_neon,
    });
#endif
    return outcome(argc, argv);
}
