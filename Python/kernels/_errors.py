"""What the library refuses, as exceptions."""

from __future__ import annotations

import ctypes
from typing import Any, NoReturn


class ErrorPlace(ctypes.Structure):
    """``kn_error``."""

    _fields_ = [
        ("offset", ctypes.c_uint64),
        ("line", ctypes.c_uint32),
        ("column", ctypes.c_uint32),
        ("path", ctypes.c_char * 256),
        ("message", ctypes.c_char * 256),
    ]


class KernelsError(Exception):
    """Why a call came to nothing, and where in its input.

    ``offset`` is in bytes from the input's start; ``line`` and ``column`` count from 1 and are 0 where there are no lines; ``path`` is a
    JSON Pointer, or the name of a chunk, and may be empty.
    """

    def __init__(self, message: str, offset: int = 0, line: int = 0, column: int = 0, path: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.line = line
        self.column = column
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        # Whole, where it travels between processes.
        return type(self), (self.message, self.offset, self.line, self.column, self.path)


class InvalidArgument(KernelsError, ValueError):
    """A parameter is out of its domain, or an expression does not compile."""


class InvalidData(KernelsError, ValueError):
    """The bytes are not what they should be."""


class LimitExceeded(KernelsError):
    """Valid so far, but past a limit."""


class Unsupported(KernelsError):
    """Valid, but nothing that the library does."""


class OutOfMemory(KernelsError, MemoryError):
    """The system has no more memory."""


_KINDS: dict[int, tuple[type[KernelsError], str]] = {
    1: (InvalidArgument, "a parameter is out of its domain"),
    2: (InvalidData, "the data are not what they claim to be"),
    3: (LimitExceeded, "a limit is exceeded"),
    4: (Unsupported, "not supported"),
    5: (OutOfMemory, "the system has no more memory"),
    6: (LimitExceeded, "the buffer is too small"),
    7: (InvalidData, "the authentication failed"),
}


def raise_status(status: int, place: ErrorPlace | None) -> NoReturn:
    kind, words = _KINDS.get(status, (KernelsError, f"status {status}"))
    if place is None:
        raise kind(words)
    message = place.message.decode("utf-8", "replace") or words
    raise kind(message, place.offset, place.line, place.column, place.path.decode("utf-8", "replace"))


def check(status: int, place: ErrorPlace | None = None) -> None:
    if status:
        raise_status(status, place)
