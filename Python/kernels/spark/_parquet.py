"""Parquet files folded where they lie: the workers read row groups themselves, and no row goes through the JVM."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet
from pyspark.sql import DataFrame, SparkSession

from .._buckets import MOST
from .._failures import carried
from .._parts import fold
from .._plans import Plan, positive
from ._batch import BUCKETS, PARTS_SQL, finished, whole

#: Rows that are read at once.
_ROWS = 1 << 18

# The row groups of a file that one task reads.
_Task = list[tuple[str, list[int]]]


def aggregate_parquet(
    spark: SparkSession,
    path: str,
    plan: Plan | dict[str, Any] | str,
    *,
    buckets: int = BUCKETS,
    partitions: int | None = None,
) -> DataFrame:
    """As `aggregate` over ``spark.read.parquet(path)``, without the way of the rows through the JVM, which takes longer than to fold them.

    ``path`` is a file or a folder, local or a URI (``file:``, ``hdfs:``, ``s3:``), that all nodes see. Spark plans, retries and shuffles as
    ever. Row groups are dealt to ``partitions`` tasks (as many as Spark runs at once, where nothing is said). Columns that Hive puts into
    names of folders are not seen.

    Raises as `aggregate`, and what PyArrow raises for files that it cannot open.
    """
    plan = Plan(plan)
    frame, empty = _parts(spark, path, plan, buckets, partitions)
    return finished(frame, plan, plan.output(empty.schema))


def snapshot_parquet(
    spark: SparkSession,
    path: str,
    plan: Plan | dict[str, Any] | str,
    *,
    buckets: int = BUCKETS,
    partitions: int | None = None,
) -> bytes:
    """As `snapshot` over ``spark.read.parquet(path)``, by the way of `aggregate_parquet`."""
    plan = Plan(plan)
    return whole(*_parts(spark, path, plan, buckets, partitions), plan)


def _parts(
    spark: SparkSession, path: str, plan: Plan, buckets: int, partitions: int | None
) -> tuple[DataFrame, Any]:
    """The states of the tasks, and no rows of the columns."""
    count = positive("buckets", buckets, MOST)
    if partitions is None:
        partitions = spark.sparkContext.defaultParallelism
    positive("partitions", partitions, 1 << 20)
    source = path if "://" in path else os.path.abspath(path)
    dataset = pa.dataset.dataset(source, format="parquet")
    empty = plan.narrow(pa.RecordBatch.from_arrays([pa.array([], f.type) for f in dataset.schema], schema=dataset.schema))
    plan.output(empty.schema)
    tasks = dealt(dataset, partitions)
    files, columns = dataset.filesystem, plan.columns

    def rows(numbers: Iterable[int]) -> Iterator[Any]:
        for number in numbers:
            for name, groups in tasks[number]:
                with files.open_input_file(name) as file, pa.parquet.ParquetFile(file) as parquet:
                    yield from parquet.iter_batches(_ROWS, row_groups=groups, columns=columns)

    @carried
    def folded(batches: Iterable[Any]) -> Iterator[Any]:
        numbers = [number for batch in batches for number in batch.column(0).to_pylist()]
        for number in numbers:
            yield from fold(rows([number]), plan, count, str(number))

    return spark.range(0, len(tasks), 1, len(tasks)).mapInArrow(folded, PARTS_SQL), empty


def dealt(dataset: Any, partitions: int) -> list[_Task]:
    """Row groups in runs of about as many rows, one run for each partition; none is left without."""
    groups = [
        (fragment.path, group.id, group.num_rows) for fragment in dataset.get_fragments() for group in fragment.row_groups
    ]
    total = sum(rows for _, _, rows in groups)
    tasks: list[_Task] = [[]]
    done = 0
    for name, group, rows in groups:
        # A run ends where its share of all rows does.
        if tasks[-1] and done + rows / 2 > total * len(tasks) / partitions and len(tasks) < partitions:
            tasks.append([])
        if tasks[-1] and tasks[-1][-1][0] == name:
            tasks[-1][-1][1].append(group)
        else:
            tasks[-1].append((name, [group]))
        done += rows
    return tasks
