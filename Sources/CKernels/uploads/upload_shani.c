// SHA-256, MD5 and a CRC of the same blocks, in one loop. Each is a chain that waits for itself: SHA-256 for the SHA unit, MD5 for
// the integer units, while the CRC's products fill what is free. Their instructions stand so close together that the CPU finds
// those of all three within its window; block by block it would not.
#if defined(__x86_64__)
#define CK_ROW __attribute__((target("sha,sse4.1,pclmul")))
#include "../checksums/crc_clmul.h"
#include "../hashing/sha256_shani.h"

typedef block vec;

CK_ROW_INLINE vec load_vec(const uint8_t *data) { return load_block(data); }
CK_ROW_INLINE vec fold_vec(vec a, vec distance, vec next) { return fold_block(a, distance, next); }
CK_ROW_INLINE vec xor_first_word(vec a, uint64_t word) { return xor_blocks(a, make_block(word, 0)); }

#define distance_vec(constants, blocks) load_words(crc_distance(constants, blocks))
#define narrow_vec(a, constants) (a)
#include "../checksums/crc_fold.h"

// Makes the compiler believe that what follows needs both chains, so that it does not put one of them behind the other; and that
// the words of the message are others, so that it reads them again instead of keeping sixteen on the stack.
#define CK_SIDE_BY_SIDE(vector, integer, data) __asm__("" : "+x"(vector), "+r"(integer), "+r"(data))

// MD5: RFC 1321, section 3.4.
typedef struct md5_state {
    uint32_t a, b, c, d;
} md5_state;

// a = b + ((a + f(b, c, d) + x + t) <<< shift)
CK_ROW_INLINE void md5_step(uint32_t *a, uint32_t b, uint32_t c, uint32_t d, uint32_t x, uint32_t t, int round, int shift) {
    uint32_t sum = *a + x + t;
    CK_KEEP_IN_MEMORY(sum);
    if (round == 0) sum += d ^ (b & (c ^ d));
    if (round == 1) sum = sum + (c & ~d) + (b & d);
    if (round == 2) sum += b ^ (c ^ d);
    if (round == 3) sum += c ^ (b | ~d);
    *a = b + __builtin_rotateleft32(sum, (unsigned)shift);
}

// Steps 4 * group ..< 4 * group + 4; `group` is a constant after unrolling.
CK_ROW_INLINE void md5_four_steps(md5_state *s, const uint8_t *data, const uint32_t *constants, int group) {
    enum { rounds = 4 };
    static const int shifts[rounds][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    static const int factors[rounds] = {1, 5, 3, 7}, offsets[rounds] = {0, 1, 5, 0};
    int round = group / 4;
    uint32_t x[4];
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
        __builtin_memcpy(&x[i], data + 4 * ((factors[round] * (4 * group + i) + offsets[round]) & 15), 4);
    }
    const int *shift = shifts[round];
    md5_step(&s->a, s->b, s->c, s->d, x[0], constants[4 * group], round, shift[0]);
    md5_step(&s->d, s->a, s->b, s->c, x[1], constants[4 * group + 1], round, shift[1]);
    md5_step(&s->c, s->d, s->a, s->b, x[2], constants[4 * group + 2], round, shift[2]);
    md5_step(&s->b, s->c, s->d, s->a, x[3], constants[4 * group + 3], round, shift[3]);
}

// `with_md5` and `with_crc` are constants of the caller's.
CK_ROW_INLINE void upload_blocks(CK_UPLOAD_PARAMETERS, int with_md5, int with_crc) {
    enum { quarters = 4 };
    sha256_stream sha;
    sha256_load_state(&sha, sha256);
    md5_state m = {0};
    if (with_md5) m = (md5_state){md5[0], md5[1], md5[2], md5[3]};
    vec folded[quarters], far;
    if (with_crc) {
        far = distance_vec(crc_constants, quarters);
#pragma clang loop unroll(full)
        for (int i = 0; i < quarters; i++) folded[i] = load_vec(data + 16 * i);
        folded[0] = xor_first_word(folded[0], *crc);
    }
    for (const uint8_t *end = data + 64 * blocks; data < end; data += 64) {
        CK_KEEP_IN_MEMORY(sha256_constants);
        // The CRC is a block ahead.
        if (with_crc && end - data > 64) {
#pragma clang loop unroll(full)
            for (int i = 0; i < quarters; i++) folded[i] = fold_vec(folded[i], far, load_vec(data + 64 + 16 * i));
        }
        __m128i abef = sha.abef, cdgh = sha.cdgh;
        md5_state before = m;
#pragma clang loop unroll(full)
        for (int group = 0; group < 16; group++) {
            sha256_four_rounds(&sha, data, sha256_constants, group);
            if (!with_md5) continue;
            md5_four_steps(&m, data, md5_constants, group);
            CK_SIDE_BY_SIDE(sha.abef, m.b, data);
        }
        sha.abef = _mm_add_epi32(sha.abef, abef);
        sha.cdgh = _mm_add_epi32(sha.cdgh, cdgh);
        m = (md5_state){m.a + before.a, m.b + before.b, m.c + before.c, m.d + before.d};
    }
    sha256_store_state(&sha, sha256);
    if (with_md5) {
        md5[0] = m.a;
        md5[1] = m.b;
        md5[2] = m.c;
        md5[3] = m.d;
    }
    if (with_crc) {
        block one = load_words(crc_distance(crc_constants, 1)), last = folded[0];
#pragma clang loop unroll(full)
        for (int i = 1; i < quarters; i++) last = fold_block(last, one, folded[i]);
        *crc = crc_reduce(last, crc_constants);
    }
}

#define CK_UPLOAD_ARGUMENTS sha256, md5, crc, data, blocks, sha256_constants, md5_constants, crc_constants

CK_ROW void ck_upload_shani(CK_UPLOAD_PARAMETERS) {
    if (md5 && crc) {
        upload_blocks(CK_UPLOAD_ARGUMENTS, 1, 1);
    } else if (md5) {
        upload_blocks(CK_UPLOAD_ARGUMENTS, 1, 0);
    } else {
        upload_blocks(CK_UPLOAD_ARGUMENTS, 0, 1);
    }
}
#endif
