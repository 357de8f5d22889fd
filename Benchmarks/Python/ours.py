"""The kernels in this process: the package `kernels`, whose library the runner puts beside it, and calls of its C ABI without copies."""
from __future__ import annotations

import ctypes
import json
from typing import Any

import kernels
from kernels import _aggregation as agg
from kernels import _arrow, _matrix
from kernels._errors import ErrorPlace, check


def sgemm(a: Any, b: Any, c: Any) -> Any:
    """C = A · B into memory that is there, as numpy.matmul(a, b, out=c)."""
    (m, k), n = a.shape, b.shape[1]
    check(_matrix._sgemm(0, 0, m, n, k, 1.0, a.ctypes.data, k, b.ctypes.data, n, 0.0, c.ctypes.data, n, 0, 1))
    return c


def u8s8gemm(a: Any, b: Any, c: Any) -> Any:
    (m, k), n = a.shape, b.shape[1]
    check(_matrix._u8s8gemm(0, 0, m, n, k, a.ctypes.data, k, 0, b.ctypes.data, n, 0, c.ctypes.data, n, 0, 1))
    return c


class Fold:
    """A plan over record batches, to an Arrow table: nothing becomes a Python object."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.text = json.dumps(plan).encode()

    def __call__(self, batch: Any) -> Any:
        return self._fold(lambda state, place: self._update(state, batch, place))

    def lines(self, data: bytes) -> Any:
        address = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value
        return self._fold(lambda state, place: check(agg._update_ndjson(state, address, len(data), place), place))

    @staticmethod
    def _update(state: Any, batch: Any, place: Any) -> None:
        schema, array = _arrow.Schema(), _arrow.Array()
        batch._export_to_c(ctypes.addressof(array), ctypes.addressof(schema))
        try:
            check(agg._update(state, schema, array, place), place)
        finally:
            _arrow.release(schema)
            _arrow.release(array)

    def _fold(self, update: Any) -> Any:
        import pyarrow

        state, place = ctypes.c_void_p(), ErrorPlace()
        check(agg._create(self.text, len(self.text), ctypes.byref(state), place), place)
        try:
            update(state, place)
            schema, array = _arrow.Schema(), _arrow.Array()
            check(agg._finish(state, schema, array, place), place)
            return pyarrow.RecordBatch._import_from_c(ctypes.addressof(array), ctypes.addressof(schema))
        finally:
            agg._destroy(state)


_hll = kernels._library.declare(
    "kn_sketch_distinct", [ctypes.c_int32, ctypes.c_char_p, ctypes.c_size_t, ctypes.POINTER(ctypes.c_double), ctypes.c_void_p]
)


def distinct_of_sketch(data: bytes) -> float:
    """What the kernels read in an HLL sketch that DataSketches wrote."""
    estimate = ctypes.c_double()
    check(_hll(1, data, len(data), ctypes.byref(estimate), None))
    return estimate.value
