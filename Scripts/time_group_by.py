#!/usr/bin/env python3
"""Times group-by and tumbling windows here, in Polars and in DuckDB: the same rows, one thread each, results compared.

    swift build -c release --product KernelsC
    python3 -m venv venv && venv/bin/pip install polars duckdb pyarrow numpy
    venv/bin/python Scripts/time_group_by.py .build/release/libKernelsC.so [ROWS] [SAMPLES]

All three get columns that are in memory already, DuckDB as a table of its own, and give back Arrow. Prints medians of CPU time in nanoseconds
a row, taken in turn, and how many times as long as ours the better rival takes. Fails where the groups are not the same.
"""
import ctypes
import json
import os
import statistics
import sys
import time

os.environ["POLARS_MAX_THREADS"] = "1"
import duckdb
import numpy
import polars
import pyarrow

# The structs of the Arrow C data interface, whose members only pyarrow looks at.
SCHEMA_BYTES, ARRAY_BYTES = 72, 80
LATE_MS = 5_000
WINDOW_MS = 60_000


class Ours:
    """kn_agg_* of kernels.h."""

    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        self.library.kn_agg_destroy.argtypes = [ctypes.c_void_p]
        self.library.kn_agg_create.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p]
        for name in ("kn_agg_update", "kn_agg_finish"):
            getattr(self.library, name).argtypes = [ctypes.c_void_p] * 4

    def fold(self, plan, batch):
        text = json.dumps(plan).encode()
        agg = ctypes.c_void_p()
        error = ctypes.create_string_buffer(1024)
        schema, array = ctypes.create_string_buffer(SCHEMA_BYTES), ctypes.create_string_buffer(ARRAY_BYTES)
        places = ctypes.addressof(schema), ctypes.addressof(array)
        self.check(self.library.kn_agg_create(text, len(text), ctypes.byref(agg), error), error)
        try:
            batch._export_to_c(places[1], places[0])
            self.check(self.library.kn_agg_update(agg, schema, array, error), error)
            self.check(self.library.kn_agg_finish(agg, schema, array, error), error)
            return pyarrow.Table.from_batches([pyarrow.RecordBatch._import_from_c(places[1], places[0])])
        finally:
            self.library.kn_agg_destroy(agg)

    @staticmethod
    def check(status, error):
        if status != 0:
            # Behind the offset, the line, the column and the path.
            message = ctypes.string_at(ctypes.addressof(error) + 16 + 256).decode()
            sys.exit(f"status {status}: {message}")


def cases(rows):
    random = numpy.random.default_rng(1)
    values = random.integers(0, 1_000_000, rows) / 1_000
    ids = {count: random.integers(0, count, rows) for count in (100, 1_000, 10_000, max(1, rows // 2))}
    names = pyarrow.array([f"device-{10_000 + i}" for i in range(10_000)])
    times = numpy.arange(rows) - numpy.where(random.random(rows) < 0.1, random.integers(0, LATE_MS, rows), 0)

    def batch(key, **more):
        columns = {"k": key, "v": values, **more}
        return pyarrow.RecordBatch.from_pydict({name: pyarrow.array(column) for name, column in columns.items()})

    yield "int-100", batch(ids[100]), False
    yield "int-10k", batch(ids[10_000]), False
    yield "int-half", batch(ids[max(1, rows // 2)]), False
    yield "string-10k", batch(names.take(pyarrow.array(ids[10_000]))), False
    dictionary = pyarrow.DictionaryArray.from_arrays(pyarrow.array(ids[100].astype("int32")), names[:100])
    yield "dictionary-100", batch(dictionary), False
    yield "tumbling-1k", batch(ids[1_000], ts=times), True


def in_duckdb(connection, has_window):
    start = f"(ts - ts % {WINDOW_MS} - CASE WHEN ts < 0 AND ts % {WINDOW_MS} <> 0 THEN {WINDOW_MS} ELSE 0 END)"
    window = f"{start} AS window_start, " if has_window else ""
    by = "k, window_start" if has_window else "k"
    query = f"SELECT k, {window}sum(v) AS total, count(*) AS n FROM rows GROUP BY {by}"
    return connection.execute(query).to_arrow_table()


def in_polars(frame, has_window):
    aggregates = [polars.col("v").sum().alias("total"), polars.len().alias("n")]
    if has_window:
        # It wants the time sorted.
        groups = frame.sort("ts").group_by_dynamic("ts", every=f"{WINDOW_MS}i", group_by="k").agg(aggregates)
        return groups.rename({"ts": "window_start"}).to_arrow()
    return frame.group_by("k").agg(aggregates).to_arrow()


def sorted_rows(table, has_window):
    columns = ["k"] + (["window_start"] if has_window else [])
    frame = polars.from_arrow(table).with_columns(polars.col("k").cast(polars.String))
    return frame.select(columns + ["total", polars.col("n").cast(polars.Int64)]).sort(columns)


def compare(name, ours, rival, has_window):
    a, b = sorted_rows(ours, has_window), sorted_rows(rival, has_window)
    same = a.height == b.height and all((a[c] == b[c]).all() for c in a.columns if c != "total")
    if not same or not numpy.allclose(a["total"], b["total"], rtol=1e-9, atol=0):
        sys.exit(f"{name}: the groups are not the same")


def main():
    ours = Ours(sys.argv[1])
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000
    samples = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    print(f"{rows} rows, {samples} samples; Polars {polars.__version__}, DuckDB {duckdb.__version__}, a thread each")
    print(f"{'ns a row':18} {'ours':>8} {'Polars':>8} {'DuckDB':>8} {'ratio':>8}")
    for name, batch, has_window in cases(rows):
        plan = {
            "keys": ["k"],
            "aggregates": [{"op": "sum", "column": "v", "as": "total"}, {"op": "count", "as": "n"}],
        }
        if has_window:
            plan["window"] = {"kind": "tumbling", "time": "ts", "size_ms": WINDOW_MS}
        frame = polars.from_arrow(batch)
        connection = duckdb.connect()
        connection.execute("SET threads = 1")
        given = pyarrow.Table.from_batches([batch])
        connection.execute("CREATE TABLE rows AS SELECT * FROM given")
        ways = {
            "ours": lambda: ours.fold(plan, batch),
            "Polars": lambda: in_polars(frame, has_window),
            "DuckDB": lambda: in_duckdb(connection, has_window),
        }
        times = {way: [] for way in ways}
        for sample in range(samples):
            results = {}
            for way, body in ways.items():
                start = time.process_time()
                results[way] = body()
                times[way].append((time.process_time() - start) / rows * 1e9)
            if sample == 0:
                compare(name, results["ours"], results["Polars"], has_window)
                compare(name, results["ours"], results["DuckDB"], has_window)
        least = {way: statistics.median(of) for way, of in times.items()}
        ratio = min(least["Polars"], least["DuckDB"]) / least["ours"]
        print(f"{name:18} {least['ours']:8.1f} {least['Polars']:8.1f} {least['DuckDB']:8.1f} {ratio:8.2f}", flush=True)


main()
