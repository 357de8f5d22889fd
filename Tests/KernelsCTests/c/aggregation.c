// Streaming aggregation as a C program sees it: plans, Arrow in and out, lines of JSON, windows, snapshots; and what is refused.
#include <stdlib.h>
#include <string.h>

#include "check.h"

static int released;

static void release_schema(struct ArrowSchema *schema) {
    released++;
    schema->release = NULL;
}

static void release_array(struct ArrowArray *array) {
    released++;
    array->release = NULL;
}

// A batch of a key of utf8, a time of int64 and a value of double, in memory that outlives it.
struct batch {
    struct ArrowSchema schema, fields[3], *field_pointers[3];
    struct ArrowArray array, columns[3], *column_pointers[3];
    const void *buffers[4][3];
};

static const int32_t offsets[] = {0, 1, 2, 3, 4};
static const char bytes[] = "abab";
static const int64_t times[] = {1, 2, 11, 12};
static const double values[] = {0.5, 1.5, 2.5, 3.5};
static const uint8_t valid[] = {0x07};

static void make(struct batch *b) {
    static const char *names[] = {"k", "ts", "v"}, *formats[] = {"u", "l", "g"};
    memset(b, 0, sizeof *b);
    b->schema.format = "+s";
    b->schema.n_children = b->array.n_children = 3;
    b->schema.children = b->field_pointers;
    b->array.children = b->column_pointers;
    b->array.length = 4;
    b->array.n_buffers = 1;
    b->array.buffers = b->buffers[3];
    b->schema.release = release_schema;
    b->array.release = release_array;
    for (int i = 0; i < 3; i++) {
        b->field_pointers[i] = &b->fields[i];
        b->column_pointers[i] = &b->columns[i];
        b->fields[i].format = formats[i];
        b->fields[i].name = names[i];
        b->columns[i].length = 4;
        b->columns[i].n_buffers = i == 0 ? 3 : 2;
        b->columns[i].buffers = b->buffers[i];
    }
    b->buffers[0][1] = offsets;
    b->buffers[0][2] = bytes;
    b->buffers[1][1] = times;
    b->buffers[2][0] = valid;
    b->buffers[2][1] = values;
    b->columns[2].null_count = 1;
}

static kn_agg *create(const char *plan) {
    kn_agg *agg = NULL;
    kn_error error;
    CHECK(kn_agg_create(plan, strlen(plan), &agg, &error) == KN_OK);
    CHECK(agg != NULL);
    return agg;
}

static void refused(const char *plan, const char *path) {
    kn_agg *agg = NULL;
    kn_error error;
    CHECK(kn_agg_create(plan, strlen(plan), &agg, &error) == KN_INVALID_ARGUMENT);
    CHECK(agg == NULL);
    CHECK(strcmp(error.path, path) == 0);
    CHECK(error.message[0] != 0);
}

static const char plan[] = "{\"keys\": [\"k\"], \"aggregates\": [{\"op\": \"sum\", \"column\": \"v\", \"as\": \"total\"},"
                           " {\"op\": \"count\", \"as\": \"n\"}],"
                           " \"window\": {\"kind\": \"tumbling\", \"time\": \"ts\", \"size_ms\": 10}}";

static void release(struct ArrowSchema *schema, struct ArrowArray *array) {
    CHECK(schema->release != NULL && array->release != NULL);
    array->release(array);
    schema->release(schema);
    CHECK(schema->release == NULL && array->release == NULL);
}

