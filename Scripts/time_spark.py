#!/usr/bin/env python3
"""Times a group-by on Spark, by the kernels in its workers and by Spark's own aggregates: the same Parquet, local[2], results compared.

    make wheel
    python3 -m venv venv && venv/bin/pip install "$(ls Python/dist/*.whl)[spark]"
    venv/bin/python Scripts/time_spark.py [--rows 100000000] [--keys 100000] [--samples 3] [--data FOLDER]

Both give count, min, max and mean of a double, its 99th percentile, and the number of distinct values of an integer, for each key; ours gives
the exact sum besides, which Spark does not have. Ours runs twice: `ours` takes the rows of a frame, as Spark's own side does; `files` has
the workers read the Parquet themselves (`aggregate_parquet`). Errors are alike: 4,096 registers for distinct values, 1 % for the
percentile. Runs are taken in turn; what is printed is the medians of wall and CPU time (of the JVM and its Python workers), and the ratio. `--stages` times the
kernels' side stage by stage as well: what it takes to bring the rows to Python alone, to fold them, to shuffle and merge the states. Fails
where the results are not the same.
"""

import argparse
import math
import os
import statistics
import sys
import tempfile
import time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

import kernels
import kernels.spark

# The workers are of the same Python.
os.environ["PYSPARK_PYTHON"] = sys.executable

PLAN = {
    "keys": ["k"],
    "aggregates": [
        {"op": "count", "as": "n"},
        {"op": "min", "column": "v", "as": "low"},
        {"op": "max", "column": "v", "as": "high"},
        {"op": "mean", "column": "v", "as": "mean"},
        {"op": "quantile", "column": "v", "q": 0.99, "as": "p99"},
        {"op": "approx_distinct", "column": "u", "as": "users"},
        {"op": "sum", "column": "v", "as": "total"},
    ],
}


def generate(folder, rows, keys):
    """Eight files; what is there already is taken. The size of the largest."""
    os.makedirs(folder, exist_ok=True)
    each = -(-rows // 8)
    for i in range(0, rows, each):
        path = f"{folder}/part-{i // each:03d}.parquet"
        count = min(each, rows - i)
        if os.path.exists(path) and pq.read_metadata(path).num_rows == count:
            continue
        random = np.random.default_rng(i)
        table = pa.table(
            {
                "k": pa.array(random.integers(0, keys, count)),
                "v": pa.array(random.integers(0, 1_000_000, count) / 1_000),
                "u": pa.array(random.integers(0, 5_000, count)),
            }
        )
        pq.write_table(table, path + ".new", row_group_size=1 << 20)
        os.rename(path + ".new", path)
    return max(os.path.getsize(f"{folder}/{name}") for name in os.listdir(folder))


def session(arguments, largest):
    builder = SparkSession.builder.master(f"local[{arguments.cores}]").appName("time_spark")
    options = {
        "spark.driver.memory": arguments.memory,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.sql.shuffle.partitions": "8",
        "spark.python.daemon.module": "kernels.spark.daemon",
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(arguments.batch),
        # A partition for each file: eight of one size, for two cores.
        "spark.sql.files.maxPartitionBytes": str(largest),
        "spark.sql.files.openCostInBytes": "0",
    }
    for entry in arguments.conf:
        name, _, value = entry.partition("=")
        options[name] = value
    for name, value in options.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def in_spark(frame):
    return frame.groupBy("k").agg(
        F.count(F.lit(1)).alias("n"),
        F.min("v").alias("low"),
        F.max("v").alias("high"),
        F.avg("v").alias("mean"),
        F.percentile_approx("v", 0.99, 100).alias("p99"),
        F.approx_count_distinct("u", 0.0175).alias("users"),
    )


def compare(ours, theirs, rows):
    a, b = (table.sort_by("k").combine_chunks() for table in (ours, theirs))
    if sum(a.column("n").to_pylist()) != rows:
        sys.exit(f"ours has counted {sum(a.column('n').to_pylist())} rows of {rows}")
    for name in ("k", "n", "low", "high"):
        if a.column(name).to_pylist() != b.column(name).to_pylist():
            sys.exit(f"{name} is not the same")
    x, y = (np.asarray(t.column("mean").to_pylist()) for t in (a, b))
    if not np.allclose(x, y, rtol=1e-9, atol=0):
        sys.exit("the means differ")
    # What is approximate differs by both errors; most keys must be well within them.
    for name, within in (("p99", 0.02), ("users", 0.03)):
        x, y = (np.asarray(t.column(name).to_pylist(), dtype=float) for t in (a, b))
        middle = float(np.median(np.abs(x - y) / np.abs(y)))
        if middle > within:
            sys.exit(f"{name} differs by {middle:.3f} in the middle")


def check(ours, folder, keys=50):
    """Ours of the first keys against what is exact."""
    rows = pq.read_table(folder, filters=[("k", "<", keys)])
    found = {row["k"]: row for row in ours.filter(pc.less(ours.column("k"), keys)).to_pylist()}
    key, v, u = (rows.column(name).to_numpy() for name in ("k", "v", "u"))
    for k in np.unique(key):
        mine, row = np.sort(v[key == k]), found[int(k)]
        place = 0.99 * (len(mine) - 1)
        low, high = mine[int(np.floor(place))] * 0.989, mine[int(np.ceil(place))] * 1.011
        if not low <= row["p99"] <= high:
            sys.exit(f"p99 of {k} is {row['p99']}, and not from {low} to {high}")
        distinct = len(np.unique(u[key == k]))
        # Five standard errors.
        if abs(row["users"] - distinct) > 0.08 * distinct + 1:
            sys.exit(f"{k} has {distinct} users, and not {row['users']}")
        if row["total"] != math.fsum(mine):
            sys.exit(f"the sum of {k} is not exact")


def cpu_seconds(pids):
    """Of processes and those that they have waited for."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
            total += sum(map(int, fields[11:15])) / ticks
        except OSError:
            pass
    return total


def family():
    """This process and all below it."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    children.setdefault(int(file.read().rpartition(")")[2].split()[1]), []).append(int(name))
            except OSError:
                pass
    found, queue = [], [os.getpid()]
    while queue:
        pid = queue.pop()
        found.append(pid)
        queue += children.get(pid, [])
    return found


