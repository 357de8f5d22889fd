// The SHA-512 leaf.
#include "CKernels.h"

typedef uint64_t word;
typedef void one_stream(CK_SHA512_PARAMETERS);
typedef void several_streams(CK_SHA512_LANES_PARAMETERS);
#define WORD_BITS 64
#define ROUNDS 80
#define UPPER0 {28, 34, 39}
#define UPPER1 {14, 18, 41}
#define LOWER0 {1, 8, 7}
#define LOWER1 {19, 61, 6}
#include "sha2_cases.h"

static void test(row row) {
    static const word one_block[] = {
        0xddaf35a193617aba, 0xcc417349ae204131, 0x12e6fa4e89a97ea2, 0x0a9eeee64b55d39a,
        0x2192992a274fc1a8, 0x36ba3c23a3feebbd, 0x454d4423643ce80e, 0x2a9ac94fa54ca49f,
    };
    static const word two_blocks[] = {
        0x8e959b75dae313da, 0x8cf4f72814fc143f, 0x8f7779c6eb9f7fa1, 0x7299aeadb6889018,
        0x501d289e4900f7e4, 0x331b99dec4b5433a, 0xc7d329eeb6dd2654, 0x5e96e55b874be909,
    };
    if (!begin(row.name)) return;
    example(&row, "abc", one_block);
    example(
        &row,
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        two_blocks);
    random_cases(&row);
    end(row.name);
}

int main(int argc, char **argv) {
    derive_constants();
#if defined(__x86_64__)
    int avx2 = __builtin_cpu_supports("avx2"), bmi2 = __builtin_cpu_supports("bmi2");
    int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
    test((row){{"ck_sha512_avx2", avx2 && bmi2}, 1, ck_sha512_avx2, NULL});
    int avx512vl = avx512 && __builtin_cpu_supports("avx512vl");
    test((row){{"ck_sha512_avx512vl", avx512vl && avx2 && bmi2}, 1, ck_sha512_avx512vl, NULL});
    test((row){{"ck_sha512_x4_avx2", avx2}, 4, NULL, ck_sha512_x4_avx2});
    test((row){{"ck_sha512_x4_avx512vl", avx512vl}, 4, NULL, ck_sha512_x4_avx512vl});
    test((row){{"ck_sha512_x8_avx512", avx512}, 8, NULL, ck_sha512_x8_avx512});
#elif defined(__aarch64__)
    enum { hwcap_sha3 = 1 << 17 };  // Linux arch/arm64/include/uapi/asm/hwcap.h
    test((row){{"ck_sha512_sha3", (ck_hwcap() & hwcap_sha3) != 0}, 1, ck_sha512_sha3, NULL});
#endif
    return outcome(argc, argv);
}
