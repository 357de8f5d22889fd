#!/usr/bin/env python3
"""Times Pillow's Lanczos resize on generated images, one thread, beside the `resize` cases of kernel-bench.

    python3 -m venv venv && venv/bin/pip install pillow==13.0.0
    venv/bin/python Scripts/time_pillow_resize.py [SAMPLES]

Prints, for each case, the least and the median of the samples in milliseconds of CPU time. Noise is resized: the time does not depend on
what the pixels are.
"""
import os
import statistics
import sys
import time

from PIL import Image, __version__

CASES = [
    ("RGB", (2048, 1365), (300, 200)),
    ("RGB", (2048, 1365), (1024, 683)),
    ("RGB", (3872, 2592), (300, 201)),
    ("RGB", (3872, 2592), (1024, 685)),
    ("RGBA", (2048, 1536), (300, 225)),
    ("RGBA", (2048, 1536), (1024, 768)),
]


def main():
    samples = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    print(f"Pillow {__version__}, Lanczos, {samples} samples")
    for mode, size, output in CASES:
        image = Image.frombytes(mode, size, os.urandom(size[0] * size[1] * len(mode)))
        times = []
        for _ in range(samples):
            start = time.thread_time()
            image.resize(output, Image.Resampling.LANCZOS)
            times.append((time.thread_time() - start) * 1e3)
        name = f"{mode} {size[0]}x{size[1]} to {output[0]}x{output[1]}"
        print(f"{name:36} {min(times):8.2f} {statistics.median(times):8.2f}")


main()
