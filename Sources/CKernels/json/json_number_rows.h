// The functions of a row of numbers, from its `read_double` and `write_double`; `CK_NUMBER_ROW` names them.

#pragma clang assume_nonnull begin

CK_ROW uint64_t CK_NUMBER_ROW(ck_json_double)(CK_JSON_DOUBLE_PARAMETERS) { return read_double(text, count, readable, powers); }

CK_ROW size_t CK_NUMBER_ROW(ck_json_doubles)(CK_JSON_DOUBLES_PARAMETERS) {
    for (size_t i = 0; i < count; i++) {
        const ck_json_node node = nodes[i];
        if ((node.kind & 7) != CK_JSON_NUMBER) {
            return i;
        }
        const uint64_t bits = read_double(source + node.begin, node.end - node.begin, readable - node.begin, powers);
        if (__builtin_expect(bits == UINT64_MAX, 0)) {
            return i;
        }
        memcpy(out + i, &bits, sizeof bits);
    }
    return count;
}

CK_ROW size_t CK_NUMBER_ROW(ck_json_write_double)(CK_JSON_WRITE_DOUBLE_PARAMETERS) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return write_double(bits, out);
}

CK_ROW size_t CK_NUMBER_ROW(ck_json_write_doubles)(CK_JSON_WRITE_DOUBLES_PARAMETERS) {
    uint8_t *at = out;
    size_t i = 0;
    for (; i < *count; i++) {
        uint64_t bits;
        memcpy(&bits, values + i, sizeof bits);
        const size_t written = write_double(bits, at);
        if (__builtin_expect(written == 0, 0)) {
            break;
        }
        at[written] = ',';
        at += written + 1;
    }
    *count = i;
    return (size_t)(at - out);
}

#pragma clang assume_nonnull end
