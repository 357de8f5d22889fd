"""States of a stream on a file system that driver and workers share: a version for each micro-batch, and a note of the last that holds."""

from __future__ import annotations

import json
import os
from typing import Any

import pyarrow as pa
from pyarrow import fs

from .._errors import InvalidArgument, InvalidData
from .._plans import Plan

#: Versions that stay: the last, and the one that it was made of.
KEPT = 2

_MEMBERS = {"batch", "watermark", "latest", "late_rows", "buckets", "plan"}


class Store:
    """States below a path or URI (``file:``, ``hdfs:``, ``s3:`` and what else PyArrow opens).

    ``batches/N/K.state`` is the state of bucket K after micro-batch N, in the library's own format. ``current.json`` names the version that
    holds, and what it rests on; it is put in place when all of its states are there, in one step.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._files, self._root = fs.FileSystem.from_uri(path) if "://" in path else (fs.LocalFileSystem(), os.path.abspath(path))

    def __reduce__(self) -> tuple[Any, ...]:
        return Store, (self.path,)

    def current(self) -> dict[str, Any] | None:
        """What the last version rests on: ``batch``, ``watermark``, ``latest``, ``late_rows``, ``buckets``, ``plan``.

        None before the first. Raises `InvalidData` where the file is none of ours.
        """
        data = self._read(f"{self._root}/current.json")
        if data is None:
            return None
        try:
            found = json.loads(data)
        except ValueError as error:
            raise InvalidData(f"the store's current.json is no JSON: {error}", path="current.json") from error
        if not isinstance(found, dict) or not _MEMBERS <= set(found):
            raise InvalidData("the store's current.json is not one of a stream", path="current.json")
        return found

    def opened(self, plan: Plan, buckets: int) -> dict[str, Any] | None:
        """As `current`. Raises `InvalidArgument` where the store belongs to another plan or has other buckets."""
        current = self.current()
        if current is not None and json.loads(current["plan"]) != json.loads(plan.text):
            raise InvalidArgument("the store holds states of another plan", path="plan")
        if current is not None and current["buckets"] != buckets:
            raise InvalidArgument(f"the store has {current['buckets']} buckets, not {buckets}", path="buckets")
        return current

    def state(self, batch: int, bucket: int) -> bytes | None:
        """The state of a bucket after a batch; None where it had no rows yet."""
        return self._read(self._place(batch, bucket))

    def put(self, batch: int, bucket: int, state: bytes) -> None:
        """Writes a state. It may be written again, by a task that is done twice: it has the same bytes then."""
        self._write(self._place(batch, bucket), state)

    def commit(self, **members: Any) -> None:
        """Has a version hold, and forgets those before the one that it was made of."""
        self._write(f"{self._root}/current.json", json.dumps(members, sort_keys=True).encode())
        folders = self._files.get_file_info(fs.FileSelector(f"{self._root}/batches", allow_not_found=True))
        numbers = sorted((int(f.base_name), f.path) for f in folders if f.base_name.isdigit())
        for _, path in [entry for entry in numbers if entry[0] <= members["batch"]][:-KEPT]:
            self._files.delete_dir(path)

    def _place(self, batch: int, bucket: int) -> str:
        return f"{self._root}/batches/{batch:012d}/{bucket:05d}.state"

    def _read(self, path: str) -> bytes | None:
        try:
            with self._files.open_input_stream(path) as file:
                return bytes(file.read())
        except FileNotFoundError:
            return None

    def _write(self, path: str, data: bytes) -> None:
        # Whole or not at all: readers and tasks that do the same see one of the two.
        temporary = f"{path}.{os.getpid()}-{os.urandom(6).hex()}"
        self._files.create_dir(os.path.dirname(path), recursive=True)
        with self._files.open_output_stream(temporary) as file:
            file.write(data)
        self._files.move(temporary, path)


def stored(store: str | Store, plan: Plan | dict[str, Any] | str) -> pa.Table:
    """What a stream has folded so far and not emitted yet, as the last micro-batch left it: a row for each group, read by the driver."""
    plan, store = Plan(plan), Store(store) if isinstance(store, str) else store
    whole = whole_state(store, plan)
    return pa.Table.from_batches([whole.finish_arrow()])


def whole_state(store: Store, plan: Plan) -> Any:
    """The states of all buckets, in one."""
    current = store.current()
    whole = plan.start()
    if current is not None:
        store.opened(plan, current["buckets"])
        for bucket in range(current["buckets"]):
            state = store.state(current["batch"], bucket)
            if state is not None:
                whole.merge(state)
    return whole
