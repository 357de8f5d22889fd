#!/usr/bin/env python3
"""Times lines of JSON to four typed columns here, in Polars, in DuckDB and in pyarrow: the same lines, one thread each.

    swift build -c release --product kernel-bench
    python3 -m venv venv && venv/bin/pip install polars duckdb pyarrow
    venv/bin/python Scripts/time_json_columns.py .build/release/kernel-bench [ROUNDS]

Ours is the case `json-columns/10000` of kernel-bench, started anew in each round, before the rivals' turns: its lines are made here in the same
way, which their length shows. All read from memory but DuckDB, which reads a file in /dev/shm or else in the temporary folder, and all make
columns of the same names and types; the rivals' are compared with each other. Prints medians of CPU time as GB/s.
"""
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

os.environ["POLARS_MAX_THREADS"] = "1"
import duckdb
import polars
import pyarrow
import pyarrow.json

LINES = 10_000
CASE = f"json-columns/{LINES}"


def event(i):
    price, ok = f"{i % 400 // 10}.{i % 10}", str(i % 3 == 0).lower()
    return (
        f'{{"id":{i},"device":"device {i % 97}","price":{price},"ok":{ok},"tags":["a","b"],'
        f'"note":"some longer text here, number {i}","at":{{"x":{i},"y":[1,2,3]}}}}\n'
    )


def ours(program, folder, length):
    """Nanoseconds of a call, by a process of its own."""
    path = os.path.join(folder, "ours.json")
    command = [program, "run", "--quick", "--filter", f"^{CASE}$", "--json", path]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(path, encoding="utf-8") as file:
        case = json.load(file)["cases"][0]
    if {p["name"]: p["value"] for p in case["parameters"]}["bytes"] != str(length):
        sys.exit(f"{CASE} has other lines than this script: bring event() in step with JSONPlanTexts.events")
    kernel = next(c["samples"] for c in case["contenders"] if c["samples"]["role"] == "kernel")
    return statistics.median(kernel["nanoseconds"])


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    data = "".join(map(event, range(LINES))).encode()
    pyarrow.set_cpu_count(1)
    of_polars = {"id": polars.Int64, "device": polars.String, "price": polars.Float64, "ok": polars.Boolean}
    of_arrow = pyarrow.schema(
        [("id", pyarrow.int64()), ("device", pyarrow.string()), ("price", pyarrow.float64()), ("ok", pyarrow.bool_())])
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        path = os.path.join(folder, "events.ndjson")
        with open(path, "wb") as file:
            file.write(data)
        query = f"SELECT * FROM read_ndjson('{path}', columns = {{id: 'BIGINT', device: 'VARCHAR', price: 'DOUBLE', ok: 'BOOLEAN'}})"
        alone = pyarrow.json.ReadOptions(use_threads=False)
        chosen = pyarrow.json.ParseOptions(explicit_schema=of_arrow, unexpected_field_behavior="ignore")
        rivals = {
            f"polars {polars.__version__}": lambda: polars.read_ndjson(data, schema=of_polars),
            f"duckdb {duckdb.__version__}": lambda: connection.sql(query).to_arrow_table(),
            f"pyarrow {pyarrow.__version__}": lambda: pyarrow.json.read_json(io.BytesIO(data), alone, chosen),
        }
        made = [rival() for rival in rivals.values()]
        tables = [made[0].to_arrow().to_pydict()] + [table.select(of_arrow.names).to_pydict() for table in made[1:]]
        if any(table != tables[0] for table in tables):
            sys.exit("the rivals' columns differ")
        times = {}
        for _ in range(rounds):
            times.setdefault("kernels", []).append(ours(program, folder, len(data)))
            for name, rival in rivals.items():
                for _ in range(5):
                    start = time.process_time_ns()
                    rival()
                    times.setdefault(name, []).append(time.process_time_ns() - start)
    base = statistics.median(times["kernels"])
    for name, samples in times.items():
        median = statistics.median(samples)
        print(f"{name:18} {len(data) / median:7.3f} GB/s   {median / base:6.2f} x as long as the kernels")


if __name__ == "__main__":
    main()
