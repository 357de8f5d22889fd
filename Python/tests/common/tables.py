"""What the tests of the engines share: rows, plans, and one process to compare with."""

import os

import numpy as np
import pyarrow as pa

import kernels

PLAN = {
    "keys": ["device", "code"],
    "aggregates": [
        {"op": "count", "as": "n"},
        {"op": "count", "column": "v", "as": "values"},
        {"op": "sum", "column": "v", "as": "sum"},
        {"op": "sum", "column": "i", "as": "whole"},
        {"op": "min", "column": "v", "as": "low"},
        {"op": "max", "column": "i", "as": "high"},
        {"op": "mean", "column": "v", "as": "mean"},
        {"op": "variance", "column": "v", "as": "variance"},
        {"op": "stddev", "column": "v", "as": "stddev"},
        {"op": "approx_distinct", "column": "i", "as": "distinct"},
        {"op": "quantile", "column": "v", "q": 0.9, "as": "p90"},
        {"op": "histogram", "column": "v", "bounds": [-1, 0, 1], "as": "spread"},
    ],
}
WINDOWED = {
    "keys": ["device"],
    "aggregates": [
        {"op": "count", "as": "n"},
        {"op": "sum", "column": "v", "as": "sum"},
        {"op": "first", "column": "v", "as": "first"},
        {"op": "last", "column": "i", "as": "last"},
    ],
    "window": {"kind": "tumbling", "time": "ts", "size_ms": 1000},
}
HOPPING = dict(WINDOWED, window={"kind": "hopping", "time": "ts", "size_ms": 3000, "hop_ms": 1000})
SESSIONS = dict(WINDOWED, window={"kind": "session", "time": "ts", "gap_ms": 40})
GLOBAL = {"keys": [], "aggregates": [{"op": "count", "as": "n"}, {"op": "sum", "column": "v", "as": "sum"}]}


def rows(count, seed=1, keys=500, skew=False):
    """Strings and integers as keys, nulls in all columns, doubles whose sum depends on the order where it is rounded."""
    random = np.random.default_rng(seed)
    device = random.integers(0, keys, count)
    if skew:
        # Nine rows of ten have one key.
        device = np.where(random.random(count) < 0.9, 7, device)
    values = random.standard_normal(count) * 10.0 ** random.integers(-12, 12, count)
    null = [random.random(count) < 0.02 for _ in range(4)]
    return pa.table(
        {
            "device": pa.array([f"dévice-{d}" for d in device], pa.string(), mask=null[0]),
            "code": pa.array(random.integers(-3, 3, count).astype("int16"), mask=null[1]),
            "v": pa.array(values, mask=null[2]),
            "i": pa.array(random.integers(-(2**40), 2**40, count), mask=null[3]),
            "ts": pa.array(random.integers(0, 20_000, count)),
            "other": pa.array(["not asked for"] * count, pa.string()),
        }
    )


def state(plan, table):
    """One process, one state."""
    aggregation = kernels.Aggregation(plan)
    for batch in table.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], schema=table.schema)]:
        aggregation.update(batch)
    return aggregation


def in_order(table, keys):
    """Rows as Python has them, sorted, nulls last."""
    return sorted(table.to_pylist(), key=lambda row: [(row[key] is None, row[key] if row[key] is not None else 0) for key in keys])


def claimed(path):
    """Whether this is the first to claim it."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL))
        return True
    except FileExistsError:
        return False
