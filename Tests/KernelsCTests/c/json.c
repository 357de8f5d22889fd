// JSON as a C program sees it: what is valid, where it is not, what comes out, and what is refused.
#include "check.h"

static void faults(void) {
    kn_error error;
    const char *text = "{\"a\": [1, 2,\n {\"b~/\": tru}]}";
    CHECK_STATUS(KN_INVALID_DATA, kn_json_validate((const uint8_t *)text, strlen(text), &error));
    CHECK(error.offset == strlen(text) - 3 && error.line == 2 && error.column == 13);
    CHECK(strcmp(error.path, "/a/2/b~0~1") == 0 && error.message[0] != 0);
    CHECK_STATUS(KN_INVALID_DATA, kn_json_validate((const uint8_t *)text, 5, &error));
    CHECK(error.offset == 5);
    CHECK_STATUS(KN_INVALID_DATA, kn_json_validate(NULL, 0, &error));
    CHECK(error.offset == 0);
    CHECK_STATUS(KN_INVALID_DATA, kn_json_validate((const uint8_t *)"\"\xed\xa0\x80\"", 5, NULL));
}

static void limits(void) {
    enum { COUNT = 1000000 };
    uint8_t *deep = (uint8_t *)malloc(COUNT);
    memset(deep, '[', COUNT);
    kn_error error;
    CHECK_STATUS(KN_LIMIT_EXCEEDED, kn_json_validate(deep, COUNT, &error));
    CHECK(error.offset == 1024);
    memset(deep + 1024, ']', 1024);
    CHECK_STATUS(KN_OK, kn_json_validate(deep, 2048, NULL));
    free(deep);
}

static void minify(void) {
    const char *text = " { \"a b\" : [ 1 , true ,\r\n\tnull ] } ";
    uint8_t *out = NULL;
    size_t length = 7;
    CHECK_STATUS(KN_OK, kn_json_minify((const uint8_t *)text, strlen(text), &out, &length, NULL));
    CHECK(length == 21 && memcmp(out, "{\"a b\":[1,true,null]}", 21) == 0);
    kn_free(out);
    out = NULL;
    length = 7;
    CHECK_STATUS(KN_INVALID_DATA, kn_json_minify((const uint8_t *)"[1,]", 4, &out, &length, NULL));
    CHECK(out == NULL && length == 7);
}

static void mistakes(void) {
    kn_error error;
    error.offset = 99;
    uint8_t *out = NULL;
    size_t length = 7;
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_json_validate(NULL, 1, &error));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_json_minify(NULL, 1, &out, &length, &error));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_json_minify((const uint8_t *)"1", 1, NULL, &length, &error));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_json_minify((const uint8_t *)"1", 1, &out, NULL, &error));
    CHECK(out == NULL && length == 7 && error.offset == 99);
}

int main(void) {
    CHECK_STATUS(KN_OK, kn_json_validate((const uint8_t *)" 1.5e3 ", 7, NULL));
    faults();
    limits();
    minify();
    mistakes();
    return report("json");
}
