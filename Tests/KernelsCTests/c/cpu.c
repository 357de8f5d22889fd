// Version, CPU features and memory, as a C program sees them.
#include "check.h"

static int has(const char *name) {
    char list[1024];
    size_t length = strlen(name);
    CHECK(kn_cpu_features(list, sizeof list) <= sizeof list);
    for (const char *at = list; (at = strstr(at, name)) != NULL; at += length) {
        int starts = at == list || at[-1] == ',';
        int ends = at[length] == ',' || at[length] == '\0';
        if (starts && ends) return 1;
    }
    return 0;
}

static void version(void) {
    int major, minor, patch;
    char rest;
    CHECK(sscanf(kn_version(), "%d.%d.%d%c", &major, &minor, &patch, &rest) == 3);
    CHECK(kn_version() == kn_version());
}

static void features(void) {
    char whole[1024], part[1024];
    memset(whole, '#', sizeof whole);
    size_t needed = kn_cpu_features(whole, sizeof whole);
    CHECK(needed >= 1 && needed <= sizeof whole);
    CHECK(strlen(whole) + 1 == needed);
    CHECK(whole[needed] == '#');

    CHECK(kn_cpu_features(NULL, 0) == needed);
    CHECK(kn_cpu_features(NULL, 100) == needed);
    CHECK(kn_cpu_features(NULL, SIZE_MAX) == needed);
    memset(part, '#', sizeof part);
    CHECK(kn_cpu_features(part, 0) == needed);
    CHECK(kn_cpu_features(part, needed - 1) == needed);
    for (size_t i = 0; i < sizeof part; i++) CHECK(part[i] == '#');
    CHECK(kn_cpu_features(part, needed) == needed);
    CHECK(memcmp(part, whole, needed) == 0 && part[needed] == '#');
    CHECK(kn_cpu_features(part, SIZE_MAX) == needed);
}

static void mask(void) {
    char before[1024], after[1024];
    kn_cpu_features(before, sizeof before);

    // Refused, and nothing changes.
    static const char *const bad[] = {
        "avx3", "AVX2", ",", "avx2,", ",avx2", "avx2,,fma", "avx2\n", "\xff\xfe", "\xc3", "avx2,\xf0\x9f\x8e\x88", "%s%n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_STATUS(KN_INVALID_ARGUMENT, kn_disable_cpu_features(bad[i]));
    }
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_disable_cpu_features(NULL));
    size_t length = 1 << 20;
    char *long_name = (char *)malloc(length + 1);
    memset(long_name, 'a', length);
    long_name[length] = '\0';
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_disable_cpu_features(long_name));
    memset(long_name, ',', length);
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_disable_cpu_features(long_name));
    free(long_name);
    kn_cpu_features(after, sizeof after);
    CHECK(strcmp(before, after) == 0);

    // A mask takes what depends on it, and a later one replaces it.
    CHECK_STATUS(KN_OK, kn_disable_cpu_features("avx2"));
    CHECK(!has("avx2") && !has("avx512f") && !has("avx512vnni"));
    CHECK_STATUS(KN_OK, kn_disable_cpu_features("amx-tile,sha"));
    CHECK(!has("sha") && !has("amx-tile") && !has("amx-bf16"));
    CHECK(has("avx2") == (strstr(before, "avx2") != NULL));

    // Every name of the header is known; those of the other architecture mask nothing.
    CHECK_STATUS(KN_OK, kn_disable_cpu_features(
        "ssse3,sse4.1,sse4.2,avx,avx2,fma,bmi2,sha,aes,pclmulqdq,vpclmulqdq,vaes,gfni,avx512f,avx512bw,avx512vl,avx512vbmi2,"
        "avx512vnni,avx512bf16,avx512ifma,amx-tile,amx-bf16,amx-int8,neon,sha2,sha3,aes,crc32,dotprod,i8mm,bf16"));
    CHECK(kn_cpu_features(after, sizeof after) == 1 && after[0] == '\0');
#if defined(__x86_64__)
    CHECK_STATUS(KN_OK, kn_disable_cpu_features("neon,sha2,sha3,crc32,dotprod,i8mm,bf16"));
#else
    CHECK_STATUS(KN_OK, kn_disable_cpu_features("ssse3,avx2,sha,avx512f,amx-tile"));
#endif
    kn_cpu_features(after, sizeof after);
    CHECK(strcmp(before, after) == 0);

    CHECK_STATUS(KN_OK, kn_disable_cpu_features("sha,avx"));
    CHECK_STATUS(KN_OK, kn_disable_cpu_features(""));
    kn_cpu_features(after, sizeof after);
    CHECK(strcmp(before, after) == 0);
}

int main(void) {
    version();
    features();
    mask();
    kn_free(NULL);
    return report("cpu");
}
