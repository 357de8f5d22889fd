"""Polars, DuckDB and pyarrow: columns that are in memory folded into groups and windows."""
from __future__ import annotations

from collections.abc import Iterator

import ours
from measure import Absent, Case, Context, Disagreement, Way, optional, pip

LATE_MS = 5_000
WINDOW_MS = 60_000


def cases(context: Context) -> Iterator[Case]:
    numpy, pyarrow, polars, duckdb = (optional(name) for name in ("numpy", "pyarrow", "polars", "duckdb"))
    if numpy is None or pyarrow is None or polars is None:
        return
    absent = [] if duckdb else [Absent("DuckDB", pip("duckdb"))]
    rows = 1_000_000
    for name, batch, has_window in batches(numpy, pyarrow, rows):
        plan = {
            "keys": ["k"],
            "aggregates": [{"op": "sum", "column": "v", "as": "total"}, {"op": "count", "as": "n"}],
        }
        if has_window:
            plan["window"] = {"kind": "tumbling", "time": "ts", "size_ms": WINDOW_MS}
        fold, frame, table = ours.Fold(plan), polars.from_arrow(batch), pyarrow.Table.from_batches([batch])
        rivals = [Way(f"Polars {polars.__version__}", lambda f=frame, w=has_window: in_polars(polars, f, w), polars.__version__)]
        if duckdb:
            connection = duckdb.connect()
            connection.execute("SET threads = 1")
            create(connection, table)
            rivals.append(
                Way(f"DuckDB {duckdb.__version__}", lambda c=connection, w=has_window: in_duckdb(c, w), duckdb.__version__)
            )
        if not has_window:
            # It has no windows.
            rivals.append(
                Way(
                    f"pyarrow {pyarrow.__version__}",
                    lambda t=table: t.group_by("k", use_threads=False).aggregate([("v", "sum"), ("v", "count")]),
                    pyarrow.__version__,
                )
            )
        yield Case(
            "group-by", rows, name, float(rows), "G/s", ours=lambda f=fold, b=batch: f(b), rivals=rivals,
            agree=lambda x, y, w=has_window: same(numpy, polars, pyarrow, x, y, w),
            agreement="keys, windows and counts; sums to 1e-9", absent=absent,
        )  # fmt: skip


def create(connection, given):
    connection.register("given", given)
    connection.execute("CREATE TABLE rows AS SELECT * FROM given")
    connection.unregister("given")


def batches(numpy, pyarrow, rows):
    random = numpy.random.default_rng(1)
    values = random.integers(0, 1_000_000, rows) / 1_000
    ids = {count: random.integers(0, count, rows) for count in (100, 1_000, 10_000)}
    names = pyarrow.array([f"device-{10_000 + i}" for i in range(10_000)])
    times = numpy.arange(rows) - numpy.where(random.random(rows) < 0.1, random.integers(0, LATE_MS, rows), 0)

    def batch(key, **more):
        columns = {"k": key, "v": values, **more}
        return pyarrow.RecordBatch.from_pydict({name: pyarrow.array(column) for name, column in columns.items()})

    yield "int-100", batch(ids[100]), False
    yield "int-10k", batch(ids[10_000]), False
    yield "string-10k", batch(names.take(pyarrow.array(ids[10_000]))), False
    yield "tumbling-1k", batch(ids[1_000], ts=times), True


def in_polars(polars, frame, has_window):
    aggregates = [polars.col("v").sum().alias("total"), polars.len().alias("n")]
    if has_window:
        # It wants the time sorted.
        groups = frame.sort("ts").group_by_dynamic("ts", every=f"{WINDOW_MS}i", group_by="k").agg(aggregates)
        return groups.rename({"ts": "window_start"}).to_arrow()
    return frame.group_by("k").agg(aggregates).to_arrow()


def in_duckdb(connection, has_window):
    # Windows start at multiples of their size, before 1970 too.
    start = f"(ts - ts % {WINDOW_MS} - CASE WHEN ts < 0 AND ts % {WINDOW_MS} <> 0 THEN {WINDOW_MS} ELSE 0 END)"
    window, by = (f"{start} AS window_start, ", "k, window_start") if has_window else ("", "k")
    return connection.sql(f"SELECT k, {window}sum(v) AS total, count(*) AS n FROM rows GROUP BY {by}").to_arrow_table()


def same(numpy, polars, pyarrow, x, y, has_window):
    keys = ["k"] + (["window_start"] if has_window else [])

    def frame(result):
        table = polars.from_arrow(result)
        table = table.rename({"v_sum": "total", "v_count": "n"}) if "v_sum" in table.columns else table
        return table.select(polars.col("k").cast(polars.String), *keys[1:], "total", polars.col("n").cast(polars.Int64)).sort(keys)

    a, b = frame(x), frame(y)
    if a.height != b.height or any((a[c] != b[c]).any() for c in keys + ["n"]):
        raise Disagreement("the groups differ")
    if not numpy.allclose(a["total"], b["total"], rtol=1e-9, atol=0):
        raise Disagreement("the sums differ by more than rounding does")
