#!/usr/bin/env python3
"""Prints Tests/KernelsTests/Imaging/ResizeExamples.swift: CRC-32 of what Pillow makes of generated images.

    python3 -m venv venv && venv/bin/pip install pillow==13.0.0
    venv/bin/python Scripts/derive_resize_examples.py > Tests/KernelsTests/Imaging/ResizeExamples.swift

The horizontal pass comes first: newer versions of Pillow choose, so that each pass is asked for by itself.
"""
import random
import zlib

from PIL import Image, __version__

FILTERS = {
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "hamming": Image.Resampling.HAMMING,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos3": Image.Resampling.LANCZOS,
}
# Source, output.
SIZES = [
    (1, 1, 1, 1), (1, 1, 7, 5), (7, 5, 1, 1), (2, 3, 3, 2), (16, 16, 16, 16), (17, 9, 17, 4), (17, 9, 5, 9),
    (64, 48, 20, 15), (63, 47, 31, 46), (64, 64, 5, 40), (64, 64, 40, 5), (20, 15, 64, 48), (33, 21, 100, 11),
    (100, 11, 33, 80), (200, 3, 150, 2), (257, 129, 19, 17), (5, 300, 4, 7), (1000, 2, 3, 1), (1, 1000, 1, 3),
    (3, 2, 500, 3),
]
# In eighths, which single precision holds without rounding, and in thirds, which it does not.
BOXES = [(1, 2, 15, 13), (0.5, 0.25, 20.125, 14.875), (3, 0, 4, 16), (1 / 3, 2 / 3, 19 + 1 / 3, 13 + 2 / 3)]


def pixels(count, seed):
    """Numerical Recipes' linear congruential generator; the highest byte of each number."""
    state, out = seed, bytearray()
    for _ in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out.append(state >> 24)
    return bytes(out)


def resized(image, width, height, box, method):
    left, top, right, bottom = box
    image = image.resize((width, image.height), method, box=(left, 0, right, image.height))
    return image.resize((width, height), method, box=(0, top, width, bottom))


def planes(data, size, channels, *arguments):
    """Channels one by one, which is how Pillow treats those of an image without alpha."""
    out = [resized(Image.frombytes("L", size, data[c::channels]), *arguments).tobytes() for c in range(channels)]
    return bytes(value for pixel in zip(*out) for value in pixel)


def opaque(data, size, channels, *arguments):
    data = bytearray(data)
    data[channels - 1 :: channels] = b"\xff" * (size[0] * size[1])
    return resized(Image.frombytes({2: "LA", 4: "RGBA"}[channels], size, bytes(data)), *arguments).tobytes()


def examples():
    seed = 0
    for name, method in FILTERS.items():
        for channels in (1, 2, 3, 4):
            for width, height, out_width, out_height in SIZES:
                boxes = [(0, 0, width, height)]
                if (width, height) in ((20, 15), (64, 48)):
                    boxes += BOXES
                for box in boxes:
                    box = (box[0], box[1], min(box[2], width), min(box[3], height))
                    seed += 1
                    data = pixels(width * height * channels, seed)
                    arguments = (data, (width, height), channels, out_width, out_height, box, method)
                    for has_alpha in (False, True):
                        if has_alpha and channels not in (2, 4):
                            continue
                        out = (opaque if has_alpha else planes)(*arguments)
                        yield name, channels, has_alpha, seed, width, height, box, out_width, out_height, zlib.crc32(out)


print(f"// Printed by Scripts/derive_resize_examples.py with Pillow {__version__}.")
print("// swift-format-ignore-file\n")
print("/// A line each: filter, channels, whether the last one is alpha (and opaque), seed, width, height, left, top, right, bottom,")
print("/// width and height of the output, CRC-32 of the output.")
print("let resizeExamples = \"\"\"")
for name, channels, alpha, seed, width, height, box, out_width, out_height, crc in examples():
    edges = " ".join(repr(float(edge)) for edge in box)
    print(f"  {name} {channels} {int(alpha)} {seed} {width} {height} {edges} {out_width} {out_height} {crc:08x}")
print("  \"\"\"")
