// JSON plans as a C program sees them: every language, lines, and what is refused.
#include "check.h"

#include <string.h>

static kn_json_plan *create(int32_t language, const char *text) {
    kn_json_plan *plan = NULL;
    CHECK(kn_json_plan_create(language, text, strlen(text), &plan, NULL) == KN_OK);
    CHECK(plan != NULL);
    return plan;
}

static void gives(int32_t language, const char *text, const char *document, const char *expected) {
    kn_json_plan *plan = create(language, text);
    uint8_t *out = NULL;
    size_t length = 0;
    kn_error error;
    CHECK(kn_json_plan_apply(plan, (const uint8_t *)document, strlen(document), &out, &length, &error) == KN_OK);
    CHECK(length == strlen(expected) && memcmp(out, expected, length) == 0);
    kn_free(out);
    kn_json_plan_destroy(plan);
}

static void fails(int32_t language, const char *text, const char *document, kn_status status) {
    kn_json_plan *plan = create(language, text);
    uint8_t *out = (uint8_t *)1;
    size_t length = 77;
    kn_error error;
    memset(&error, 0xff, sizeof error);
    CHECK(kn_json_plan_apply(plan, (const uint8_t *)document, strlen(document), &out, &length, &error) == status);
    CHECK(out == (uint8_t *)1 && length == 77);
    CHECK(error.message[0] != 0 && memchr(error.message, 0, sizeof error.message) != NULL);
    kn_json_plan_destroy(plan);
}

// The place of the value on which an expression fails.
static void says_where(void) {
    kn_json_plan *plan = create(KN_JMESPATH, "items[*].abs(n)");
    const char *text = "{\"items\":[\n {\"n\":1},\n {\"n\":\"two\"}\n]}";
    uint8_t *out = NULL;
    size_t length = 0;
    kn_error error;
    CHECK(kn_json_plan_apply(plan, (const uint8_t *)text, strlen(text), &out, &length, &error) == KN_INVALID_DATA);
    CHECK(error.offset == 22 && error.line == 3 && error.column == 2 && strcmp(error.path, "/items/1") == 0);
    kn_json_plan_destroy(plan);
}

static void does_not_compile(int32_t language, const char *text, uint64_t offset) {
    kn_json_plan *plan = (kn_json_plan *)1;
    kn_error error;
    memset(&error, 0xff, sizeof error);
    CHECK(kn_json_plan_create(language, text, strlen(text), &plan, &error) == KN_INVALID_ARGUMENT);
    CHECK(plan == (kn_json_plan *)1);
    CHECK(error.offset == offset && error.message[0] != 0);
    CHECK(kn_json_plan_create(language, text, strlen(text), &plan, NULL) == KN_INVALID_ARGUMENT);
}

static void lines(void) {
    kn_json_plan *plan = create(KN_JMESPATH, "a");
    const char *text = "{\"a\":1}\r\n\n{\"a\":[1, 2]}\n{}\nx\n{\"a\":\"\"}";
    uint8_t *out = NULL;
    size_t length = 0;
    uint64_t bad = 9;
    kn_error error;
    for (int32_t threads = 1; threads <= 4; threads++) {
        CHECK(kn_json_plan_apply_lines(plan, (const uint8_t *)text, strlen(text), KN_BAD_LINE_SKIP, 1, threads, &out, &length, &bad,
                                       &error) == KN_OK);
        CHECK(bad == 1 && length == 11 && memcmp(out, "1\n[1,2]\n\"\"\n", 11) == 0);
        kn_free(out);
        CHECK(kn_json_plan_apply_lines(plan, (const uint8_t *)text, strlen(text), KN_BAD_LINE_SKIP, 0, threads, &out, &length, NULL,
                                       NULL) == KN_OK);
        CHECK(length == 16);
        kn_free(out);
    }
    out = (uint8_t *)1;
    bad = 9;
    CHECK(kn_json_plan_apply_lines(plan, (const uint8_t *)text, strlen(text), KN_BAD_LINE_FAIL, 0, 1, &out, &length, &bad, &error) ==
          KN_INVALID_DATA);
    CHECK(error.line == 5 && error.column == 1 && error.offset == 26 && out == (uint8_t *)1 && bad == 9);
    CHECK(kn_json_plan_apply_lines(plan, NULL, 0, KN_BAD_LINE_FAIL, 0, 1, &out, &length, &bad, &error) == KN_OK);
    CHECK(length == 0 && bad == 0);
    kn_free(out);
    CHECK(kn_json_plan_apply_lines(plan, NULL, 0, 2, 0, 1, &out, &length, &bad, NULL) == KN_INVALID_ARGUMENT);
    CHECK(kn_json_plan_apply_lines(plan, NULL, 0, 0, 2, 1, &out, &length, &bad, NULL) == KN_INVALID_ARGUMENT);
    CHECK(kn_json_plan_apply_lines(plan, NULL, 0, 0, 0, 0, &out, &length, &bad, NULL) == KN_INVALID_ARGUMENT);
    CHECK(kn_json_plan_apply_lines(plan, NULL, 3, 0, 0, 1, &out, &length, &bad, NULL) == KN_INVALID_ARGUMENT);
    kn_json_plan_destroy(plan);
}

