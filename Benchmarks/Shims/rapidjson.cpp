// RapidJSON (Debian: rapidjson-dev): headers alone. Doubles are read exactly, which is not its default, for else the documents would differ.
#include "rival.h"

#include <cstring>
#include <memory>
#include <string>

#if defined(__SSE4_2__)
#define RAPIDJSON_SSE42
#elif defined(__ARM_NEON)
#define RAPIDJSON_NEON
#endif
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

using namespace rapidjson;

static const unsigned exact = kParseFullPrecisionFlag;

struct rival_job {
    std::string name;
    std::string text;
    std::unique_ptr<Document> document = std::make_unique<Document>();
    StringBuffer output;
    rival_summary summary;

    size_t run() {
        output.Clear();
        if (name == "minify") {
            Writer<StringBuffer> writer(output);
            Reader reader;
            StringStream stream(text.c_str());
            return reader.Parse<exact>(stream, writer) ? output.GetSize() : 0;
        }
        if (name == "parse" || name == "validate") return parse() ? text.size() : 0;
        if (name == "doubles" && !parse()) return 0;
        if (name == "serialise" || name == "doubles") {
            Writer<StringBuffer> writer(output);
            return document->Accept(writer) ? output.GetSize() : 0;
        }
        return name == "fields" ? fields() : lines();
    }

    bool parse() {
        document = std::make_unique<Document>();
        return !document->Parse<exact>(text.data(), text.size()).HasParseError();
    }

    size_t fields() {
        if (!parse() || !document->IsObject() || !document->HasMember("statuses")) return 0;
        Writer<StringBuffer> writer(output);
        writer.StartArray();
        for (const Value &status : (*document)["statuses"].GetArray()) {
            const Value &id = status["id_str"], &words = status["text"], &user = status["user"]["screen_name"];
            writer.StartObject();
            writer.Key("id");
            writer.String(id.GetString(), id.GetStringLength());
            writer.Key("text");
            writer.String(words.GetString(), words.GetStringLength());
            writer.Key("user");
            writer.String(user.GetString(), user.GetStringLength());
            writer.EndObject();
        }
        writer.EndArray();
        return output.GetSize();
    }

    size_t lines() {
        const char *at = text.data(), *end = at + text.size();
        while (at < end) {
            const char *newline = static_cast<const char *>(memchr(at, '\n', end - at));
            if (!newline) newline = end;
            Document line;
            if (line.Parse<exact>(at, newline - at).HasParseError()) return 0;
            if (line["price"].GetDouble() > 19.95) {
                Writer<StringBuffer> writer(output);
                writer.StartObject();
                writer.Key("id");
                line["id"].Accept(writer);
                writer.Key("device");
                line["device"].Accept(writer);
                writer.EndObject();
                output.Put('\n');
            }
            at = newline + 1;
        }
        return output.GetSize();
    }

    void add(const char *string, size_t length) {
        rival_mix(&summary, RIVAL_STRING);
        for (size_t i = 0; i < length; i++) rival_mix(&summary, static_cast<unsigned char>(string[i]));
    }

    void add(const Value &value) {
        summary.values += 1;
        switch (value.GetType()) {
        case kNullType: rival_mix(&summary, RIVAL_NULL); break;
        case kFalseType: rival_mix(&summary, RIVAL_FALSE); break;
        case kTrueType: rival_mix(&summary, RIVAL_TRUE); break;
        case kStringType: add(value.GetString(), value.GetStringLength()); break;
        case kNumberType: {
            double number = value.GetDouble();
            uint64_t bits;
            memcpy(&bits, &number, sizeof bits);
            rival_mix(&summary, RIVAL_NUMBER);
            rival_mix(&summary, bits);
            break;
        }
        case kArrayType:
            rival_mix(&summary, RIVAL_ARRAY);
            rival_mix(&summary, value.Size());
            for (const Value &child : value.GetArray()) add(child);
            break;
        case kObjectType:
            rival_mix(&summary, RIVAL_OBJECT);
            rival_mix(&summary, value.MemberCount());
            for (const auto &member : value.GetObject()) {
                add(member.name.GetString(), member.name.GetStringLength());
                add(member.value);
            }
            break;
        }
    }
};

extern "C" {

const char *rival_name(void) { return "RapidJSON"; }

const char *rival_version(void) { return RAPIDJSON_VERSION_STRING; }

rival_job *rival_prepare(const char *job, const void *input, size_t length) {
    static const char *const known[] = {"validate", "minify", "parse", "serialise", "doubles", "fields", "lines"};
    for (const char *name : known) {
        if (strcmp(name, job) != 0) continue;
        auto made = std::make_unique<rival_job>();
        made->name = job;
        made->text.assign(static_cast<const char *>(input), length);
        if (made->name == "serialise" && !made->parse()) return nullptr;
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
        job->add(*job->document);
        *length = sizeof job->summary;
        return &job->summary;
    }
    *length = job->output.GetSize();
    return job->output.GetString();
}

void rival_discard(rival_job *job) { delete job; }
}
