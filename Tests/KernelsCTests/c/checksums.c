// Checksums as a C program sees them: check values, parts, combination; and what is refused.
#include "check.h"

static const struct code {
    int32_t id;
    uint64_t check;  // of "123456789"
} codes[] = {
    {KN_CRC32, 0xcbf43926},
    {KN_CRC32C, 0xe3069283},
    {KN_CRC64NVME, 0xae8b14860a799888},
};

static void parts(int32_t id, const uint8_t *bytes, size_t length) {
    uint64_t whole = kn_crc(id, 0, bytes, length);
    for (size_t split = 0; split <= length; split++) {
        uint64_t first = kn_crc(id, 0, bytes, split), rest = kn_crc(id, 0, bytes + split, length - split);
        CHECK(kn_crc(id, first, bytes + split, length - split) == whole);
        CHECK(kn_crc_combine(id, first, rest, length - split) == whole);
    }
}

static void refusals(int32_t id) {
    CHECK(kn_crc(id, 7, NULL, 1) == 0);
    CHECK(kn_crc(id, 7, NULL, 0) == 7);
    CHECK(kn_crc(id, 7, (const uint8_t *)"abc", (size_t)-1) == 0);
    // Longer than any message: x^(2^64 - 1) is a unit of the ring, so that a CRC moved over it is another, not 0.
    CHECK(kn_crc_combine(id, 1, 0, UINT64_MAX) != 0);
}

int main(void) {
    uint8_t bytes[300];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i % 251);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        CHECK(kn_crc(codes[i].id, 0, (const uint8_t *)"123456789", 9) == codes[i].check);
        parts(codes[i].id, bytes, sizeof bytes);
        refusals(codes[i].id);
    }
    const int32_t unknown[] = {0, 4, -1, INT32_MAX};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        CHECK(kn_crc(unknown[i], 1, bytes, sizeof bytes) == 0);
        CHECK(kn_crc_combine(unknown[i], 1, 2, 3) == 0);
    }
    return report("checksums");
}