int main(void) {
    gives(KN_JMESPATH, "a[?b > `1`].{c: b, d: to_string(c)}", "{\"a\": [{\"b\": 1}, {\"b\": 2.50, \"c\": [ 1 ]}]}",
          "[{\"c\":2.50,\"d\":\"[1]\"}]");
    gives(KN_JMESPATH, "missing", "{}", "null");
    gives(KN_JSON_POINTER, "/a~1b/1", "{\"a/b\": [0, { \"x\" : 1e5 }]}", "{\"x\":1e5}");
    gives(KN_JSON_POINTER, "", "[ 1 ]", "[1]");
    gives(KN_JSON_PATCH, "[{\"op\": \"add\", \"path\": \"/b\", \"value\": 2}]", "{\"a\": 1}", "{\"a\":1,\"b\":2}");
    gives(KN_MERGE_PATCH, "{\"a\": null}", "{\"a\": 1, \"c\": 3}", "{\"c\":3}");
    gives(KN_JSONPATH, "$..a", "{\"a\": {\"a\": 1}}", "[{\"a\":1},1]");

    fails(KN_JMESPATH, "abs(a)", "{\"a\": \"x\"}", KN_INVALID_DATA);
    fails(KN_JMESPATH, "a", "{\"a\": 1", KN_INVALID_DATA);
    fails(KN_JMESPATH, "a", "", KN_INVALID_DATA);
    fails(KN_JSON_POINTER, "/x", "{}", KN_INVALID_DATA);
    fails(KN_JSON_PATCH, "[{\"op\": \"remove\", \"path\": \"/b\"}]", "{}", KN_INVALID_DATA);

    does_not_compile(KN_JMESPATH, "a.", 2);
    does_not_compile(KN_JMESPATH, "", 0);
    does_not_compile(KN_JMESPATH, "a.foo(b)", 2);
    does_not_compile(KN_JSON_POINTER, "x", 0);
    does_not_compile(KN_JSON_PATCH, "[", 1);
    does_not_compile(KN_MERGE_PATCH, "{]", 1);
    does_not_compile(KN_JSONPATH, "$.", 2);
    does_not_compile(KN_JMESPATH, "\xff", 0);

    kn_json_plan *plan = NULL;
    CHECK(kn_json_plan_create(0, "a", 1, &plan, NULL) == KN_INVALID_ARGUMENT);
    CHECK(kn_json_plan_create(6, "a", 1, &plan, NULL) == KN_INVALID_ARGUMENT);
    CHECK(kn_json_plan_create(KN_JMESPATH, NULL, 1, &plan, NULL) == KN_INVALID_ARGUMENT);
    CHECK(kn_json_plan_create(KN_JMESPATH, "a", 1, NULL, NULL) == KN_INVALID_ARGUMENT);
    plan = create(KN_JMESPATH, "a");
    uint8_t *out = NULL;
    size_t length = 0;
    CHECK(kn_json_plan_apply(NULL, (const uint8_t *)"{}", 2, &out, &length, NULL) == KN_INVALID_ARGUMENT);
    CHECK(kn_json_plan_apply(plan, NULL, 2, &out, &length, NULL) == KN_INVALID_ARGUMENT);
    CHECK(kn_json_plan_apply(plan, (const uint8_t *)"{}", 2, NULL, &length, NULL) == KN_INVALID_ARGUMENT);
    CHECK(kn_json_plan_apply(plan, (const uint8_t *)"{}", 2, &out, NULL, NULL) == KN_INVALID_ARGUMENT);
    char deep[4000];
    memset(deep, '[', sizeof deep);
    CHECK(kn_json_plan_apply(plan, (const uint8_t *)deep, sizeof deep, &out, &length, NULL) == KN_LIMIT_EXCEEDED);
    kn_json_plan_destroy(plan);
    kn_json_plan_destroy(NULL);
    lines();
    says_where();
    return report("json_plan");
}
