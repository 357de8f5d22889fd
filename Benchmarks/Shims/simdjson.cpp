// simdjson (Debian: libsimdjson-dev): On-Demand where a job looks at a few fields, the DOM where it needs all of a document.
#include "rival.h"

#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include <simdjson.h>

using namespace simdjson;

static std::string_view trimmed(std::string_view token) {
    while (!token.empty() && (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' || token.back() == '\t')) {
        token.remove_suffix(1);
    }
    return token;
}

struct rival_job {
    std::string name;
    padded_string text;
    dom::parser parser;
    dom::element document;
    std::unique_ptr<internal::dom_parser_implementation> stages;
    ondemand::parser lazy;
    std::string output;
    rival_summary summary;

    rival_job(const char *name, const char *input, size_t length) : name(name), text(input, length) {}

    size_t run() {
        if (name == "minify") {
            size_t made = 0;
            return minify(text.data(), text.size(), output.data(), made) ? 0 : made;
        }
        if (name == "index") return index();
        if (name == "serialise") return serialise();
        if (name != "fields" && name != "lines") {
            if (parser.parse(text).get(document)) return 0;
            return name == "doubles" ? serialise() : text.size();
        }
        return name == "fields" ? fields() : lines();
    }

    size_t serialise() {
        output = simdjson::minify(document);
        return output.size();
    }

    // The first of the parser's two stages.
    size_t index() {
        const auto *bytes = reinterpret_cast<const uint8_t *>(text.data());
        return stages->stage1(bytes, text.size(), stage1_mode::regular) ? 0 : text.size();
    }

    static error_code minify(const char *from, size_t length, char *to, size_t &made) {
        return simdjson::minify(from, length, to, made);
    }

    size_t fields() {
        output.clear();
        output += '[';
        ondemand::document lazily = lazy.iterate(text);
        for (ondemand::object status : lazily["statuses"].get_array()) {
            if (output.size() > 1) output += ',';
            output += "{\"id\":";
            output += trimmed(status["id_str"].raw_json_token());
            output += ",\"text\":";
            output += trimmed(status["text"].raw_json_token());
            output += ",\"user\":";
            output += trimmed(status["user"]["screen_name"].raw_json_token());
            output += '}';
        }
        output += ']';
        return output.size();
    }

    size_t lines() {
        output.clear();
        ondemand::document_stream stream = lazy.iterate_many(text, 1 << 20);
        for (auto line : stream) {
            std::string_view id = trimmed(line["id"].raw_json_token());
            std::string_view device = trimmed(line["device"].raw_json_token());
            if (double(line["price"]) > 19.95) {
                output += "{\"id\":";
                output += id;
                output += ",\"device\":";
                output += device;
                output += "}\n";
            }
        }
        return output.size();
    }

    void add(std::string_view string) {
        rival_mix(&summary, RIVAL_STRING);
        for (unsigned char byte : string) rival_mix(&summary, byte);
    }

    void add(dom::element value) {
        summary.values += 1;
        switch (value.type()) {
        case dom::element_type::ARRAY: {
            dom::array array = value;
            rival_mix(&summary, RIVAL_ARRAY);
            rival_mix(&summary, array.size());
            for (dom::element child : array) add(child);
            break;
        }
        case dom::element_type::OBJECT: {
            dom::object object = value;
            rival_mix(&summary, RIVAL_OBJECT);
            rival_mix(&summary, object.size());
            for (dom::key_value_pair member : object) {
                add(member.key);
                add(member.value);
            }
            break;
        }
        case dom::element_type::STRING: add(std::string_view(value)); break;
        case dom::element_type::BOOL: rival_mix(&summary, bool(value) ? RIVAL_TRUE : RIVAL_FALSE); break;
        case dom::element_type::NULL_VALUE: rival_mix(&summary, RIVAL_NULL); break;
        case dom::element_type::INT64: number(double(int64_t(value))); break;
        case dom::element_type::UINT64: number(double(uint64_t(value))); break;
        case dom::element_type::DOUBLE: number(double(value)); break;
        // Later versions can be told to keep integers of any length.
        default: break;
        }
    }

    void number(double value) {
        uint64_t bits;
        memcpy(&bits, &value, sizeof bits);
        rival_mix(&summary, RIVAL_NUMBER);
        rival_mix(&summary, bits);
    }
};

extern "C" {

const char *rival_name(void) { return "simdjson"; }

const char *rival_version(void) {
    static const std::string version = std::to_string(int(SIMDJSON_VERSION_MAJOR)) + "." +
                                       std::to_string(int(SIMDJSON_VERSION_MINOR)) + "." +
                                       std::to_string(int(SIMDJSON_VERSION_REVISION));
    return version.c_str();
}

rival_job *rival_prepare(const char *job, const void *input, size_t length) {
    try {
        auto made = std::make_unique<rival_job>(job, static_cast<const char *>(input), length);
        static const char *const known[] = {"validate", "index", "minify", "parse", "serialise", "doubles", "fields", "lines"};
        bool is_known = false;
        for (const char *name : known) is_known = is_known || made->name == name;
        if (!is_known) return nullptr;
        if (made->name == "minify") made->output.resize(length + SIMDJSON_PADDING);
        if (made->name == "index" &&
            get_active_implementation()->create_dom_parser_implementation(length, DEFAULT_MAX_DEPTH, made->stages)) {
            return nullptr;
        }
        if (made->name == "serialise" && made->parser.parse(made->text).get(made->document)) return nullptr;
        return made.release();
    } catch (const std::exception &) {
        return nullptr;
    }
}

size_t rival_run(rival_job *job) {
    try {
        return job->run();
    } catch (const std::exception &) {
        return 0;
    }
}

const void *rival_result(rival_job *job, size_t *length) {
    if (job->name == "validate" || job->name == "index") {
        *length = 0;
        return "";
    }
    if (job->name == "parse") {
        job->summary = rival_summary{0, 0};
        job->add(job->document);
        *length = sizeof job->summary;
        return &job->summary;
    }
    *length = job->name == "minify" ? job->run() : job->output.size();
    return job->output.data();
}

void rival_discard(rival_job *job) { delete job; }
}