def timed(body):
    cpu, start = cpu_seconds(family()), time.perf_counter()
    body()
    wall = time.perf_counter() - start
    return wall, cpu_seconds(family()) - cpu


def to_nothing(frame):
    frame.write.format("noop").mode("overwrite").save()


def alone(folder, threads_rows):
    """The kernels alone: one process, one thread, columns in memory. Nanoseconds a row for one state, and for one in buckets."""
    from kernels._parts import Fold, chunks
    from kernels._plans import Plan

    plan = Plan(PLAN)
    tables = [pq.read_table(f"{folder}/{name}") for name in sorted(os.listdir(folder)) if name.endswith(".parquet")]
    table = pa.concat_tables(tables).slice(0, threads_rows).combine_chunks()
    for count in (1, kernels.spark._batch.BUCKETS):
        states = Fold(plan, count)
        start = time.process_time()
        for chunk in chunks(table.to_batches(), plan):
            for offset in range(0, chunk.num_rows, 1 << 21):
                states.add(chunk.slice(offset, 1 << 21))
        folded = time.process_time()
        size = sum(len(part) for batch in states.parts("0") for part in batch.column("state").to_pylist())
        written = time.process_time()
        per = 1e9 / len(table)
        print(
            f"  kernels alone, {count:3} buckets: fold {(folded - start) * per:6.1f} ns a row, "
            f"snapshot {(written - folded) * per:5.1f} ns a row, {size / 1e6:.0f} MB of states",
            flush=True,
        )


