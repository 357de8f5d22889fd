"""The library itself: found beside this file, its functions declared as the C header has them."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from typing import Any

from ._errors import ErrorPlace, InvalidArgument

library = ctypes.CDLL(os.path.join(os.path.dirname(os.path.abspath(__file__)), "libKernelsC.so"))

Bytes = ctypes.c_void_p
Size = ctypes.c_size_t
Place = ctypes.POINTER(ErrorPlace)
OutBytes = ctypes.POINTER(ctypes.c_void_p)
OutSize = ctypes.POINTER(ctypes.c_size_t)


def declare(name: str, arguments: Sequence[Any], result: Any = ctypes.c_int32) -> Any:
    """A function of the library, with its types."""
    function = getattr(library, name)
    function.argtypes, function.restype = list(arguments), result
    return function


class View:
    """The memory of an object that has a buffer, lent to the library for a call. Nothing is copied but what may not be written to."""

    def __init__(self, data: Any) -> None:
        if isinstance(data, str):
            raise TypeError("bytes are needed, not str: encode it")
        if not isinstance(data, bytes):
            view = memoryview(data)
            if not view.contiguous:
                raise InvalidArgument("the buffer must be contiguous")
            if view.readonly:
                data = view.tobytes()
            else:
                self.length = view.nbytes
                self._held: Any = (ctypes.c_char * self.length).from_buffer(view.cast("B") if self.length else bytearray())
                self.address: int | None = ctypes.addressof(self._held) if self.length else None
                return
        self.length = len(data)
        self._held = data
        self.address = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value


_free = declare("kn_free", [ctypes.c_void_p], None)


class Output:
    """Memory that the library hands out, freed when it has been copied."""

    def __init__(self) -> None:
        self.memory = ctypes.c_void_p()
        self.length = ctypes.c_size_t()

    def take(self, length: int | None = None) -> bytes:
        count = self.length.value if length is None else length
        try:
            return ctypes.string_at(self.memory, count) if count else b""
        finally:
            _free(self.memory)


_version = declare("kn_version", [], ctypes.c_char_p)
_features = declare("kn_cpu_features", [ctypes.c_char_p, Size], Size)
_disable = declare("kn_disable_cpu_features", [ctypes.c_char_p])


def version() -> str:
    """The library's version, ``MAJOR.MINOR.PATCH``."""
    return str(_version().decode())


def cpu_features() -> list[str]:
    """The instruction sets that are used, by their names in Linux."""
    room = ctypes.create_string_buffer(_features(None, 0))
    _features(room, len(room))
    return [name for name in room.value.decode().split(",") if name]


def disable_cpu_features(names: Sequence[str] = ()) -> None:
    """Masks instruction sets for the whole process, to test or to measure; without names, none is masked any more."""
    if _disable(",".join(names).encode()):
        raise InvalidArgument("unknown name of a CPU feature")
