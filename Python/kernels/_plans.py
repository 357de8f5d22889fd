"""What an engine that spreads an aggregation over machines has to know of its plan, and of the columns that it needs."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from ._aggregation import Aggregation
from ._errors import InvalidArgument, InvalidData, Unsupported


class Plan:
    """A plan that the library has accepted. It travels to workers as its text."""

    def __init__(self, plan: Plan | dict[str, Any] | str | bytes) -> None:
        if isinstance(plan, Plan):
            plan = plan.text
        self.text: str = json.dumps(plan) if isinstance(plan, dict) else plan.decode() if isinstance(plan, bytes) else plan
        Aggregation(self.text)
        members = json.loads(self.text)
        self.keys: list[str] = members.get("keys") or []
        self.window: dict[str, Any] | None = members.get("window")
        columns = [self.window["time"]] if self.window else []
        columns += self.keys + [a["column"] for a in members.get("aggregates") or [] if a.get("column") is not None]
        #: Names of the columns that are needed, each once.
        self.columns: list[str] = list(dict.fromkeys(columns))
        if members.get("overflow") == "sketch" and members.get("memory_limit") is not None:
            # Which groups are opened before the limit is reached would depend on how rows are spread.
            raise Unsupported('overflow "sketch" on several machines: the result would depend on the split', path="overflow")

    def __reduce__(self) -> tuple[Any, ...]:
        return Plan, (self.text,)

    @property
    def is_global(self) -> bool:
        """Whether there is one row even where there is no input."""
        return not self.keys and self.window is None

    def start(self) -> Aggregation:
        """An empty state."""
        return Aggregation(self.text)

    def narrow(self, batch: Any) -> Any:
        """The batch with the plan's columns alone."""
        names = batch.schema.names
        for name in self.columns:
            if names.count(name) != 1:
                raise InvalidData("the column is missing" if name not in names else "two columns have this name", path=name)
        if names == self.columns:
            return batch
        if self.columns:
            return batch.select(self.columns)
        # A count of rows needs no column; a batch without columns would have no rows.
        ones = pa.nulls(batch.num_rows, pa.int8())
        return pa.RecordBatch.from_arrays([ones], names=["rows"])

    def output(self, schema: pa.Schema) -> pa.Schema:
        """The columns that come out where these go in. Raises `InvalidData` with the column that does not fit."""
        empty = pa.RecordBatch.from_arrays([pa.array([], type=field.type) for field in schema], schema=schema)
        state = self.start()
        state.update(self.narrow(empty))
        return state.finish_arrow().schema


def positive(name: str, value: int, most: int) -> int:
    if not isinstance(value, int) or not 1 <= value <= most:
        raise InvalidArgument(f"{name} must be from 1 to {most}", path=name)
    return value
