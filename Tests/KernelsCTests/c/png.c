// PNG as a C program sees it: pixels to a file and back, resized, looked at; and what is refused, with nothing touched.
#include "check.h"

static uint8_t *const untouched = (uint8_t *)8;

static void round_trip(int32_t channels, int32_t bits) {
    enum { width = 37, height = 11 };
    size_t pixel = (size_t)(channels * bits / 8), row = width * pixel, stride = row + 6;
    uint8_t *pixels = (uint8_t *)malloc(stride * height);
    for (size_t i = 0; i < stride * height; i++) pixels[i] = (uint8_t)(i * i / 7 + i);
    for (int32_t compression = 0; compression <= 9; compression++) {
        uint8_t *file = NULL, *back = NULL;
        size_t length = 0;
        kn_png_info info;
        CHECK_STATUS(KN_OK, kn_png_encode(pixels, width, height, channels, bits, stride, compression, &file, &length, NULL));
        CHECK_STATUS(KN_OK, kn_png_inspect(file, length, &info, NULL));
        CHECK(info.width == width && info.height == height && info.interlaced == 0);
        CHECK(info.channels == channels && info.bits == bits && info.has_alpha == (channels % 2 == 0));
        memset(&info, 0, sizeof info);
        CHECK_STATUS(KN_OK, kn_png_decode(file, length, 0, bits, 0, &back, &info, NULL));
        CHECK(info.width == width && info.height == height && info.channels == channels && info.bits == bits);
        for (size_t y = 0; y < height; y++) CHECK(memcmp(back + y * row, pixels + y * stride, row) == 0);
        kn_free(back);
        CHECK_STATUS(KN_LIMIT_EXCEEDED, kn_png_decode(file, length, 0, bits, width * height - 1, &back, NULL, NULL));
        CHECK_STATUS(KN_OK, kn_png_decode(file, length, 4, 16, width * height, &back, NULL, NULL));
        kn_free(back);
        kn_free(file);
    }
    free(pixels);
}

static void resize(void) {
    enum { width = 200, height = 100 };
    static uint8_t pixels[width * height * 3];
    for (size_t i = 0; i < sizeof pixels; i++) pixels[i] = (uint8_t)(i % 251);
    uint8_t *file = NULL, *out = NULL;
    size_t length = 0, out_length = 0;
    kn_png_info info;
    kn_error error;
    CHECK_STATUS(KN_OK, kn_png_encode(pixels, width, height, 3, 8, width * 3, 1, &file, &length, NULL));

    kn_resize_options options;
    memset(&options, 0, sizeof options);
    options.width = 50;
    options.filter = KN_FILTER_LANCZOS3;
    options.fit = KN_FIT_INSIDE;
    options.threads = 1;
    CHECK_STATUS(KN_OK, kn_png_resize(file, length, &options, &out, &out_length, NULL));
    CHECK_STATUS(KN_OK, kn_png_inspect(out, out_length, &info, NULL));
    CHECK(info.width == 50 && info.height == 25 && info.channels == 3);
    kn_free(out);

    options.height = 50;
    options.fit = KN_FIT_CONTAIN;
    CHECK_STATUS(KN_OK, kn_png_resize(file, length, &options, &out, &out_length, NULL));
    CHECK_STATUS(KN_OK, kn_png_inspect(out, out_length, &info, NULL));
    CHECK(info.width == 50 && info.height == 50);
    uint8_t *back = NULL;
    CHECK_STATUS(KN_OK, kn_png_decode(out, out_length, 3, 8, 0, &back, NULL, NULL));
    CHECK(back[0] == 0 && back[50 * 3 * 12 - 1] == 0);
    kn_free(back);
    kn_free(out);

    out = untouched;
    out_length = 7;
    options.max_memory = 1000;
    memset(&error, 0, sizeof error);
    CHECK_STATUS(KN_LIMIT_EXCEEDED, kn_png_resize(file, length, &options, &out, &out_length, &error));
    CHECK(error.message[0] != 0 && strcmp(error.path, "IHDR") == 0);
    options.max_memory = 0;
    options.max_pixels = width * height - 1;
    CHECK_STATUS(KN_LIMIT_EXCEEDED, kn_png_resize(file, length, &options, &out, &out_length, NULL));
    options.max_pixels = 0;

    kn_resize_options bad = options;
    bad.width = bad.height = 0;
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_png_resize(file, length, &bad, &out, &out_length, NULL));
    bad = options;
    bad.fit = 5;
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_png_resize(file, length, &bad, &out, &out_length, NULL));
    bad = options;
    bad.filter = -1;
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_png_resize(file, length, &bad, &out, &out_length, NULL));
    bad = options;
    bad.threads = 0;
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_png_resize(file, length, &bad, &out, &out_length, NULL));
    bad = options;
    bad.compression = 10;
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_png_resize(file, length, &bad, &out, &out_length, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_png_resize(NULL, 1, &options, &out, &out_length, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_png_resize(file, length, NULL, &out, &out_length, NULL));

    // Every truncation, and a byte changed, is refused.
    for (size_t cut = 0; cut < length; cut += cut < 100 ? 1 : 97) {
        CHECK_STATUS(KN_INVALID_DATA, kn_png_resize(file, cut, &options, &out, &out_length, &error));
        CHECK(error.offset <= cut);
    }
    file[length / 2] ^= 1;
    CHECK_STATUS(KN_INVALID_DATA, kn_png_resize(file, length, &options, &out, &out_length, &error));
    CHECK(strcmp(error.path, "IDAT") == 0);
    CHECK_STATUS(KN_INVALID_DATA, kn_png_decode(file, length, 0, 8, 0, &out, NULL, NULL));
    CHECK(out == untouched && out_length == 7);
    kn_free(file);
}

static void refusals(void) {
    uint8_t pixels[64] = {0}, *out = untouched;
    size_t length = 7;
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_png_encode(NULL, 1, 1, 1, 8, 1, 6, &out, &length, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_png_encode(pixels, 0, 1, 1, 8, 1, 6, &out, &length, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_png_encode(pixels, 4, 1, 1, 8, 3, 6, &out, &length, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_png_encode(pixels, 1, 1, 5, 8, 8, 6, &out, &length, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_png_encode(pixels, 1, 1, 1, 4, 8, 6, &out, &length, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_png_encode(pixels, 1, 1, 1, 8, 8, 10, &out, &length, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_png_decode(pixels, sizeof pixels, 5, 8, 0, &out, NULL, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_png_decode(pixels, sizeof pixels, 0, 4, 0, &out, NULL, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_png_decode(pixels, sizeof pixels, 0, 8, 0, NULL, NULL, NULL));
    CHECK_STATUS(KN_INVALID_DATA, kn_png_decode(pixels, sizeof pixels, 0, 8, 0, &out, NULL, NULL));
    CHECK_STATUS(KN_INVALID_DATA, kn_png_decode(NULL, 0, 0, 8, 0, &out, NULL, NULL));
    CHECK_STATUS(KN_INVALID_ARGUMENT, kn_png_inspect(pixels, sizeof pixels, NULL, NULL));
    CHECK(out == untouched && length == 7);
}

int main(void) {
    for (int32_t channels = 1; channels <= 4; channels++) {
        round_trip(channels, 8);
        round_trip(channels, 16);
    }
    resize();
    refusals();
    return report("png");
}
