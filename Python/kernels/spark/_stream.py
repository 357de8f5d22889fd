"""Streams folded micro-batch by micro-batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.streaming import StreamingQuery

from .._aggregation import Aggregation
from .._buckets import MOST
from .._errors import InvalidArgument, Unsupported
from .._parts import distinct
from .._plans import Plan, positive
from ._batch import empty_batch, one, output_schema, parts, spark_schema, typed
from .._failures import carried, errors
from ._store import Store

#: Each bucket is a file for each micro-batch.
BUCKETS = 32

_STEP = "bucket int, late long, rows binary"

Sink = Callable[[DataFrame, int], None]


def stream(
    df: DataFrame,
    plan: Plan | dict[str, Any] | str,
    store: str | Store,
    sink: Sink | None = None,
    *,
    delay_ms: int = 0,
    buckets: int = BUCKETS,
    checkpoint: str | None = None,
    trigger: dict[str, Any] | None = None,
) -> StreamingQuery:
    """Folds a stream, and gives windows to ``sink(frame, batch)`` once they have closed; started, as Spark's ``start`` has it.

    The watermark is the latest time of all rows so far, less ``delay_ms``. Rows of a micro-batch are late by the watermark of those before it.
    ``store`` holds the state: a path or URI that driver and workers share. A micro-batch that Spark does again after a failure
    starts from the state before it, so that it comes to the same bytes; one whose state holds already is passed over. The sink may see a
    batch again that it has seen before a failure, with the same rows and the same number, as with every ``foreachBatch``.

    Without a window nothing is emitted: `stored` reads what has been folded. ``trigger`` is what ``DataStreamWriter.trigger`` takes.

    Raises as `aggregate`; `Unsupported` for sessions, where a row's lateness rests on rows of other partitions; `InvalidArgument` where the
    store belongs to another plan or number of buckets.
    """
    plan, store = Plan(plan), Store(store) if isinstance(store, str) else store
    count = positive("buckets", buckets, MOST) if plan.keys else 1
    if plan.window is not None and plan.window.get("kind") == "session":
        raise Unsupported("sessions of a stream: a row's lateness would rest on rows of other partitions", path="window/kind")
    if not isinstance(delay_ms, int) or delay_ms < 0:
        raise InvalidArgument("delay_ms must be at least 0", path="delay_ms")
    output_schema(df, plan)
    store.opened(plan, count)

    def fold_batch(batch: DataFrame, number: int) -> None:
        fold_one(batch, number, plan, store, sink, delay_ms, count)

    writer = df.writeStream.foreachBatch(fold_batch)
    writer = writer.option("checkpointLocation", checkpoint or store.path.rstrip("/") + "/checkpoint")
    return writer.trigger(**(trigger or {"processingTime": "1 second"})).start()


def fold_one(
    batch: DataFrame, number: int, plan: Plan, store: Store, sink: Sink | None, delay_ms: int = 0, buckets: int = BUCKETS
) -> bool:
    """One micro-batch, for a ``foreachBatch`` of one's own. False where the store has it already, and nothing was done."""
    current = store.opened(plan, buckets)
    if current is not None and number <= current["batch"]:
        return False
    previous = current or {"batch": None, "watermark": None, "latest": None}
    with errors():
        folded = parts(batch, plan, buckets=buckets, watermark=previous["watermark"]).persist()
        try:
            latest = folded.agg({"latest": "max"}).collect()[0][0]
            latest = max((t for t in (latest, previous["latest"]) if t is not None), default=None)
            watermark = None if latest is None else latest - delay_ms
            if watermark is not None and previous["watermark"] is not None:
                watermark = max(watermark, previous["watermark"])
            # Every bucket's state goes on, and its windows close, with rows or without.
            seeds = batch.sparkSession.range(buckets).selectExpr(
                "cast(id as int) bucket", "'' shard", "-1L first", "-1L last", "null latest", "cast('' as binary) state"
            )
            step = _stepper(plan, store, previous["batch"], number, watermark)
            spread = min(buckets, 2 * batch.sparkSession.sparkContext.defaultParallelism)
            done = folded.unionByName(seeds).repartition(spread, "bucket").groupBy("bucket").applyInArrow(step, _STEP).persist()
            try:
                late = done.agg({"late": "sum"}).collect()[0][0]
                if sink is not None and plan.window is not None:
                    output = spark_schema(plan.output(empty_batch(batch, plan).schema))
                    sink(done.select("rows").mapInArrow(_reader(output), from_arrow_schema(output)), number)
            finally:
                done.unpersist()
        finally:
            folded.unpersist()
    store.commit(batch=number, watermark=watermark, latest=latest, late_rows=late, buckets=buckets, plan=plan.text)
    return True


def _stepper(plan: Plan, store: Store, before: int | None, number: int, watermark: int | None) -> Any:
    """From a bucket's state before a micro-batch and its parts of it to the state after it."""

    @carried
    def step(table: pa.Table) -> Iterator[Any]:
        bucket = table.column("bucket")[0].as_py()
        state = plan.start()
        known = None if before is None else store.state(before, bucket)
        if known is not None:
            state.merge(known)
        for _, _, _, part in distinct(table):
            if part:
                state.merge(part)
        rows = b"" if watermark is None else _written(state, watermark)
        store.put(number, bucket, state.snapshot())
        columns = [[bucket], [state.late_rows], [rows]]
        names = ["bucket", "late", "rows"]
        types = [pa.int32(), pa.int64(), pa.binary()]
        yield pa.Table.from_arrays([pa.array(c, t) for c, t in zip(columns, types)], names=names)

    return one(step)


def _written(state: Aggregation, watermark: int) -> bytes:
    closed = state.advance_arrow(watermark)
    if not closed.num_rows:
        return b""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, closed.schema) as writer:
        writer.write_batch(closed)
    return bytes(sink.getvalue())


def _reader(output: pa.Schema) -> Any:
    def read(batches: Iterable[Any]) -> Iterator[Any]:
        for batch in batches:
            for data in batch.column("rows").to_pylist():
                if data:
                    for closed in pa.ipc.open_stream(data):
                        yield from typed(closed, output).to_batches()

    return read