def stages(frame, rows):
    """Where the time goes where rows come through the JVM."""

    def swallow(batches):
        count = sum(batch.num_rows for batch in batches)
        yield pa.RecordBatch.from_pydict({"n": [count]})

    selected = frame.select("k", "v", "u")
    held = kernels.spark.parts(frame, PLAN).persist()
    for name, body in (
        ("read Parquet in the JVM", lambda: to_nothing(selected)),
        ("and bring the rows to Python", lambda: to_nothing(selected.mapInArrow(swallow, "n long"))),
        ("and fold them, states out", lambda: to_nothing(kernels.spark.parts(frame, PLAN))),
        ("and shuffle, merge, finish", lambda: to_nothing(kernels.spark.aggregate(frame, PLAN))),
    ):
        # Once more where it is the first time: code is compiled while it runs.
        wall, cpu = min(timed(body), timed(body))
        print(f"  {name:32} {wall:7.1f} s wall, {cpu:7.1f} s CPU, {wall / rows * 1e9:6.1f} ns a row", flush=True)
    size = held.selectExpr("sum(length(state))", "count(*)", "count(distinct shard)").collect()[0]
    print(f"  states: {size[0] / 1e6:.0f} MB in {size[1]} parts of {size[2]} partitions")
    held.unpersist()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000_000)
    parser.add_argument("--keys", type=int, default=100_000)
    parser.add_argument("--samples", type=int, default=3)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--memory", default="8g")
    parser.add_argument("--batch", type=int, default=1 << 18)
    parser.add_argument("--buckets", type=int, default=kernels.spark._batch.BUCKETS)
    parser.add_argument("--data", default=os.path.join(tempfile.gettempdir(), "kernels-time-spark"))
    parser.add_argument("--conf", action="append", default=[], help="NAME=VALUE for Spark, of both sides")
    parser.add_argument("--only", choices=["ours", "files", "spark"])
    parser.add_argument("--unchecked", action="store_true", help="spare the runs that compare the results")
    parser.add_argument("--stages", action="store_true")
    parser.add_argument("--alone", type=int, default=0, metavar="ROWS", help="time the kernels alone over so many rows, too")
    arguments = parser.parse_args()

    folder = f"{arguments.data}/{arguments.rows}-{arguments.keys}"
    spark = session(arguments, generate(folder, arguments.rows, arguments.keys))
    spark.sparkContext.setLogLevel("ERROR")
    frame = spark.read.parquet(folder)
    print(
        f"{arguments.rows} rows, {arguments.keys} keys, local[{arguments.cores}], Spark {spark.version}, "
        f"{frame.rdd.getNumPartitions()} partitions",
        flush=True,
    )
    ways = {
        # A state for each core, and not for each file: there are fewer to shuffle and to merge.
        "ours": lambda: kernels.spark.aggregate(frame.coalesce(arguments.cores), PLAN, buckets=arguments.buckets),
        "files": lambda: kernels.spark.aggregate_parquet(spark, folder, PLAN, buckets=arguments.buckets),
        "spark": lambda: in_spark(frame),
    }
    if arguments.only:
        ways = {arguments.only: ways[arguments.only]}
    times = {way: [] for way in ways}
    for sample in range(arguments.samples):
        for way, make in ways.items():
            times[way].append(timed(lambda: to_nothing(make())))
            print(f"  {sample} {way:6} {times[way][-1][0]:7.1f} s wall, {times[way][-1][1]:7.1f} s CPU", flush=True)
    least = {way: [statistics.median(t[i] for t in of) for i in (0, 1)] for way, of in times.items() if of}
    for way, (wall, cpu) in least.items():
        print(f"{way:6} {wall:7.1f} s wall, {cpu:7.1f} s CPU, {arguments.rows / wall / arguments.cores / 1e6:.2f} M rows a second and core")
    for way in least.keys() & {"ours", "files"} if "spark" in least else ():
        wall, cpu = (least["spark"][i] / least[way][i] for i in (0, 1))
        print(f"Spark takes {wall:.2f} times the wall time of {way}, {cpu:.2f} times the CPU time")
    if len(ways) == 3 and not arguments.unchecked:
        found, theirs = ways["files"]().toArrow(), ways["spark"]().toArrow()
        check(found, folder)
        compare(found, theirs, arguments.rows)
        compare(ways["ours"]().toArrow(), theirs, arguments.rows)
        print("the results are the same")
    if arguments.stages:
        stages(frame.coalesce(arguments.cores), arguments.rows)
    spark.stop()
    if arguments.alone:
        alone(folder, arguments.alone)


if __name__ == "__main__":
    main()
