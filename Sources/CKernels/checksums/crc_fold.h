// CRCs by folding: V. Gopal, E. Ozturk, J. Guilford et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ
// Instruction", Intel white paper, 2009. In the vocabulary of crc_clmul.h or crc_pmull.c, and of vectors of blocks, which
// are to be there first.
//
// Bytes and bits are reflected: bit i of a block of 128 bits is the coefficient of x^(127 - i), and bit i of a register or of a
// constant is that of x^(63 - i). The product of two constants is then a block of their product times x, which each constant
// below makes up for. Q is of degree 64: a CRC of 32 bits takes its polynomial times x^32, whose remainders have nothing in
// their upper half. `constants` are, of Q and reflected:
enum {
    crc_quotient = 0,    // floor(x^128 / Q) / x
    crc_modulus = 1,     // floor(Q / x)
    crc_odd = 2,         // all ones where Q has the term 1, else 0
    crc_polynomial = 3,  // Q without x^64, for rows that do not multiply
    crc_distances = 4,   // pairs, for d blocks that are skipped, d = 1, 2, 4 ... 32: x^(128 d + 63) and x^(128 d - 1), modulo Q
};
// A block a of words (low, high) is low x^64 + high: over d blocks it becomes low x^(128 d + 64) + high x^(128 d).

// Indices that, from place n on, push bytes out at the end of a block, or pull them in from its start.
static const uint8_t crc_window[48] = {
    0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
    0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
};

CK_ROW_INLINE const uint64_t *crc_distance(const uint64_t *constants, int blocks) {
    return constants + crc_distances + 2 * __builtin_ctz((unsigned)blocks);
}

// v x^64 mod Q, by Barrett: the low word of v is the polynomial that is multiplied, its high word is added to the remainder.
CK_ROW_INLINE uint64_t crc_barrett(block v, const uint64_t *constants) {
    block barrett = load_words(constants + crc_quotient);
    block quotient = multiply_low_low(v, barrett);
    block product = multiply_low_high(quotient, barrett);
    return high_word(xor_blocks(product, v)) ^ (low_word(quotient) & constants[crc_odd]);
}

// a x^64 mod Q.
CK_ROW_INLINE uint64_t crc_reduce(block a, const uint64_t *constants) {
    block folded = multiply_low_high(a, load_words(crc_distance(constants, 1)));
    return crc_barrett(xor_blocks(folded, make_block(high_word(a), 0)), constants);
}

// Fewer than 16 bytes.
CK_ROW_INLINE uint64_t crc_bytes(uint64_t crc, const uint8_t *data, size_t length, const uint64_t *constants) {
    if (length >= 8) {
        uint64_t first, last;
        __builtin_memcpy(&first, data, 8);
        __builtin_memcpy(&last, data + length - 8, 8);
        // The message at the end of a block, with zeros before it, which change nothing.
        unsigned __int128 message = first ^ crc;
        if (length > 8) message |= (unsigned __int128)(last >> (8 * (16 - length))) << 64;
        message <<= 8 * (16 - length);
        return crc_reduce(make_block((uint64_t)message, (uint64_t)(message >> 64)), constants);
    }
    if (length == 0) return crc;
    uint64_t message = 0;
    for (size_t i = 0; i < length; i++) message |= (uint64_t)data[i] << 8 * i;
    message ^= crc;
    return crc_barrett(make_block(message << (64 - 8 * length), message >> 8 * length), constants);
}

// The block so far, and the rest.
CK_ROW_INLINE uint64_t crc_finish(block a, const uint8_t *data, size_t length, const uint64_t *constants) {
    block one = load_words(crc_distance(constants, 1));
    for (; length >= 16; data += 16, length -= 16) a = fold_block(a, one, load_block(data));
    if (length > 0) {
        // The block and the rest as two blocks, the first of which starts with zeros; its end is read again.
        block first = select_bytes(a, make_block(0, 0), crc_window + length);
        block second = select_bytes(a, load_block(data + length - 16), crc_window + 16 + length);
        a = fold_block(first, one, second);
    }
    return crc_reduce(a, constants);
}

CK_ROW_INLINE uint64_t crc_fold(uint64_t crc, const uint8_t *data, size_t length, const uint64_t *constants) {
    enum { accumulators = 8, stride = accumulators * (int)sizeof(vec), vec_blocks = (int)sizeof(vec) / 16 };
    if (length < sizeof(vec)) {
        if (length < 16) return crc_bytes(crc, data, length, constants);
        block first = xor_blocks(load_block(data), make_block(crc, 0));
        return crc_finish(first, data + 16, length - 16, constants);
    }
    vec one = distance_vec(constants, vec_blocks);
    vec a = xor_first_word(load_vec(data), crc);
    if (length >= stride) {
        vec far = distance_vec(constants, accumulators * vec_blocks), as[accumulators] = {a};
#pragma clang loop unroll(full)
        for (int i = 1; i < accumulators; i++) as[i] = load_vec(data + (size_t)i * sizeof(vec));
        for (data += stride, length -= stride; length >= stride; data += stride, length -= stride) {
#pragma clang loop unroll(full)
            for (int i = 0; i < accumulators; i++) as[i] = fold_vec(as[i], far, load_vec(data + (size_t)i * sizeof(vec)));
        }
#pragma clang loop unroll(full)
        for (int half = accumulators / 2; half > 0; half /= 2) {
            vec distance = distance_vec(constants, half * vec_blocks);
#pragma clang loop unroll(full)
            for (int i = 0; i < half; i++) as[i] = fold_vec(as[i], distance, as[i + half]);
        }
        a = as[0];
    } else {
        data += sizeof(vec);
        length -= sizeof(vec);
    }
    for (; length >= sizeof(vec); data += sizeof(vec), length -= sizeof(vec)) a = fold_vec(a, one, load_vec(data));
    return crc_finish(narrow_vec(a, constants), data, length, constants);
}
