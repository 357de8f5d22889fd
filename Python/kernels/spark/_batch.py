"""Frames folded by a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
from pyspark import TaskContext
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

from .._buckets import MOST
from .._errors import InvalidData
from .._parts import fold, merged, part_batch
from .._plans import Plan, positive
from .._failures import carried, errors

#: Buckets where nothing else is asked for: the states of one of 256 of some 100,000 keys stay in a core's cache.
BUCKETS = 256

PARTS_SQL = "bucket int, shard string, first long, last long, latest long, state binary"


def aggregate(df: DataFrame, plan: Plan | dict[str, Any] | str, *, buckets: int = BUCKETS) -> DataFrame:
    """A row for each group: the keys, the window, the aggregates, as the library gives them back.

    Each partition is folded into a state for each of ``buckets`` ranges of key hashes; states are shuffled by bucket, merged and finished. The
    frame is lazy; columns are looked at now, and what the library refuses while Spark computes comes as its own exception inside
    `errors`. Rows come in no order. ``memory_limit`` of the plan bounds the state of each bucket, in a partition and merged.

    Raises `InvalidData` that names the column where one is missing or of a type that the plan cannot fold; `InvalidArgument` for a plan that
    is none; `Unsupported` for ``overflow: sketch``, whose result would depend on the partitions.
    """
    plan = Plan(plan)
    output = output_schema(df, plan)
    return finished(parts(df, plan, buckets=buckets), plan, output)


def snapshot(df: DataFrame, plan: Plan | dict[str, Any] | str, *, buckets: int = BUCKETS) -> bytes:
    """The state of the whole frame: the bytes that one process would have made of the same rows. It is put together in the driver."""
    plan = Plan(plan)
    output_schema(df, plan)
    return whole(parts(df, plan, buckets=buckets), empty_batch(df, plan), plan)


def whole(frame: DataFrame, empty: Any, plan: Plan) -> bytes:
    """The parts of all partitions in one state."""
    state = plan.start()
    with errors():
        table = frame.groupBy("bucket").applyInArrow(_merger(plan), PARTS_SQL).toArrow()
    for batch in table.to_batches():
        for part in batch.column("state").to_pylist():
            state.merge(part)
    # Columns have types even where no partition had a row.
    state.update(empty)
    return state.snapshot()


def parts(df: DataFrame, plan: Plan | dict[str, Any] | str, *, buckets: int = BUCKETS, watermark: int | None = None) -> DataFrame:
    """The states of the partitions, a row for each bucket of each: bucket, shard, first, last, state."""
    plan = Plan(plan)
    count = positive("buckets", buckets, MOST)
    output_schema(df, plan)
    if plan.columns:
        # PySpark cannot map columns whose names hold dots: they travel under others.
        df = df.select(*[F.col("`" + name.replace("`", "``") + "`").alias(f"c{i}") for i, name in enumerate(plan.columns)])
    return df.mapInArrow(_folder(plan, count, watermark), PARTS_SQL)


def finished(frame: DataFrame, plan: Plan, output: pa.Schema) -> DataFrame:
    """The rows of parts."""
    output = spark_schema(output)
    if plan.is_global:
        # The one row is there even where no partition has any.
        frame = frame.unionByName(_seed(frame, plan))
    return frame.groupBy("bucket").applyInArrow(_finisher(plan, output), from_arrow_schema(output))


def _seed(frame: DataFrame, plan: Plan) -> DataFrame:
    row = (0, "", 0, 0, None, bytearray(plan.start().snapshot()))
    return frame.sparkSession.createDataFrame([row], PARTS_SQL)


def spark_schema(schema: pa.Schema) -> pa.Schema:
    """The same with signed integers, since Spark has no others."""
    return pa.schema([pa.field(f.name, _signed(f.type), f.nullable) for f in schema])


def _signed(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_uint64(kind):
        return pa.int64()
    if pa.types.is_list(kind):
        return pa.list_(_signed(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(f.name, _signed(f.type), f.nullable) for f in kind])
    return kind


def output_schema(df: DataFrame, plan: Plan) -> pa.Schema:
    return plan.output(empty_batch(df, plan).schema)


def empty_batch(df: DataFrame, plan: Plan) -> Any:
    """No rows of the plan's columns."""
    fields = [field for field in df.schema.fields if field.name in plan.columns]
    arrow = []
    for field in fields:
        try:
            arrow += list(to_arrow_schema(type(df.schema)([field]), timezone="UTC"))
        except Exception as error:
            raise InvalidData(f"a column of type {field.dataType.simpleString()}", path=field.name) from error
    batch = pa.RecordBatch.from_arrays([pa.array([], type=f.type) for f in arrow], schema=pa.schema(arrow))
    return plan.narrow(batch)


def _folder(plan: Plan, count: int, watermark: int | None) -> Any:
    @carried
    def folded(batches: Iterable[Any]) -> Iterator[Any]:
        context = TaskContext.get()
        # A partition's number, and not the attempt's: what is done twice is recognised.
        shard = str(context.partitionId()) if context else "0"
        if plan.columns:
            batches = (batch.rename_columns(plan.columns) for batch in batches)
        yield from fold(batches, plan, count, shard, watermark)

    return folded


def _merger(plan: Plan) -> Any:
    @carried
    def merge(table: pa.Table) -> Iterator[Any]:
        state = merged(table, plan.start())
        bucket = table.column("bucket")[0].as_py()
        yield pa.Table.from_batches([part_batch([[bucket], [""], [0], [0], [None], [state.snapshot()]])])

    return one(merge)


def _finisher(plan: Plan, output: pa.Schema) -> Any:
    @carried
    def finish(table: pa.Table) -> Iterator[Any]:
        yield typed(merged(table, plan.start()).finish_arrow(), output)

    return one(finish)


def one(body: Any) -> Any:
    """A function of a table, as Spark wants it, of a generator of one."""

    def function(table: pa.Table) -> pa.Table:
        return next(body(table))

    return function


def typed(batch: Any, schema: pa.Schema) -> pa.Table:
    """The rows with the types that were announced."""
    return pa.Table.from_batches([batch]).cast(schema)
