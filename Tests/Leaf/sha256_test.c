// The SHA-256 leaf.
#include "CKernels.h"

typedef uint32_t word;
typedef void one_stream(CK_SHA256_PARAMETERS);
typedef void several_streams(CK_SHA256_LANES_PARAMETERS);
#define WORD_BITS 32
#define ROUNDS 64
#define UPPER0 {2, 13, 22}
#define UPPER1 {6, 11, 25}
#define LOWER0 {7, 18, 3}
#define LOWER1 {17, 19, 10}
#include "sha2_cases.h"

static void test(row row) {
    static const word one_block[] = {
        0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223, 0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad,
    };
    static const word two_blocks[] = {
        0x248d6a61, 0xd20638b8, 0xe5c02693, 0x0c3e6039, 0xa33ce459, 0x64ff2167, 0xf6ecedd4, 0x19db06c1,
    };
    if (!begin(row.name)) return;
    example(&row, "abc", one_block);
    example(&row, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", two_blocks);
    random_cases(&row);
    end(row.name);
}

int main(int argc, char **argv) {
    derive_constants();
#if defined(__x86_64__)
    int sha = __builtin_cpu_supports("sha") && __builtin_cpu_supports("sse4.1");
    int avx2 = __builtin_cpu_supports("avx2"), bmi2 = __builtin_cpu_supports("bmi2");
    int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
    test((row){{"ck_sha256_shani", sha}, 1, ck_sha256_shani, NULL});
    test((row){{"ck_sha256_x2_shani", sha}, 2, NULL, ck_sha256_x2_shani});
    test((row){{"ck_sha256_x4_shani", sha}, 4, NULL, ck_sha256_x4_shani});
    test((row){{"ck_sha256_avx2", avx2 && bmi2}, 1, ck_sha256_avx2, NULL});
    test((row){{"ck_sha256_x8_avx2", avx2}, 8, NULL, ck_sha256_x8_avx2});
    test((row){{"ck_sha256_x8_avx512vl", avx512 && __builtin_cpu_supports("avx512vl")}, 8, NULL, ck_sha256_x8_avx512vl});
    test((row){{"ck_sha256_x16_avx512", avx512}, 16, NULL, ck_sha256_x16_avx512});
#elif defined(__aarch64__)
    enum { hwcap_sha2 = 1 << 6 };  // Linux arch/arm64/include/uapi/asm/hwcap.h
    int sha2 = (ck_hwcap() & hwcap_sha2) != 0;
    test((row){{"ck_sha256_sha2", sha2}, 1, ck_sha256_sha2, NULL});
    test((row){{"ck_sha256_x2_sha2", sha2}, 2, NULL, ck_sha256_x2_sha2});
#endif
    return outcome(argc, argv);
}
