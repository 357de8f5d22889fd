"""`python Benchmarks/Python/scaling.py INPUTS OUTPUT.json [--quick]`: what each kernel costs as its work grows a hundredfold, on one thread and on
two. The runner is `Benchmarks/Scripts/scaling`, which makes the page of it."""
from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import measure  # sets one thread for every library, before numpy is loaded

import kernels
import numpy
import ours
import pyarrow

STEPS = (1, 3, 10, 30, 100)


@dataclass
class Subject:
    """A kernel, and how its call is made for a size and a number of threads. `unit` is what a size counts."""

    name: str
    unit: str
    base: int
    make: Callable[[int, int], Callable[[], Any]]
    #: Bytes that a call moves per unit at least, for the model's limit of memory; 0 where the caches hold what it works on.
    bytes_per_unit: float
    threads: tuple[int, ...] = (1,)


def subjects(inputs: str) -> Iterator[Subject]:
    random = numpy.random.default_rng(1)

    def product(work: int, threads: int):
        # The size counts multiplications, so that a hundredfold is a hundredfold of work; the side is its cube root, in steps of 8.
        side = max(8, round(work ** (1 / 3) / 8) * 8)
        a, b, c = (random.random((side, side), dtype=numpy.float32) for _ in range(3))
        sgemm, check = kernels._matrix._sgemm, ours.check
        pointers = (a.ctypes.data, b.ctypes.data, c.ctypes.data)

        def call(held=(a, b, c)):
            check(sgemm(0, 0, side, side, side, 1.0, pointers[0], side, pointers[1], side, 0.0, pointers[2], side, 0, threads))

        return call

    yield Subject("sgemm", "multiply-adds", 128**3, product, 0, (1, 2))
    data = random.integers(0, 256, 30_000_000, dtype=numpy.uint8).tobytes()
    for name in ("sha256", "sha512", "sha3_256", "blake3"):
        yield Subject(name, "bytes", 10_000, lambda n, _, name=name: (lambda d=data[:n]: kernels.digest(name, d)), 1)
    yield Subject("crc64nvme", "bytes", 100_000, lambda n, _: (lambda d=data[:n]: kernels.crc64nvme(d)), 1)

    def picture(pixels: int) -> tuple[bytes, int, int]:
        width = round((pixels * 4 / 3) ** 0.5)
        height = pixels // width
        y, x = numpy.mgrid[0:height, 0:width]
        image = numpy.stack([(x * (c + 2) // 23 + y * 3 // 31) % 256 for c in range(3)], axis=-1)
        return ((image + random.integers(0, 8, image.shape)) % 256).astype(numpy.uint8).tobytes(), width, height

    def file(pixels: int) -> bytes:
        raw, width, height = picture(pixels)
        return kernels.encode_png(raw, width, height, 3, compression=1)

    yield Subject("png decode", "pixels", 100_000, lambda n, _: (lambda f=file(n): kernels.decode_png(f)), 4)
    yield Subject("png encode, level 6", "pixels", 30_000, lambda n, _: (lambda p=picture(n): kernels.encode_png(*p, 3, compression=6)), 4)
    yield Subject(
        "png to 300 px", "pixels", 100_000, lambda n, threads: (lambda f=file(n): kernels.resize(f, width=300, compression=1, threads=threads)), 4
    )
    with open(os.path.join(inputs, "events.ndjson"), "rb") as opened:
        lines = opened.read()
    starts = [0]
    for line in lines.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    plan = kernels.JSONPlan("price > `19.95` && {id: id, device: device} || `null`")

    def array(count: int):
        text = b"[" + b", ".join(lines[: starts[count]].splitlines()) + b"]"
        return lambda: kernels.minify_json(text)

    yield Subject("json minify", "lines", 1_000, lambda n, _: array(n), 300)
    yield Subject(
        "json plan over lines", "lines", 1_000, lambda n, threads: (lambda d=lines[: starts[n]]: plan.apply_lines(d, threads=threads)), 150, (1, 2)
    )
    total = ours.Fold({"keys": ["k"], "aggregates": [{"op": "sum", "column": "v", "as": "t"}, {"op": "count", "as": "n"}]})

    def groups(rows: int, keys: int):
        batch = pyarrow.RecordBatch.from_pydict(
            {"k": pyarrow.array(random.integers(0, keys, rows)), "v": pyarrow.array(random.random(rows))}
        )
        return lambda: total(batch)

    yield Subject("group by, 100 keys", "rows", 50_000, lambda n, _: groups(n, 100), 16)
    yield Subject("group by, a key of ten rows", "rows", 50_000, lambda n, _: groups(n, n // 10), 16)
    of_lines = ours.Fold({"keys": ["device"], "aggregates": [{"op": "sum", "column": "price", "as": "t"}]})
    yield Subject("group by over lines of JSON", "lines", 1_000, lambda n, _: (lambda d=lines[: starts[n]]: of_lines.lines(d)), 150)


def times(body: Callable[[], Any], calls: int) -> tuple[float, float]:
    """Nanoseconds a call, of CPU time of all threads, and elapsed."""
    cpu, start = time.process_time_ns(), time.perf_counter_ns()
    for _ in range(calls):
        body()
    return (time.process_time_ns() - cpu) / calls, (time.perf_counter_ns() - start) / calls


def measured(subject: Subject, seconds: float) -> list[dict[str, Any]]:
    """All sizes and numbers of threads in turns, so that drift falls on all alike.

    Of CPU time, which a neighbour does not lengthen by waiting, the median; of elapsed time, which is what threads are about, the least.
    """
    ways = [(step, threads, subject.make(subject.base * step, threads)) for step in STEPS for threads in subject.threads]
    calls = [measure.calls_for(body, 2e6) for _, _, body in ways]
    samples: list[list[tuple[float, float]]] = [[] for _ in ways]
    end = time.monotonic() + seconds
    while len(samples[0]) < 3 or (time.monotonic() < end and len(samples[0]) < 40):
        for place, (_, _, body) in enumerate(ways):
            samples[place].append(times(body, calls[place]))
    return [
        {
            "size": subject.base * step, "threads": threads, "rounds": len(of),
            "nanoseconds": statistics.median(cpu for cpu, _ in of), "elapsed": min(elapsed for _, elapsed in of),
        }
        for (step, threads, _), of in zip(ways, samples)
    ]  # fmt: skip


def bandwidth() -> float:
    """Bytes a nanosecond that one thread copies of what is in no cache: what the model gives to all threads together."""
    a = numpy.zeros(32_000_000)
    b = numpy.empty_like(a)
    numpy.copyto(b, a)
    return 2 * a.nbytes / min(times(lambda: numpy.copyto(b, a), 1)[1] for _ in range(9))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs")
    parser.add_argument("output")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    result = {"load": os.getloadavg()[0], "bandwidth": bandwidth(), "cpus": len(os.sched_getaffinity(0)), "subjects": []}
    for subject in subjects(arguments.inputs):
        print(f"  {subject.name}", file=sys.stderr, flush=True)
        points = measured(subject, 2 if arguments.quick else 8)
        result["subjects"].append(
            {"name": subject.name, "unit": subject.unit, "bytesPerUnit": subject.bytes_per_unit, "points": points}
        )
    with open(arguments.output, "w", encoding="utf-8") as file:
        json.dump(result, file)


if __name__ == "__main__":
    main()
