// The hot loop of inflate, whose steps InflateLoop.swift explains, with shifts by a register and cuts of low bits in one instruction each.
#if defined(__x86_64__)
#include <immintrin.h>

#include "ck_compression.h"

#define CK_ROW __attribute__((target("bmi,bmi2,sse4.1")))
#define CK_INLINE CK_ROW static inline __attribute__((always_inline))

enum {
    literal_bits = 12,
    distance_bits = 8,
    literal_flags = 3 << 6,
    end_of_block_flag = 1 << 12,
    subtable_flag = 1 << 13,
    exception_flag = 1 << 14,
};

CK_INLINE uint64_t load64(const uint8_t *p) {
    uint64_t a;
    __builtin_memcpy(&a, p, 8);
    return a;
}

CK_INLINE void move16(uint8_t *to, const uint8_t *from) {
    _mm_storeu_si128((__m128i *)to, _mm_loadu_si128((const __m128i *)from));
}

// The extra bits, which follow the code.
CK_INLINE size_t extra(uint32_t entry, uint64_t bits) { return _bzhi_u64(bits, entry) >> (entry >> 8 & 63); }

// By distance below 16: a byte of the period for each of 16, and the largest multiple of the distance within 16.
#define PERIOD(d)                                                                                                       \
    {0, 1 % d, 2 % d, 3 % d, 4 % d, 5 % d, 6 % d, 7 % d, 8 % d, 9 % d, 10 % d, 11 % d, 12 % d, 13 % d, 14 % d, 15 % d}
static const uint8_t periods[16][16] = {
    PERIOD(1), PERIOD(1), PERIOD(2),  PERIOD(3),  PERIOD(4),  PERIOD(5),  PERIOD(6),  PERIOD(7),
    PERIOD(8), PERIOD(9), PERIOD(10), PERIOD(11), PERIOD(12), PERIOD(13), PERIOD(14), PERIOD(15)};
static const uint8_t strides[16] = {16, 16, 16, 15, 16, 15, 12, 14, 16, 9, 10, 11, 12, 13, 14, 15};

// Up to 31 bytes more than the length are written.
CK_INLINE void copy(uint8_t *to, size_t distance, size_t length) {
    const uint8_t *from = to - distance;
    uint8_t *end = to + length;
    if (__builtin_expect(distance >= 16, 1)) {
        move16(to, from);
        move16(to + 16, from + 16);
        if (__builtin_expect(length > 32, 0)) {
            do {
                to += 32;
                from += 32;
                move16(to, from);
                move16(to + 16, from + 16);
            } while (to + 32 < end);
        }
        return;
    }
    // The period fills a register, which is stored again and again: no load waits for the store before it.
    __m128i period;
    size_t stride = 16;
    if (distance == 1) {
        period = _mm_set1_epi8((char)*from);
    } else {
        period = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)from),
                                  _mm_loadu_si128((const __m128i *)periods[distance]));
        stride = strides[distance];
    }
    do {
        _mm_storeu_si128((__m128i *)to, period);
        to += stride;
    } while (to < end);
}

#define REFILL                                  \
    do {                                        \
        bits |= load64(next) << (count & 63);   \
        next += 7;                              \
        next -= count >> 3 & 7;                 \
        count |= 56;                            \
    } while (0)
#define LOOK_UP literals[_bzhi_u64(bits, literal_bits)]
#define DROP                      \
    do {                          \
        saved = bits;             \
        bits >>= entry & 63;      \
        count -= entry;           \
    } while (0)
#define STORE                                   \
    do {                                        \
        uint32_t bytes = entry >> 8;            \
        __builtin_memcpy(output, &bytes, 4);    \
        output += entry >> 6 & 3;               \
    } while (0)

CK_ROW int32_t ck_inflate_bmi2(CK_INFLATE_PARAMETERS) {
    const uint8_t *next = state->next, *const input_limit = state->input_limit, *const history = state->history;
    uint8_t *output = state->output, *const output_limit = state->output_limit;
    uint64_t bits = state->bits, saved;
    uint32_t count = (uint32_t)state->bit_count;
    int32_t end = CK_INFLATE_MORE;

    REFILL;
    uint32_t entry = LOOK_UP;
    do {
        DROP;
        if (entry & literal_flags) {
            STORE;
            entry = LOOK_UP;
            DROP;
            if (entry & literal_flags) {
                STORE;
                entry = LOOK_UP;
                DROP;
                if (entry & literal_flags) {
                    STORE;
                    entry = LOOK_UP;
                    REFILL;
                    continue;
                }
            }
        }
        if (__builtin_expect(entry & exception_flag, 0)) {
            if (entry & subtable_flag) {
                entry = literals[(entry >> 16) + _bzhi_u64(bits, entry >> 8 & 15)];
                DROP;
                if (entry & literal_flags) {
                    STORE;
                    entry = LOOK_UP;
                    REFILL;
                    continue;
                }
            }
            if (entry & exception_flag) {
                end = entry & end_of_block_flag ? CK_INFLATE_END_OF_BLOCK : CK_INFLATE_LITERAL_CODE;
                break;
            }
        }
        *output = (uint8_t)(entry >> 24);
        output += entry >> 15 & 1;
        size_t length = 3 + (entry >> 16 & 255) + extra(entry, saved);

        // 12 bits are left at least, which is enough to look up; the rest comes meanwhile.
        entry = distances[_bzhi_u64(bits, distance_bits)];
        REFILL;
        DROP;
        if (__builtin_expect(entry & exception_flag, 0)) {
            if (entry & subtable_flag) {
                entry = distances[(entry >> 16) + _bzhi_u64(bits, entry >> 8 & 15)];
                DROP;
            }
            if (entry & exception_flag) {
                end = CK_INFLATE_DISTANCE_CODE;
                break;
            }
        }
        size_t distance = (entry >> 16) + extra(entry, saved);
        if (__builtin_expect(distance > (size_t)(output - history), 0)) {
            end = CK_INFLATE_DISTANCE;
            break;
        }
        entry = LOOK_UP;
        REFILL;
        copy(output, distance, length);
        output += length;
    } while (next <= input_limit && output <= output_limit);

    count &= 63;
    state->next = next;
    state->output = output;
    state->bits = _bzhi_u64(bits, count);
    state->bit_count = count;
    return end;
}
#endif
