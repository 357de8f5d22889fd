"""Streams folded into groups and windows."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Callable
from typing import Any, Union

from . import _arrow
from ._errors import ErrorPlace, check
from ._library import Bytes, OutBytes, OutSize, Output, Place, Size, View, declare

#: A column of a result: a value a row, None for null.
Column = list[Union[int, float, bool, str, list[Any], None]]

_Schema, _Array = ctypes.POINTER(_arrow.Schema), ctypes.POINTER(_arrow.Array)
_create = declare("kn_agg_create", [Bytes, Size, ctypes.POINTER(ctypes.c_void_p), Place])
_update = declare("kn_agg_update", [ctypes.c_void_p, _Schema, _Array, Place])
_update_ndjson = declare("kn_agg_update_ndjson", [ctypes.c_void_p, Bytes, Size, Place])
_advance = declare("kn_agg_advance", [ctypes.c_void_p, ctypes.c_int64, _Schema, _Array, Place])
_finish = declare("kn_agg_finish", [ctypes.c_void_p, _Schema, _Array, Place])
_late_rows = declare("kn_agg_late_rows", [ctypes.c_void_p], ctypes.c_uint64)
_snapshot = declare("kn_agg_snapshot", [ctypes.c_void_p, OutBytes, OutSize, Place])
_merge = declare("kn_agg_merge", [ctypes.c_void_p, Bytes, Size, Place])
_destroy = declare("kn_agg_destroy", [ctypes.c_void_p], None)


class Aggregation:
    """A stream folded by a plan: batches in, windows out. One thread at a time.

    >>> totals = Aggregation({"keys": ["device"], "aggregates": [{"op": "sum", "column": "v", "as": "total"}]})
    >>> totals.update_ndjson(b'{"device": "a", "v": 1}\\n{"device": "a", "v": 2.5}\\n')
    >>> totals.finish()
    {'device': ['a'], 'total': [3.5]}

    Sums, means and variances are exact and rounded once: no order and no split changes a bit.
    """

    def __init__(self, plan: dict[str, Any] | str | bytes) -> None:
        text = json.dumps(plan) if isinstance(plan, dict) else plan
        view, place = View(text.encode() if isinstance(text, str) else text), ErrorPlace()
        self._handle = ctypes.c_void_p()
        check(_create(view.address, view.length, ctypes.byref(self._handle), place), place)

    def update_ndjson(self, data: Any) -> None:
        """Folds lines of JSON objects, a row each. Where it raises, nothing was folded."""
        view, place = View(data), ErrorPlace()
        check(_update_ndjson(self._handle, view.address, view.length, place), place)

    def update(self, batch: Any) -> None:
        """Folds a record batch of Arrow, without a copy: of PyArrow, or whatever has ``__arrow_c_array__``."""
        schema, array = _arrow.exported(batch)
        place = ErrorPlace()
        try:
            check(_update(self._handle, schema, array, place), place)
        finally:
            # Both are consumed where it went well; else they are still this side's.
            _arrow.release(schema)
            _arrow.release(array)

    def advance(self, watermark_ms: int) -> dict[str, Column]:
        """The windows that end at or before this time; they are forgotten, and rows of theirs that come later are left out."""
        schema, array, place = _arrow.Schema(), _arrow.Array(), ErrorPlace()
        check(_advance(self._handle, watermark_ms, schema, array, place), place)
        return self._columns(schema, array)

    def finish(self) -> dict[str, Column]:
        """All that is left; the state is empty then."""
        schema, array, place = _arrow.Schema(), _arrow.Array(), ErrorPlace()
        check(_finish(self._handle, schema, array, place), place)
        return self._columns(schema, array)

    def advance_arrow(self, watermark_ms: int) -> Any:
        """As `advance`, as a record batch of PyArrow, which is needed for it."""
        return self._batch(lambda schema, array, place: _advance(self._handle, watermark_ms, schema, array, place))

    def finish_arrow(self) -> Any:
        """As `finish`, as a record batch of PyArrow, which is needed for it."""
        return self._batch(lambda schema, array, place: _finish(self._handle, schema, array, place))

    @property
    def late_rows(self) -> int:
        """Rows that came after their windows had been emitted."""
        return int(_late_rows(self._handle))

    def snapshot(self) -> bytes:
        """The state, to be merged elsewhere: the same bytes for the same rows, in whatever order they came."""
        place, out = ErrorPlace(), Output()
        check(_snapshot(self._handle, ctypes.byref(out.memory), ctypes.byref(out.length), place), place)
        return out.take()

    def merge(self, snapshot: Any) -> None:
        """Takes in a snapshot of the same plan, as if its rows had come here."""
        view, place = View(snapshot), ErrorPlace()
        check(_merge(self._handle, view.address, view.length, place), place)

    @staticmethod
    def _batch(emit: Callable[[_arrow.Schema, _arrow.Array, ErrorPlace], int]) -> Any:
        import pyarrow

        schema, array, place = _arrow.Schema(), _arrow.Array(), ErrorPlace()
        check(emit(schema, array, place), place)
        return pyarrow.RecordBatch._import_from_c(ctypes.addressof(array), ctypes.addressof(schema))

    @staticmethod
    def _columns(schema: _arrow.Schema, array: _arrow.Array) -> dict[str, Column]:
        try:
            return _arrow.columns(schema, array)
        finally:
            _arrow.release(schema)
            _arrow.release(array)

    def __del__(self) -> None:
        if getattr(self, "_handle", None):
            _destroy(self._handle)
