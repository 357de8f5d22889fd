"""Parts of an aggregation: what a worker makes of its rows, and what becomes of the parts of a bucket.

A part is a state of one bucket, made of rows of one shard. A row of `PARTS` says which: the bucket, the shard (a partition, a block), and
the range of sequence numbers that it is made of, so that one that an engine delivers twice is not counted twice. ``latest`` is the
latest time of the shard's rows in milliseconds, where the plan has a window.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ._aggregation import Aggregation
from ._buckets import buckets
from ._errors import InvalidData
from ._plans import Plan

PARTS = pa.schema(
    [
        pa.field("bucket", pa.int32(), nullable=False),
        pa.field("shard", pa.string(), nullable=False),
        pa.field("first", pa.int64(), nullable=False),
        pa.field("last", pa.int64(), nullable=False),
        pa.field("latest", pa.int64()),
        pa.field("state", pa.binary(), nullable=False),
    ]
)

#: Rows that are put in order of their buckets at once. Many, since each bucket's rows are one call; few enough to stay in cache.
ROWS = 1 << 21
#: Bytes of states in one batch that goes out.
BYTES = 1 << 26


def chunks(batches: Iterable[Any], plan: Plan, rows: int = ROWS) -> Iterator[Any]:
    """The same rows, the plan's columns of them, in batches of about ``rows``. Empty batches pass, so that their schema is looked at."""
    held: list[Any] = []
    count = 0
    for batch in batches:
        batch = plan.narrow(batch)
        if held and batch.schema != held[0].schema:
            yield from _joined(held)
            held, count = [], 0
        held.append(batch)
        count += batch.num_rows
        if count >= rows:
            yield from _joined(held)
            held, count = [], 0
    if held:
        yield from _joined(held)


def _joined(batches: list[Any]) -> list[Any]:
    if len(batches) == 1:
        return batches
    return list(pa.Table.from_batches(batches).combine_chunks().to_batches()) or batches[:1]


class Fold:
    """States of all buckets of one shard, as far as it has rows of them."""

    def __init__(self, plan: Plan, count: int, watermark: int | None = None) -> None:
        self.plan = plan
        self.count = count if plan.keys else 1
        self.watermark = watermark
        self.states: dict[int, Aggregation] = {}
        self.latest: int | None = None
        self._checker: Aggregation | None = None

    def _state(self, bucket: int) -> Aggregation:
        state = self.states.get(bucket)
        if state is None:
            state = self.states[bucket] = self.plan.start()
            if self.watermark is not None:
                state.advance(self.watermark)
        return state

    def add(self, batch: Any) -> None:
        """Folds a batch of the plan's columns."""
        if not batch.num_rows:
            # Its columns are looked at all the same.
            return self.plan.start().update(batch)
        self._look_at_times(batch)
        if self.count == 1:
            return self._state(0).update(batch)
        if self._checker is None:
            self._checker = self.plan.start()
        # Refuses what can be no key before it is hashed.
        self._checker.update(batch.slice(0, 0))
        numbers = buckets(batch, self.plan.keys, self.count)
        order = np.argsort(numbers, kind="stable")
        batch = batch.take(pa.array(order))
        start = 0
        for bucket, rows in enumerate(np.bincount(numbers, minlength=self.count).tolist()):
            if rows:
                self._state(bucket).update(batch.slice(start, rows))
                start += rows

    def _look_at_times(self, batch: Any) -> None:
        if self.plan.window is None:
            return
        latest = milliseconds(pc.max(batch.column(self.plan.window["time"])))
        if latest is not None:
            self.latest = latest if self.latest is None else max(self.latest, latest)

    def parts(self, shard: str, first: int = 0, last: int = 0) -> Iterator[Any]:
        """The states, as batches of `PARTS`; they are given up one by one."""
        rows: list[tuple[int, bytes]] = []
        size = 0
        for bucket in sorted(self.states):
            state = self.states.pop(bucket).snapshot()
            if rows and size + len(state) > BYTES:
                yield self._batch(rows, shard, first, last)
                rows, size = [], 0
            rows.append((bucket, state))
            size += len(state)
        if rows:
            yield self._batch(rows, shard, first, last)

    def _batch(self, rows: list[tuple[int, bytes]], shard: str, first: int, last: int) -> Any:
        columns = [[bucket for bucket, _ in rows]]
        columns += [[value] * len(rows) for value in (shard, first, last, self.latest)] + [[state for _, state in rows]]
        return part_batch(columns)


def part_batch(columns: list[list[Any]]) -> Any:
    """Columns of `PARTS` as a batch."""
    return pa.RecordBatch.from_arrays([pa.array(c, f.type) for c, f in zip(columns, PARTS)], schema=PARTS)


def fold(batches: Iterable[Any], plan: Plan, count: int, shard: str, watermark: int | None = None) -> Iterator[Any]:
    """Parts of all the rows of a shard."""
    states = Fold(plan, count, watermark)
    for chunk in chunks(batches, plan):
        for start in range(0, max(1, chunk.num_rows), ROWS):
            states.add(chunk.slice(start, ROWS))
    yield from states.parts(shard)


def milliseconds(time: Any) -> int | None:
    """A scalar of a time column, rounded down to milliseconds."""
    if not time.is_valid:
        return None
    if not pa.types.is_timestamp(time.type):
        return int(time.as_py())
    count = int(time.cast(pa.timestamp(time.type.unit)).cast(pa.int64()).as_py())
    return count * 1000 if time.type.unit == "s" else count // {"ms": 1, "us": 1000, "ns": 1_000_000}[time.type.unit]


def distinct(parts: Any) -> list[tuple[str, int, int, bytes]]:
    """Shard, range and state of the parts of a bucket, in order; one that came twice is there once.

    Raises `InvalidData` where two parts have counted the same rows and are not the same.
    """
    rows = sorted(zip(*(parts.column(name).to_pylist() for name in ("shard", "first", "last", "state"))))
    kept: list[tuple[str, int, int, bytes]] = []
    for row in rows:
        if kept and row[0] == kept[-1][0] and row[1] <= kept[-1][2]:
            if row != kept[-1]:
                raise InvalidData(f"two parts of shard {row[0]} have counted the same rows, and differ", path=row[0])
            continue
        kept.append(row)
    return kept


def merged(parts: Any, into: Aggregation) -> Aggregation:
    """All the parts of a bucket in one state."""
    for _, _, _, state in distinct(parts):
        into.merge(state)
    return into
