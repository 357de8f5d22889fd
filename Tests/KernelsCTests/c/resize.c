// Resizes as a C program sees them: what is promised of each filter, and what is refused.
#include "check.h"

enum { width = 12, height = 8, out_width = 5, out_height = 3 };

static const int32_t filters[] = {KN_FILTER_NEAREST, KN_FILTER_BOX,      KN_FILTER_BILINEAR, KN_FILTER_HAMMING,
                                  KN_FILTER_BICUBIC, KN_FILTER_LANCZOS3, KN_FILTER_MITCHELL};

// An even surface stays even, by every filter, for every layout; nothing is written between rows.
static void even_surfaces(int32_t channels, int32_t bits, int32_t linear_light) {
    size_t pixel = (size_t)(channels * bits / 8), stride = width * pixel + 6, out_stride = out_width * pixel + 2;
    uint16_t source[512], out[200];
    for (size_t f = 0; f < sizeof filters / sizeof *filters; f++) {
        memset(source, 0xb7, sizeof source);
        memset(out, 0, sizeof out);
        CHECK_STATUS(KN_OK, kn_resize((uint8_t *)source, width, height, channels, bits, stride, filters[f], linear_light,
                                      (uint8_t *)out, out_width, out_height, out_stride));
        const uint8_t *bytes = (const uint8_t *)out;
        for (size_t y = 0; y < out_height; y++) {
            for (size_t i = 0; i < out_width * pixel; i++) CHECK(bytes[y * out_stride + i] == 0xb7);
            CHECK(bytes[y * out_stride + out_width * pixel] == 0);
        }
    }
}

// The pixel at floor((x + 0.5) * scale); the mean of what falls under a pixel.
static void known(void) {
    const uint8_t row[6] = {0, 10, 20, 30, 40, 50};
    uint8_t out[4];
    CHECK_STATUS(KN_OK, kn_resize(row, 6, 1, 1, 8, 6, KN_FILTER_NEAREST, 0, out, 4, 1, 4));
    CHECK(out[0] == 0 && out[1] == 20 && out[2] == 30 && out[3] == 50);
    CHECK_STATUS(KN_OK, kn_resize(row, 6, 1, 1, 8, 6, KN_FILTER_BOX, 0, out, 3, 1, 3));
    CHECK(out[0] == 5 && out[1] == 25 && out[2] == 45);
    // Half black and half white, as light: 1.055 * 0.5^(1 / 2.4) - 0.055 of 255.
    const uint8_t two[2] = {0, 255};
    CHECK_STATUS(KN_OK, kn_resize(two, 2, 1, 1, 8, 2, KN_FILTER_BOX, 1, out, 1, 1, 1));
    CHECK(out[0] == 188);
    // Colours of transparent pixels do not count.
    const uint8_t edge[8] = {200, 100, 50, 255, 0, 255, 0, 0};
    CHECK_STATUS(KN_OK, kn_resize(edge, 2, 1, 4, 8, 8, KN_FILTER_BOX, 0, out, 1, 1, 4));
    CHECK(out[0] == 200 && out[1] == 100 && out[2] == 50 && out[3] == 128);
}

static void refusals(void) {
    static uint8_t in[64], out[64];
    const int32_t box = KN_FILTER_BOX;
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_resize(NULL, 4, 4, 1, 8, 4, box, 0, out, 2, 2, 2));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_resize(in, 4, 4, 1, 8, 4, box, 0, NULL, 2, 2, 2));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_resize(in, 0, 4, 1, 8, 4, box, 0, out, 2, 2, 2));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_resize(in, 4, 0, 1, 8, 4, box, 0, out, 2, 2, 2));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_resize(in, 4, 4, 1, 8, 4, box, 0, out, 0, 2, 2));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_resize(in, 4, 4, 1, 8, 4, box, 0, out, 2, 0, 2));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_resize(in, 4, 4, 1, 8, 4, box, 0, out, 0x80000000u, 2, 2));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_resize(in, 4, 4, 0, 8, 4, box, 0, out, 2, 2, 2));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_resize(in, 4, 4, 5, 8, 20, box, 0, out, 2, 2, 20));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_resize(in, 4, 4, 1, 7, 4, box, 0, out, 2, 2, 2));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_resize(in, 4, 4, 1, 8, 3, box, 0, out, 2, 2, 2));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_resize(in, 4, 4, 1, 8, 4, box, 0, out, 2, 2, 1));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_resize(in, 4, 4, 1, 8, (size_t)-1, box, 0, out, 2, 2, 2));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_resize(in, 4, 4, 1, 8, 4, 7, 0, out, 2, 2, 2));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_resize(in, 4, 4, 1, 8, 4, -1, 0, out, 2, 2, 2));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_resize(in, 4, 4, 1, 8, 4, box, 2, out, 2, 2, 2));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_resize(in + 1, 4, 4, 1, 16, 8, box, 0, out, 2, 2, 4));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_resize(in, 4, 4, 1, 16, 9, box, 0, out, 2, 2, 4));
    for (size_t i = 0; i < sizeof out; i++) CHECK(out[i] == 0);
}

int main(void) {
    for (int32_t channels = 1; channels <= 4; channels++)
        for (int32_t bits = 8; bits <= 16; bits += 8)
            for (int32_t linear_light = 0; linear_light <= 1; linear_light++) even_surfaces(channels, bits, linear_light);
    known();
    refusals();
    return report("resize");
}
