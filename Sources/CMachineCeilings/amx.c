// Peak of the tile unit: 2 x 2 accumulators, two tiles of A and two of B that stay where they are.
// Intel SDM volume 1, chapter 18; layout of the configuration: volume 2A, LDTILECFG.
#if defined(__x86_64__)
#include "machine_ceilings.h"

#include <immintrin.h>

typedef struct {
    uint8_t palette, start_row, reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
} tile_configuration;

__attribute__((target("amx-tile,amx-bf16"))) double cm_bf16_amx(uint64_t steps) {
    tile_configuration configuration = {.palette = 1};
    for (int tile = 0; tile < 8; tile++) {
        configuration.row_bytes[tile] = 64;
        configuration.rows[tile] = 16;
    }
    uint16_t ones[16 * 32];
    for (int i = 0; i < 16 * 32; i++) ones[i] = 0x3F80;  // 1 as bfloat16
    float sums[16 * 16];

    _tile_loadconfig(&configuration);
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    _tile_loadd(4, ones, 64);
    _tile_loadd(5, ones, 64);
    _tile_loadd(6, ones, 64);
    _tile_loadd(7, ones, 64);
    for (uint64_t step = 0; step < steps; step++) {
        _tile_dpbf16ps(0, 4, 6);
        _tile_dpbf16ps(1, 4, 7);
        _tile_dpbf16ps(2, 5, 6);
        _tile_dpbf16ps(3, 5, 7);
    }
    double total = 0;
    _tile_stored(0, sums, 64);
    total += (double)sums[0];
    _tile_stored(3, sums, 64);
    total += (double)sums[255];
    _tile_release();
    return total;
}
#endif
