"""JSON texts: checked, minified, and reshaped by plans."""

from __future__ import annotations

import ctypes
from typing import Any

from ._errors import ErrorPlace, InvalidArgument, check
from ._library import Bytes, OutBytes, OutSize, Output, Place, Size, View, declare

_LANGUAGES = {"jmespath": 1, "pointer": 2, "patch": 3, "merge_patch": 4, "jsonpath": 5}

_validate = declare("kn_json_validate", [Bytes, Size, Place])
_minify = declare("kn_json_minify", [Bytes, Size, OutBytes, OutSize, Place])
_create = declare("kn_json_plan_create", [ctypes.c_int32, Bytes, Size, ctypes.POINTER(ctypes.c_void_p), Place])
_apply = declare("kn_json_plan_apply", [ctypes.c_void_p, Bytes, Size, OutBytes, OutSize, Place])
_apply_lines = declare(
    "kn_json_plan_apply_lines",
    [ctypes.c_void_p, Bytes, Size, ctypes.c_int32, ctypes.c_int32, ctypes.c_int32]
    + [OutBytes, OutSize, ctypes.POINTER(ctypes.c_uint64), Place],
)
_destroy = declare("kn_json_plan_destroy", [ctypes.c_void_p], None)


def validate_json(data: Any) -> None:
    """Raises `InvalidData` where ``data`` is not one JSON value (RFC 8259), in UTF-8."""
    view, place = View(data), ErrorPlace()
    check(_validate(view.address, view.length, place), place)


def minify_json(data: Any) -> bytes:
    """The same text without white space outside its strings."""
    view, place, out = View(data), ErrorPlace(), Output()
    check(_minify(view.address, view.length, ctypes.byref(out.memory), ctypes.byref(out.length), place), place)
    return out.take()


class JSONPlan:
    """A transform of JSON texts, compiled once and applied often, from any thread.

    >>> JSONPlan("lines[?cents > `100`].sku").apply(b'{"lines": [{"sku": "a", "cents": 101}]}')
    b'["a"]'

    ``language``: ``jmespath``, ``jsonpath``, ``pointer``, ``patch`` or ``merge_patch``.
    """

    def __init__(self, text: str | bytes, language: str = "jmespath") -> None:
        if language not in _LANGUAGES:
            raise InvalidArgument(f"language must be one of {', '.join(_LANGUAGES)}")
        view, place = View(text.encode() if isinstance(text, str) else text), ErrorPlace()
        self._handle = ctypes.c_void_p()
        status = _create(_LANGUAGES[language], view.address, view.length, ctypes.byref(self._handle), place)
        check(status, place)

    def apply(self, data: Any) -> bytes:
        """The text that the plan makes of a text. What it does not change keeps its digits and escapes."""
        view, place, out = View(data), ErrorPlace(), Output()
        status = _apply(
            self._handle, view.address, view.length, ctypes.byref(out.memory), ctypes.byref(out.length), place
        )
        check(status, place)
        return out.take()

    def apply_lines(
        self, data: Any, *, skip_bad: bool = False, skip_null: bool = True, threads: int = 1
    ) -> tuple[bytes, int]:
        """One value a line in, one a line out, and how many lines were bad and left out."""
        view, place, out, bad = View(data), ErrorPlace(), Output(), ctypes.c_uint64()
        status = _apply_lines(
            self._handle, view.address, view.length, int(skip_bad), int(skip_null), threads,
            ctypes.byref(out.memory), ctypes.byref(out.length), ctypes.byref(bad), place,
        )  # fmt: skip
        check(status, place)
        return out.take(), bad.value

    def __del__(self) -> None:
        if getattr(self, "_handle", None):
            _destroy(self._handle)
