// yyjson (Debian 13: libyyjson-dev; Debian 12 has none): parses into memory that is kept, as the kernels do.
#include "rival.h"

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <yyjson.h>

struct rival_job {
    std::string name;
    std::string text;
    std::vector<char> pool;
    yyjson_alc allocator;
    yyjson_doc *document = nullptr;
    std::string output;
    // What yyjson_write gave last: the library allocates it.
    char *written = nullptr;
    size_t writtenLength = 0;
    rival_summary summary;

    ~rival_job() {
        free(written);
        if (name == "serialise") yyjson_doc_free(document);
    }

    // The pool is reset with each document: nothing is allocated.
    yyjson_doc *parse(const char *bytes, size_t length) {
        yyjson_alc_pool_init(&allocator, pool.data(), pool.size());
        return yyjson_read_opts(const_cast<char *>(bytes), length, 0, &allocator, nullptr);
    }

    size_t run() {
        if (name == "parse" || name == "validate") return (document = parse(text.data(), text.size())) ? text.size() : 0;
        output.clear();
        if (name == "minify" || name == "serialise" || name == "doubles") {
            yyjson_doc *from = name == "serialise" ? document : parse(text.data(), text.size());
            size_t length = 0;
            free(written);
            written = from ? yyjson_write(from, 0, &length) : nullptr;
            return writtenLength = written ? length : 0;
        }
        return name == "fields" ? fields() : lines();
    }

    void quoted(yyjson_val *value) {
        const char *string = yyjson_get_str(value);
        const size_t length = yyjson_get_len(value);
        bool plain = true;
        for (size_t i = 0; i < length; i++) plain &= !escapes(string[i]);
        output += '"';
        if (plain) {
            output.append(string, length);
        } else {
            for (size_t i = 0; i < length; i++) escaped(string[i]);
        }
        output += '"';
    }

    static bool escapes(unsigned char byte) { return (byte < 0x20) | (byte == '"') | (byte == '\\'); }

    void escaped(unsigned char byte) {
        static const char digits[] = "0123456789abcdef";
        if (!escapes(byte)) {
            output += static_cast<char>(byte);
        } else if (byte == '"' || byte == '\\') {
            output += '\\';
            output += static_cast<char>(byte);
        } else if (byte == '\n') {
            output += "\\n";
        } else {
            output += "\\u00";
            output += digits[byte >> 4];
            output += digits[byte & 15];
        }
    }

    size_t fields() {
        yyjson_doc *page = parse(text.data(), text.size());
        if (!page) return 0;
        output += '[';
        size_t i, count;
        yyjson_val *status;
        yyjson_arr_foreach(yyjson_obj_get(yyjson_doc_get_root(page), "statuses"), i, count, status) {
            output += i ? ",{\"id\":" : "{\"id\":";
            quoted(yyjson_obj_get(status, "id_str"));
            output += ",\"text\":";
            quoted(yyjson_obj_get(status, "text"));
            output += ",\"user\":";
            quoted(yyjson_obj_get(yyjson_obj_get(status, "user"), "screen_name"));
            output += '}';
        }
        output += ']';
        return output.size();
    }

    size_t lines() {
        const char *at = text.data(), *end = at + text.size();
        while (at < end) {
            const char *newline = static_cast<const char *>(memchr(at, '\n', end - at));
            if (!newline) newline = end;
            yyjson_doc *line = parse(at, newline - at);
            if (!line) return 0;
            yyjson_val *root = yyjson_doc_get_root(line);
            if (yyjson_get_num(yyjson_obj_get(root, "price")) > 19.95) {
                output += "{\"id\":";
                output += std::to_string(yyjson_get_sint(yyjson_obj_get(root, "id")));
                output += ",\"device\":";
                quoted(yyjson_obj_get(root, "device"));
                output += "}\n";
            }
            at = newline + 1;
        }
        return output.size();
    }

    void add(const char *string, size_t length) {
        rival_mix(&summary, RIVAL_STRING);
        for (size_t i = 0; i < length; i++) rival_mix(&summary, static_cast<unsigned char>(string[i]));
    }

    void add(yyjson_val *value) {
        summary.values += 1;
        size_t i, count;
        yyjson_val *key, *child;
        switch (yyjson_get_type(value)) {
        case YYJSON_TYPE_BOOL: rival_mix(&summary, yyjson_get_bool(value) ? RIVAL_TRUE : RIVAL_FALSE); break;
        case YYJSON_TYPE_STR: add(yyjson_get_str(value), yyjson_get_len(value)); break;
        case YYJSON_TYPE_NUM: {
            double number = yyjson_get_num(value);
            uint64_t bits;
            memcpy(&bits, &number, sizeof bits);
            rival_mix(&summary, RIVAL_NUMBER);
            rival_mix(&summary, bits);
            break;
        }
        case YYJSON_TYPE_ARR:
            rival_mix(&summary, RIVAL_ARRAY);
            rival_mix(&summary, yyjson_arr_size(value));
            yyjson_arr_foreach(value, i, count, child) add(child);
            break;
        case YYJSON_TYPE_OBJ:
            rival_mix(&summary, RIVAL_OBJECT);
            rival_mix(&summary, yyjson_obj_size(value));
            yyjson_obj_foreach(value, i, count, key, child) {
                add(yyjson_get_str(key), yyjson_get_len(key));
                add(child);
            }
            break;
        default: rival_mix(&summary, RIVAL_NULL);
        }
    }
};

extern "C" {

const char *rival_name(void) { return "yyjson"; }

const char *rival_version(void) {
    static const std::string version = [] {
        uint32_t number = yyjson_version();
        return std::to_string(number >> 16) + "." + std::to_string(number >> 8 & 255) + "." + std::to_string(number & 255);
    }();
    return version.c_str();
}

rival_job *rival_prepare(const char *job, const void *input, size_t length) {
    static const char *const known[] = {"validate", "minify", "parse", "serialise", "doubles", "fields", "lines"};
    for (const char *name : known) {
        if (strcmp(name, job) != 0) continue;
        auto made = std::make_unique<rival_job>();
        made->name = job;
        made->text.assign(static_cast<const char *>(input), length);
        made->pool.resize(yyjson_read_max_memory_usage(length, 0));
        if (made->name == "serialise" && !(made->document = yyjson_read(made->text.data(), length, 0))) return nullptr;
        return made.release();
    }
    return nullptr;
}

size_t rival_run(rival_job *job) { return job->run(); }

const void *rival_result(rival_job *job, size_t *length) {
    if (job->name == "validate") {
        *length = 0;
        return "";
    }
    if (job->name == "parse") {
        job->summary = rival_summary{0, 0};
        job->add(yyjson_doc_get_root(job->document));
        *length = sizeof job->summary;
        return &job->summary;
    }
    *length = job->written ? job->writtenLength : job->output.size();
    return job->written ? job->written : job->output.data();
}

void rival_discard(rival_job *job) { delete job; }
}
