// Loops over doubles that are the same for every instruction set. The file that includes this one first defines the vectors:
//
//   V, LANES, TARGET        doubles side by side, how many, and the attribute of a function
//   LOAD(p) STORE(p, v)     unaligned
//   SPLAT(x)                all lanes alike
//   ADD(a, b) SUB(a, b) MULADD(a, b, c)     c + a b; rounded once or twice, which is the same for what stands here
//   MIN(a, b) MAX(a, b)     b where a is not a number
//   OR(a, b) AND(a, b)      of the bits
//   UNORDERED(a, b)         all bits set where one of the two is not a number
//   ANY(v)                  whether a bit is set
//   BITS(v)                 the sum of the lanes' bit patterns, as integers
//
// No contraction and no reordering by the compiler may change what follows: it is written for exact remainders.
#include "CKernels.h"

// The block after this one, into the second cache: the loops that compute leave the memory idle, and the next one that asks for a
// range would wait for it. What lies past the values is never loaded.
#define PREFETCH(p) __builtin_prefetch((const char *)(p) + CK_SUM_BLOCK * sizeof(double), 0, 2)

// - x is readable for n doubles; range holds the least and the greatest number.
TARGET uint32_t NAME(range)(const double *x, size_t n, double *range) {
    V low[4], high[4], some[4], all[4], none = SPLAT(0.0);
    const union { uint64_t bits; double value; } ones = {.bits = ~0ull};
    for (int j = 0; j < 4; j++) {
        low[j] = SPLAT(__builtin_inf());
        high[j] = SPLAT(-__builtin_inf());
        some[j] = SPLAT(0.0);
        all[j] = SPLAT(ones.value);
    }
    size_t i = 0;
    for (; i + 4 * LANES <= n; i += 4 * LANES) {
        V v[4];
        for (int j = 0; j < 4; j++) {
            v[j] = LOAD(x + i + j * LANES);
            low[j] = MIN(v[j], low[j]);
            high[j] = MAX(v[j], high[j]);
            some[j] = OR(some[j], v[j]);
            all[j] = AND(all[j], v[j]);
        }
        none = OR(none, OR(UNORDERED(v[0], v[1]), UNORDERED(v[2], v[3])));
    }
    double lows[4 * LANES], highs[4 * LANES], somes[4 * LANES], alls[4 * LANES];
    for (int j = 0; j < 4; j++) {
        STORE(lows + j * LANES, low[j]);
        STORE(highs + j * LANES, high[j]);
        STORE(somes + j * LANES, some[j]);
        STORE(alls + j * LANES, all[j]);
    }
    double least = __builtin_inf(), greatest = -__builtin_inf();
    uint32_t flags = ANY(none) ? CK_NOT_A_NUMBER : 0;
    for (size_t j = 0; j < 4 * LANES; j++) {
        least = lows[j] < least ? lows[j] : least;
        greatest = highs[j] > greatest ? highs[j] : greatest;
        flags |= __builtin_signbit(somes[j]) ? CK_NEGATIVE : 0;
        flags |= __builtin_signbit(alls[j]) ? 0 : CK_POSITIVE;
    }
    for (; i < n; i++) {
        least = x[i] < least ? x[i] : least;
        greatest = x[i] > greatest ? x[i] : greatest;
        flags |= __builtin_signbit(x[i]) ? CK_NEGATIVE : CK_POSITIVE;
        flags |= x[i] != x[i] ? CK_NOT_A_NUMBER : 0;
    }
    range[0] = least;
    range[1] = greatest;
    return flags;
}

