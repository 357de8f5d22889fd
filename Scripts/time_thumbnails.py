#!/usr/bin/env python3
"""Times whole jobs, a PNG file to a smaller one: kernel-bench beside Pillow, OpenCV and libvips, one thread each, in the same rounds.

    python3 -m venv venv && venv/bin/pip install pillow opencv-python-headless
    venv/bin/python Scripts/time_thumbnails.py .build/release/kernel-bench WIDTH FILE.png ... [--rounds N]

Each library decodes from memory, resizes and encodes to memory at zlib's level 6: Pillow and libvips by Lanczos, OpenCV by INTER_AREA.
Prints, for each file, the median of the rounds in milliseconds of elapsed time, and of the ratios to kernel-bench in the same round.
"""
import argparse
import io
import re
import statistics
import subprocess
import sys
import tempfile
import time


def pillow(width):
    from PIL import Image, __version__

    def run(data):
        image = Image.open(io.BytesIO(data))
        size = (width, max(1, round(image.height * width / image.width)))
        image.resize(size, Image.Resampling.LANCZOS).save(io.BytesIO(), "PNG", compress_level=6)

    return f"Pillow {__version__}", run


def opencv(width):
    import cv2
    import numpy

    cv2.setNumThreads(1)

    def run(data):
        image = cv2.imdecode(numpy.frombuffer(data, numpy.uint8), cv2.IMREAD_UNCHANGED)
        size = (width, max(1, round(image.shape[0] * width / image.shape[1])))
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        cv2.imencode(".png", small, [cv2.IMWRITE_PNG_COMPRESSION, 6])

    return f"OpenCV {cv2.__version__}", run


def libvips(width):
    import os

    os.environ["VIPS_CONCURRENCY"] = "1"
    import pyvips

    pyvips.cache_set_max(0)

    def run(data):
        pyvips.Image.thumbnail_buffer(data, width).pngsave_buffer(compression=6)

    return f"libvips {pyvips.version(0)}.{pyvips.version(1)}", run


def kernels(program, path, width):
    with tempfile.NamedTemporaryFile(suffix=".png") as out:
        command = [program, "resize", path, out.name, "--width", str(width), "--repeats", "3"]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(re.search(r"whole job +([0-9.]+) ms", text).group(1))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("width", type=int)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    peers = []
    for peer in (pillow, opencv, libvips):
        try:
            peers.append(peer(arguments.width))
        except (ImportError, OSError) as error:
            print(f"{peer.__name__} is not there: {error}", file=sys.stderr)
    for path in arguments.files:
        with open(path, "rb") as file:
            data = file.read()
        ours, times = [], [[] for _ in peers]
        for _ in range(arguments.rounds):
            ours.append(kernels(arguments.program, path, arguments.width))
            for (_, run), samples in zip(peers, times):
                best = float("inf")
                for _ in range(3):
                    start = time.perf_counter()
                    run(data)
                    best = min(best, (time.perf_counter() - start) * 1e3)
                samples.append(best)
        print(f"{path} to {arguments.width}: kernel-bench {statistics.median(ours):.1f} ms")
        for (name, _), samples in zip(peers, times):
            ratio = statistics.median(theirs / mine for theirs, mine in zip(samples, ours))
            print(f"  {name:20} {statistics.median(samples):8.1f} ms {ratio:6.2f}x")


main()
