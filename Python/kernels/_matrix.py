"""Products of matrices, row-major, over anything that has a buffer of the right type."""

from __future__ import annotations

import array
import ctypes
from typing import Any

from ._errors import InvalidArgument, check
from ._library import Bytes, View, declare

_int, _long = ctypes.c_int32, ctypes.c_int64
_sgemm = declare(
    "kn_sgemm",
    [_int, _int, _long, _long, _long, ctypes.c_float, Bytes, _long, Bytes, _long, ctypes.c_float, Bytes, _long, _int, _int],
)
_u8s8gemm = declare(
    "kn_u8s8gemm",
    [_int, _int, _long, _long, _long, Bytes, _long, _int, Bytes, _long, _int, Bytes, _long, _int, _int],
)


def _matrix(name: str, data: Any, rows: int, columns: int, formats: str) -> View:
    view = memoryview(data)
    if view.format not in formats:
        raise InvalidArgument(f"{name} has elements of type {view.format!r}, not {formats!r}")
    if rows < 0 or columns < 0 or view.nbytes // view.itemsize < rows * columns:
        raise InvalidArgument(f"{name} has fewer than {rows} x {columns} elements")
    return View(data)


def sgemm(m: int, n: int, k: int, a: Any, b: Any, *, alpha: float = 1, threads: int = 1) -> array.array[float]:
    """alpha · A · B in single precision: A is m x k, B is k x n, both of ``float32``."""
    left, right = _matrix("a", a, m, k, "f"), _matrix("b", b, k, n, "f")
    c = array.array("f", bytes(4 * m * n))
    check(
        _sgemm(0, 0, m, n, k, alpha, left.address, max(k, 1), right.address, max(n, 1), 0, View(c).address, max(n, 1), 0, threads)
    )
    return c


def u8s8gemm(
    m: int, n: int, k: int, a: Any, b: Any, *, a_zero: int = 0, b_zero: int = 0, threads: int = 1
) -> array.array[int]:
    """(A - a_zero) · (B - b_zero), exact in 32 bits: A is m x k of ``uint8``, B is k x n of ``int8``."""
    left, right = _matrix("a", a, m, k, "B"), _matrix("b", b, k, n, "b")
    c = array.array("i", bytes(4 * m * n))
    check(
        _u8s8gemm(0, 0, m, n, k, left.address, max(k, 1), a_zero, right.address, max(n, 1), b_zero, View(c).address, max(n, 1), 0, threads)
    )
    return c