static void arrow(void) {
    kn_agg *agg = create(plan);
    struct batch b;
    make(&b);
    kn_error error;
    released = 0;
    CHECK(kn_agg_update(agg, &b.schema, &b.array, &error) == KN_OK);
    CHECK(released == 2);
    CHECK(b.schema.release == NULL && b.array.release == NULL);
    CHECK(kn_agg_update(agg, &b.schema, &b.array, &error) == KN_INVALID_ARGUMENT);

    struct ArrowSchema schema;
    struct ArrowArray array;
    CHECK(kn_agg_advance(agg, 10, &schema, &array, &error) == KN_OK);
    CHECK(strcmp(schema.format, "+s") == 0);
    CHECK(array.length == 2 && array.n_children == 5 && schema.n_children == 5);
    static const char *names[] = {"k", "window_start", "window_end", "total", "n"}, *formats[] = {"u", "l", "l", "g", "l"};
    for (int i = 0; i < 5; i++) {
        CHECK(strcmp(schema.children[i]->name, names[i]) == 0);
        CHECK(strcmp(schema.children[i]->format, formats[i]) == 0);
        CHECK(array.children[i]->length == 2 && array.children[i]->null_count == 0);
    }
    CHECK(memcmp(array.children[0]->buffers[2], "ab", 2) == 0);
    CHECK(((const int64_t *)array.children[2]->buffers[1])[0] == 10);
    CHECK(((const double *)array.children[3]->buffers[1])[1] == 1.5);
    // A child that is moved away lives on.
    struct ArrowArray moved = *array.children[3];
    array.children[3]->release = NULL;
    release(&schema, &array);
    CHECK(((const double *)moved.buffers[1])[0] == 0.5);
    moved.release(&moved);

    make(&b);
    CHECK(kn_agg_update(agg, &b.schema, &b.array, &error) == KN_OK);
    CHECK(kn_agg_late_rows(agg) == 2);
    CHECK(kn_agg_finish(agg, &schema, &array, &error) == KN_OK);
    CHECK(array.length == 2);
    CHECK(((const double *)array.children[3]->buffers[1])[0] == 5.0);
    CHECK(array.children[3]->null_count == 1);
    release(&schema, &array);
    CHECK(kn_agg_finish(agg, &schema, &array, NULL) == KN_OK);
    CHECK(array.length == 0);
    release(&schema, &array);
    kn_agg_destroy(agg);
}

// Shapes that are none: nothing is released, nothing is folded.
static void shapes(void) {
    kn_agg *agg = create(plan);
    for (int shape = 0; shape < 17; shape++) {
        struct batch b;
        make(&b);
        static const int64_t null_times[] = {1, 2, 3, 4};
        static const int32_t falling[] = {0, 2, 1, 3, 4};
        switch (shape) {
        case 0: b.schema.format = "l"; break;
        case 1: b.schema.n_children = 2; break;
        case 2: b.array.length = -1; break;
        case 3: b.array.length = 5; break;
        case 4: b.array.offset = INT64_MAX; break;
        case 5: b.columns[1].length = 3; break;
        case 6: b.columns[0].n_buffers = 2; break;
        case 7: b.columns[1].null_count = 9; break;
        case 8: b.columns[1].null_count = 1; break;
        case 9: b.buffers[1][0] = valid; b.buffers[1][1] = null_times; b.columns[1].null_count = 1; break;
        case 10: b.fields[2].format = "w:4"; break;
        case 11: b.fields[2].name = "w"; break;
        case 12: b.buffers[0][1] = falling; break;
        case 13: b.buffers[2][1] = NULL; break;
        case 14: b.column_pointers[1] = NULL; break;
        case 15: b.array.children = NULL; break;
        case 16: b.fields[0].dictionary = &b.fields[1]; break;
        }
        kn_error error;
        released = 0;
        CHECK(kn_agg_update(agg, &b.schema, &b.array, &error) == KN_INVALID_DATA);
        CHECK(error.message[0] != 0);
        CHECK(released == 0);
    }
    struct ArrowSchema schema;
    struct ArrowArray array;
    CHECK(kn_agg_finish(agg, &schema, &array, NULL) == KN_OK);
    CHECK(array.length == 0);
    release(&schema, &array);
    kn_agg_destroy(agg);
}