// Each lane has two sums, far larger than any value: s + v then rounds v to a multiple of the last place of s, and s + v - s is
// that multiple, exactly. What is left of v goes into the second sum, and what is left then, mostly nothing, to the caller.
//
// - x is readable for n doubles, a multiple of CK_REDUCE_STEP, at most 256 for each sum; rest is writable for n.
TARGET size_t NAME(sum)(const double *x, size_t n, const double *bias, int64_t *sums, double *rest) {
    V first[4], second[4];
    for (int j = 0; j < 4; j++) {
        first[j] = SPLAT(bias[0]);
        second[j] = SPLAT(bias[1]);
    }
    size_t left = 0;
    for (size_t i = 0; i < n; i += 4 * LANES) {
        V over[4];
        PREFETCH(x + i);
        PREFETCH(x + i + 2 * LANES);
        for (int j = 0; j < 4; j++) {
            V v = LOAD(x + i + j * LANES);
            V next = ADD(first[j], v);
            V remainder = SUB(v, SUB(next, first[j]));
            first[j] = next;
            next = ADD(second[j], remainder);
            // Taken from the multiple, so that a negative zero leaves a positive one.
            over[j] = SUB(SUB(next, second[j]), remainder);
            second[j] = next;
        }
        if (ANY(OR(OR(over[0], over[1]), OR(over[2], over[3])))) {
            for (int j = 0; j < 4; j++) STORE(rest + left + j * LANES, over[j]);
            left += 4 * LANES;
        }
    }
    const union { double value; uint64_t bits; } zero[2] = {{bias[0]}, {bias[1]}};
    uint64_t a = 0, b = 0;
    for (int j = 0; j < 4; j++) {
        a += BITS(first[j]) - LANES * zero[0].bits;
        b += BITS(second[j]) - LANES * zero[1].bits;
    }
    sums[0] = (int64_t)a;
    sums[1] = (int64_t)b;
    return left;
}

// Each value is cut into three multiples a + b + c of falling units, as above, so short that the products of two are exact and
// so are 256 of them added up.
//
// - x is readable for n doubles, a multiple of CK_REDUCE_STEP, at most 256 for each lane; rest is writable for n.
TARGET size_t NAME(moments)(const double *x, size_t n, const double *bias, int64_t *sums, double *rest) {
    V s[9];
    for (int j = 0; j < 9; j++) s[j] = SPLAT(bias[j]);
    size_t left = 0;
    for (size_t i = 0; i < n; i += LANES) {
        PREFETCH(x + i);
        V v = LOAD(x + i);
        V a = ADD(s[0], v);
        V ra = SUB(a, s[0]);
        V r = SUB(v, ra);
        V b = ADD(s[1], r);
        V rb = SUB(b, s[1]);
        r = SUB(r, rb);
        V c = ADD(s[2], r);
        V rc = SUB(c, s[2]);
        V over = SUB(rc, r);
        if (__builtin_expect(ANY(over), 0)) {
            // Values that have more bits than the three hold go to the caller, and zeros take their place.
            double value[LANES], whole[LANES];
            STORE(value, v);
            STORE(whole, over);
            for (size_t j = 0; j < LANES; j++) {
                rest[left] = value[j];
                left += whole[j] != 0;
                value[j] = whole[j] != 0 ? 0.0 : value[j];
            }
            v = LOAD(value);
            a = ADD(s[0], v);
            ra = SUB(a, s[0]);
            r = SUB(v, ra);
            b = ADD(s[1], r);
            rb = SUB(b, s[1]);
            r = SUB(r, rb);
            c = ADD(s[2], r);
            rc = SUB(c, s[2]);
        }
        s[0] = a;
        s[1] = b;
        s[2] = c;
        s[3] = MULADD(ra, ra, s[3]);
        s[4] = MULADD(ra, rb, s[4]);
        s[5] = MULADD(ra, rc, s[5]);
        s[6] = MULADD(rb, rb, s[6]);
        s[7] = MULADD(rb, rc, s[7]);
        s[8] = MULADD(rc, rc, s[8]);
    }
    for (int j = 0; j < 9; j++) {
        const union { double value; uint64_t bits; } zero = {bias[j]};
        sums[j] = (int64_t)(BITS(s[j]) - LANES * zero.bits);
    }
    return left;
}
