// Single pixels to single precision and back, for what vectors leave: the same operations in the same order.
#ifndef CK_RESAMPLE_PIXELS_H
#define CK_RESAMPLE_PIXELS_H

#include "CKernels.h"

static inline float ck_sample(const void *_Nonnull source, size_t index, size_t bits) {
    return bits == 8 ? (float)((const uint8_t *)source)[index] : (float)((const uint16_t *)source)[index];
}

static inline float ck_rounded(float value, float top) {
    value = value > 0 ? value : 0;
    value = value < top ? value : top;
    return (float)(int32_t)(value + 0.5f);
}

static inline void ck_widen_rest(CK_RESAMPLE_WIDEN_PARAMETERS) {
    const float top = bits == 8 ? 255 : 65535;
    const size_t lanes = channels == 3 ? 4 : channels;
    for (size_t i = 0; i < pixels; i++, output += lanes) {
        float factor = alpha ? ck_sample(source, i * channels + channels - 1, bits) * (1 / top) : 1;
        for (size_t k = 0; k < channels; k++) {
            float value = ck_sample(source, i * channels + k, bits);
            output[k] = alpha && k + 1 < channels ? value * factor : value;
        }
        if (channels == 3) output[3] = 0;
    }
}

static inline void ck_narrow_rest(CK_RESAMPLE_NARROW_PARAMETERS) {
    const float top = bits == 8 ? 255 : 65535;
    const size_t lanes = channels == 3 ? 4 : channels;
    for (size_t i = 0; i < pixels; i++, source += lanes) {
        float factor = 1;
        if (alpha) factor = ck_rounded(source[channels - 1], top) == 0 ? 0 : top / source[channels - 1];
        for (size_t k = 0; k < channels; k++) {
            float value = ck_rounded(alpha && k + 1 < channels ? source[k] * factor : source[k], top);
            if (bits == 8) ((uint8_t *)output)[i * channels + k] = (uint8_t)value;
            if (bits == 16) ((uint16_t *)output)[i * channels + k] = (uint16_t)value;
        }
    }
}

// One loop for each format.
#define CK_EACH_FORMAT(function)                                                                               \
    switch (channels * 2 + (alpha != 0)) {                                                                     \
        case 2: bits == 8 ? function(source, output, pixels, 1, 8, 0) : function(source, output, pixels, 1, 16, 0); break; \
        case 4: bits == 8 ? function(source, output, pixels, 2, 8, 0) : function(source, output, pixels, 2, 16, 0); break; \
        case 5: bits == 8 ? function(source, output, pixels, 2, 8, 1) : function(source, output, pixels, 2, 16, 1); break; \
        case 6: bits == 8 ? function(source, output, pixels, 3, 8, 0) : function(source, output, pixels, 3, 16, 0); break; \
        case 8: bits == 8 ? function(source, output, pixels, 4, 8, 0) : function(source, output, pixels, 4, 16, 0); break; \
        default: bits == 8 ? function(source, output, pixels, 4, 8, 1) : function(source, output, pixels, 4, 16, 1); break; \
    }

#endif
