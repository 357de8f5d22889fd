"""What the families share: one thread, checks before times, interleaved rounds, and documents that `kernel-bench report` reads.

A family is a module with `cases(context)`, which yields `Case`s. Each has ways to do one job: the first is the kernels', the others are the
rivals'. Every way runs once and its result is compared with the kernels', before anything is timed; then rounds of all of them come in a
random order. Times are of the process's CPU, which is one, so that a neighbour who takes it away is not counted.
"""
from __future__ import annotations

import os

# Before any library is loaded: each of them reads its own.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS", "VIPS_CONCURRENCY", "ARROW_NUM_THREADS"):
    os.environ[_name] = "1"

import random
import re
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any


class Disagreement(Exception):
    """A rival's result is not the kernels'."""


@dataclass
class Way:
    """A way to do a case's job: whose, and the call. `body` gives the result, which is compared the first time."""

    name: str
    body: Callable[[], Any]
    version: str = ""


@dataclass
class Absent:
    """A rival that is not there, and how to get it."""

    name: str
    how: str


@dataclass
class Case:
    """A job. `work` is what a call does in `unit`: bytes (GB/s), operations (GFLOP/s) or rows (G/s)."""

    series: str
    size: int
    label: str
    work: float
    unit: str
    ours: Callable[[], Any]
    rivals: list[Way]
    #: Raises `Disagreement`, or gives False, where two results differ. What it compares is said in `agreement`.
    agree: Callable[[Any, Any], bool | None]
    agreement: str
    absent: list[Absent] = field(default_factory=list)
    #: Functions of two results, by the name of a rival, where one is compared otherwise than the rest.
    agree_with: dict[str, Callable[[Any, Any], bool | None]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.series}/{self.label}"


@dataclass
class Context:
    """Where the inputs are, and how much time there is."""

    inputs: str
    quick: bool = False
    #: A regular expression, which matches somewhere in the names of the cases that are measured.
    filter: str = ""

    def read(self, name: str) -> bytes:
        with open(os.path.join(self.inputs, name), "rb") as file:
            return file.read()

    @property
    def case_seconds(self) -> float:
        return 2.0 if self.quick else 4.0

    @property
    def rounds(self) -> tuple[int, int]:
        """The least and the most."""
        return (5, 15) if self.quick else (9, 41)


def pin() -> None:
    """This process on one CPU: the last that it may use, since the first has the interrupts."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def calls_for(body: Callable[[], Any], nanoseconds: float) -> int:
    """Calls that take about so long."""
    calls = 1
    while True:
        start = time.process_time_ns()
        for _ in range(calls):
            body()
        elapsed = time.process_time_ns() - start
        if elapsed >= nanoseconds / 2 or calls >= 1 << 20:
            return max(1, round(calls * nanoseconds / max(elapsed, 1))) if elapsed < nanoseconds else calls
        calls *= 2 if elapsed > nanoseconds / 20 else 10


def sample(body: Callable[[], Any], calls: int) -> float:
    """Nanoseconds of CPU time a call."""
    start = time.process_time_ns()
    for _ in range(calls):
        body()
    return max((time.process_time_ns() - start) / calls, 1.0)


def measure(case: Case, context: Context, seed: int = 1) -> dict[str, Any]:
    """The case's part of a document. Raises `Disagreement` before it times anything."""
    expected = case.ours()
    for rival in case.rivals:
        result = rival.body()
        try:
            agrees = case.agree_with.get(rival.name, case.agree)(expected, result)
        except Disagreement as problem:
            raise Disagreement(f"{case.name}: {rival.name}: {problem}") from None
        if agrees is False:
            raise Disagreement(f"{case.name}: the result of {rival.name} is not the kernels'")
        del result
    del expected

    ways = [Way("kernels", case.ours)] + case.rivals
    calls = [calls_for(way.body, 2e6) for way in ways]
    least, most = context.rounds
    order, times = random.Random(seed), [[] for _ in ways]
    end = time.monotonic() + context.case_seconds
    while len(times[0]) < least or (len(times[0]) < most and time.monotonic() < end):
        for place in order.sample(range(len(ways)), len(ways)):
            # Other libraries had the caches: a call unmeasured, where calls are short.
            if calls[place] > 1:
                ways[place].body()
            times[place].append(sample(ways[place].body, calls[place]))

    def contender(place: int) -> dict[str, Any]:
        samples = {
            "name": ways[place].name,
            "role": "kernel" if place == 0 else "peer",
            "work": case.work,
            "iterations": calls[place],
            "nanoseconds": times[place],
        }
        median = statistics.median(times[place])
        metrics = {
            "time": {"value": median, "unit": "ns", "source": "measured"},
            "throughput": {"value": case.work / median, "unit": case.unit, "source": "derived"},
        }
        if place > 0:
            ratio = statistics.median(theirs / ours for ours, theirs in zip(times[0], times[place]))
            metrics["kernel.ratio"] = {"value": ratio, "unit": "x", "source": "derived"}
        return {"samples": samples, "metrics": metrics}

    return {
        "name": case.name,
        "series": case.series,
        "size": case.size,
        "parameters": [{"name": "size", "value": str(case.size)}, {"name": "agreement", "value": case.agreement}],
        "unit": case.unit,
        "row": "through the C ABI",
        "contenders": [contender(place) for place in range(len(ways))],
    }


def run(families: Iterable[Any], context: Context, progress: Callable[[str], None]) -> dict[str, Any]:
    """All cases of the families: what a document has under `cases` and `peers`."""
    cases, peers = [], {}
    for family in families:
        for case in family.cases(context):
            if not re.search(context.filter, case.name):
                continue
            progress(case.name)
            cases.append(measure(case, context))
            for rival in case.rivals:
                peers.setdefault(rival.name, {"name": rival.name, "version": rival.version, "library": "PyPI"})
            for rival in case.absent:
                peers.setdefault(rival.name, {"name": rival.name, "absent": rival.how})
    return {"cases": cases, "peers": list(peers.values())}


def optional(name: str) -> Any:
    """A module, or None where it cannot be imported."""
    try:
        return __import__(name)
    except Exception:  # A wheel whose library is missing raises what it likes.
        return None


def pip(name: str) -> str:
    return f"not importable; get it with pip install {name}"
