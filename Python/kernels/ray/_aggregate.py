"""Datasets folded by a plan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import ray
from ray.data import Dataset

from .._buckets import MOST
from .._errors import InvalidData
from .._failures import carried, errors
from .._parts import PARTS, fold, merged, part_batch
from .._plans import Plan, positive

BUCKETS = 256

#: States that one task of the tree merges.
FAN_IN = 8


def aggregate(
    dataset: Dataset, plan: Plan | dict[str, Any] | str, *, buckets: int = BUCKETS, reducers: int | None = None
) -> Dataset:
    """A row for each group: the keys, the window, the aggregates, as the library gives them back, in no order.

    Each block is folded into a state for each of ``buckets`` ranges of key hashes; the buckets go to ``reducers`` trees of merges (the
    cluster's CPUs, where nothing is said), whose last tasks finish them. Runs now. ``memory_limit`` of the plan bounds the state of each
    bucket, in a block and merged.

    Raises `InvalidData` that names the column where one is missing or of a type that the plan cannot fold, and what else the library refuses,
    as its own exception.
    """
    plan = Plan(plan)
    output = plan.output(_schema(dataset, plan))
    if reducers is None:
        reducers = max(1, int(ray.cluster_resources().get("CPU", 1)))
    with errors():
        trees = _merged(dataset, plan, buckets, positive("reducers", reducers, MOST))
        finish = ray.remote(_finish)
        tables = [finish.remote(plan, output, plan.is_global and i == 0, tree) for i, tree in enumerate(trees)]
        ray.wait(tables, num_returns=len(tables))
        ray.get([_checked.remote(table) for table in tables])
    return ray.data.from_arrow_refs(tables)


def snapshot(dataset: Dataset, plan: Plan | dict[str, Any] | str, *, buckets: int = BUCKETS) -> bytes:
    """The state of the whole dataset: the bytes that one process would have made of the same rows. It is put together in the driver."""
    plan = Plan(plan)
    schema = _schema(dataset, plan)
    plan.output(schema)
    whole = plan.start()
    with errors():
        for tree in _merged(dataset, plan, buckets, 1):
            for state in ray.get(tree).column("state").to_pylist():
                whole.merge(state)
    # Columns have types even where no block had a row.
    whole.update(plan.narrow(_empty(schema)))
    return whole.snapshot()


def _empty(schema: pa.Schema) -> Any:
    return pa.RecordBatch.from_arrays([pa.array([], type=f.type) for f in schema], schema=schema)


def _schema(dataset: Dataset, plan: Plan) -> pa.Schema:
    """The types of the plan's columns, as Arrow has them."""
    try:
        known = dataset.schema()
    except pa.ArrowException as error:
        # Blocks that are not alike, which Ray finds first.
        field = re.search(r"Field (.+) has incompatible types", str(error))
        raise InvalidData(str(error), path=field.group(1) if field else "") from error
    if known is None:
        # A dataset without blocks has none.
        return plan.narrow(_empty(pa.schema([]))).schema
    fields = []
    for name, kind in zip(known.names, known.types):
        if not isinstance(kind, pa.DataType):
            kind = pa.from_numpy_dtype(kind) if isinstance(kind, np.dtype) and kind != object else pa.string()
        fields.append(pa.field(name, kind))
    return plan.narrow(_empty(pa.schema(fields))).schema


def _merged(dataset: Dataset, plan: Plan, buckets: int, reducers: int) -> list[Any]:
    """References to the merged states, a table for each reducer."""
    count = positive("buckets", buckets, MOST)

    @carried
    def folded(block: pa.Table) -> Iterator[pa.Table]:
        yield pa.Table.from_batches(fold(block.to_batches() or [_empty(block.schema)], plan, count, ""), schema=PARTS)

    blocks = dataset.map_batches(folded, batch_format="pyarrow", batch_size=None, zero_copy_batch=True).to_arrow_refs()
    split, merge = ray.remote(_split), ray.remote(_merge)
    shards = [split.options(num_returns=reducers).remote(block, str(i), reducers) for i, block in enumerate(blocks)]
    columns = [[shard] for shard in shards] if reducers == 1 else shards
    trees = []
    for reducer in range(reducers):
        refs = [column[reducer] for column in columns]
        level = 0
        while len(refs) > 1 or (level == 0 and refs):
            refs = [merge.remote(plan, f"{level}.{i}", *refs[i : i + FAN_IN]) for i in range(0, len(refs), FAN_IN)]
            level += 1
        trees.append(refs[0] if refs else ray.put(PARTS.empty_table()))
    return trees


def _split(block: pa.Table, shard: str, reducers: int) -> Any:
    """A block's parts by reducer; the block's number is their shard, whoever folded it and however often."""
    if "bucket" not in block.schema.names:
        block = PARTS.empty_table()
    named = block.set_column(1, PARTS.field("shard"), pa.array([shard] * len(block), pa.string()))
    if reducers == 1:
        return named
    numbers = named.column("bucket").to_numpy() % reducers
    return tuple(named.filter(pa.array(numbers == reducer)) for reducer in range(reducers))


def _merge(plan: Plan, shard: str, *tables: pa.Table) -> pa.Table:
    def states() -> Iterator[Any]:
        for bucket, state in _states(plan, pa.concat_tables(tables)):
            yield part_batch([[bucket], [shard], [0], [0], [None], [state.snapshot()]])

    return pa.Table.from_batches(carried(states)(), schema=PARTS)


def _states(plan: Plan, parts: pa.Table) -> Iterator[tuple[int, Any]]:
    for bucket in sorted(set(parts.column("bucket").to_pylist())):
        yield bucket, merged(parts.filter(pc.equal(parts.column("bucket"), bucket)), plan.start())


def _finish(plan: Plan, output: pa.Schema, has_seed: bool, parts: pa.Table) -> pa.Table:
    def batches() -> Iterator[Any]:
        for _, state in _states(plan, parts):
            yield from pa.Table.from_batches([state.finish_arrow()]).cast(output).to_batches()
        if has_seed and not len(parts):
            yield from pa.Table.from_batches([plan.start().finish_arrow()]).cast(output).to_batches()

    return pa.Table.from_batches(carried(batches)(), schema=output)


@ray.remote
def _checked(table: pa.Table) -> int:
    """Raises here what the task that made the table raised."""
    return len(table)
