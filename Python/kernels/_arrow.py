"""The Arrow C data interface, as far as results of aggregations use it, and batches that other libraries export."""

from __future__ import annotations

import ctypes
import struct
from typing import Any

from ._errors import Unsupported


class Schema(ctypes.Structure):
    """``struct ArrowSchema``."""


class Array(ctypes.Structure):
    """``struct ArrowArray``."""


Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_void_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(Schema))),
    ("dictionary", ctypes.POINTER(Schema)),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]
Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(Array))),
    ("dictionary", ctypes.POINTER(Array)),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]

_NUMBERS = {"l": "q", "L": "Q", "g": "d", "i": "i", "I": "I", "s": "h", "S": "H", "c": "b", "C": "B", "f": "f"}


def release(node: Schema | Array) -> None:
    """Has what a struct holds freed by who made it."""
    if node.release:
        ctypes.CFUNCTYPE(None, ctypes.c_void_p)(node.release)(ctypes.addressof(node))


def columns(schema: Schema, array: Array) -> dict[str, list[Any]]:
    """The columns of a struct array, as lists."""
    return {
        schema.children[i].contents.name.decode(): values(schema.children[i].contents, array.children[i].contents)
        for i in range(schema.n_children)
    }


def values(schema: Schema, array: Array) -> list[Any]:
    """The values of an array; None where they are null."""
    form, count = schema.format.decode(), array.length
    found: list[Any]
    if form in _NUMBERS:
        found = list(_unpack(array, 1, _NUMBERS[form], count))
    elif form == "b":
        found = [_bit(array.buffers[1], i + array.offset) for i in range(count)]
    elif form in ("u", "U"):
        ends = _unpack(array, 1, "i" if form == "u" else "q", count + 1)
        text = ctypes.string_at(array.buffers[2], ends[-1]) if array.buffers[2] else b""
        found = [text[ends[i] : ends[i + 1]].decode() for i in range(count)]
    elif form in ("+l", "+L"):
        ends = _unpack(array, 1, "i" if form == "+l" else "q", count + 1)
        items = values(schema.children[0].contents, array.children[0].contents)
        found = [items[ends[i] : ends[i + 1]] for i in range(count)]
    elif form == "+s":
        parts = columns(schema, array)
        found = [dict(zip(parts, row)) for row in zip(*parts.values())]
    else:
        raise Unsupported(f"a column of Arrow's type {form}")
    if array.null_count and array.buffers[0]:
        found = [v if _bit(array.buffers[0], i + array.offset) else None for i, v in enumerate(found)]
    return found


def _unpack(array: Array, buffer: int, form: str, count: int) -> tuple[Any, ...]:
    if count == 0 or not array.buffers[buffer]:
        return (0,) * count
    size = struct.calcsize(form)
    memory = ctypes.string_at(array.buffers[buffer] + array.offset * size, count * size)
    return struct.unpack(f"={count}{form}", memory)


def _bit(address: int, place: int) -> bool:
    return bool(ctypes.c_uint8.from_address(address + place // 8).value >> place % 8 & 1)


def exported(batch: Any) -> tuple[Schema, Array]:
    """The structs of a batch that a library exports (``__arrow_c_array__``, the Arrow PyCapsule interface), moved out of its capsules."""
    schema_capsule, array_capsule = batch.__arrow_c_array__()
    schema, array = Schema(), Array()
    for capsule, name, target in ((schema_capsule, b"arrow_schema", schema), (array_capsule, b"arrow_array", array)):
        pointer = ctypes.pythonapi.PyCapsule_GetPointer
        pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
        address = pointer(capsule, name)
        ctypes.memmove(ctypes.addressof(target), address, ctypes.sizeof(target))
        # Moved: what is left there has nothing to release.
        type(target).from_address(address).release = None
    return schema, array