static void lines(void) {
    static const char good[] = "{\"k\": \"a\", \"ts\": 1, \"v\": 2.5}\r\n\n{\"ts\": 2, \"v\": null, \"k\": null}\n"
                               "{\"k\": \"a\", \"ts\": 3, \"v\": 4}";
    static const char bad[] = "{\"k\": \"a\", \"ts\": 1, \"v\": 2}\n{\"k\": \"a\", \"ts\": null, \"v\": 2}\n";
    static const char broken[] = "{\"k\": \"a\", \"ts\": 1, \"v\": 2}\n{\"k\": \"a\", ]\n";
    kn_agg *agg = create(plan);
    kn_error error;
    CHECK(kn_agg_update_ndjson(agg, (const uint8_t *)good, strlen(good), &error) == KN_OK);
    CHECK(kn_agg_update_ndjson(agg, (const uint8_t *)bad, strlen(bad), &error) == KN_INVALID_DATA);
    CHECK(error.line == 2 && strcmp(error.path, "ts") == 0);
    CHECK(kn_agg_update_ndjson(agg, (const uint8_t *)broken, strlen(broken), &error) == KN_INVALID_DATA);
    CHECK(error.line == 2 && error.column == 12);
    CHECK(kn_agg_update_ndjson(agg, NULL, 0, &error) == KN_OK);
    CHECK(kn_agg_update_ndjson(agg, NULL, 1, &error) == KN_INVALID_ARGUMENT);

    uint8_t *snapshot = NULL;
    size_t length = 0;
    CHECK(kn_agg_snapshot(agg, &snapshot, &length, &error) == KN_OK);
    kn_agg *other = create(plan), *foreign = create("{\"aggregates\": []}");
    CHECK(kn_agg_merge(other, snapshot, length, &error) == KN_OK);
    CHECK(kn_agg_merge(foreign, snapshot, length, &error) == KN_INVALID_ARGUMENT);
    for (size_t i = 0; i < length; i += 7) CHECK(kn_agg_merge(other, snapshot, i, &error) == KN_INVALID_DATA);
    for (size_t i = 0; i < length; i += 5) {
        snapshot[i] ^= 0x20;
        CHECK(kn_agg_merge(other, snapshot, length, NULL) != KN_OK);
        snapshot[i] ^= 0x20;
    }
    uint8_t *again = NULL;
    size_t again_length = 0;
    CHECK(kn_agg_snapshot(other, &again, &again_length, &error) == KN_OK);
    CHECK(again_length == length && memcmp(again, snapshot, length) == 0);
    struct ArrowSchema schema;
    struct ArrowArray array;
    CHECK(kn_agg_finish(other, &schema, &array, &error) == KN_OK);
    CHECK(array.length == 2);
    CHECK(((const double *)array.children[3]->buffers[1])[0] == 6.5);
    CHECK(array.children[0]->null_count == 1 && array.children[3]->null_count == 1);
    release(&schema, &array);
    kn_free(snapshot);
    kn_free(again);
    kn_agg_destroy(agg);
    kn_agg_destroy(other);
    kn_agg_destroy(foreign);
}

int main(void) {
    refused("", "");
    refused("{\"keys\": 1}", "keys");
    refused("{\"keys\": [\"a\"], \"aggregates\": [{\"op\": \"sum\", \"column\": \"v\", \"as\": \"a\"}]}", "a");
    refused("{\"aggregates\": [{\"op\": \"median\", \"column\": \"v\"}]}", "aggregates/0/op");
    refused("{\"aggregates\": [{\"op\": \"sum\", \"as\": \"s\"}]}", "s");
    refused("{\"aggregates\": [], \"window\": {\"kind\": \"tumbling\", \"time\": \"t\", \"size_ms\": 0}}", "size_ms");
    refused("{\"aggregates\": [], \"overflow\": \"spill\"}", "overflow");
    kn_agg *agg = NULL;
    CHECK(kn_agg_create(NULL, 3, &agg, NULL) == KN_INVALID_ARGUMENT);
    CHECK(kn_agg_create("{}", 2, NULL, NULL) == KN_INVALID_ARGUMENT);
    arrow();
    shapes();
    lines();
    struct ArrowSchema schema;
    struct ArrowArray array;
    CHECK(kn_agg_finish(NULL, &schema, &array, NULL) == KN_INVALID_ARGUMENT);
    CHECK(kn_agg_late_rows(NULL) == 0);
    kn_agg_destroy(NULL);
    return 0;
}
