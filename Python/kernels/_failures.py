"""What the library refuses in a worker, brought to the driver as the exception that it is there."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from . import _errors
from ._errors import KernelsError

# Engines hand the driver the text of a worker's exception, and not always more.
_MARK = "kernels-error "


class WorkerError(Exception):
    """A `KernelsError` of a worker, in words that survive as text."""


def carried(body: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    """A generator for workers, whose `KernelsError` reaches the driver with its kind and place."""

    @functools.wraps(body)
    def generator(*arguments: Any) -> Iterator[Any]:
        try:
            yield from body(*arguments)
        except KernelsError as error:
            raise WorkerError(_MARK + _text(error)) from error

    return generator


def _text(error: KernelsError) -> str:
    return json.dumps([type(error).__name__, error.message, error.offset, error.line, error.column, error.path])


@contextmanager
def errors() -> Iterator[None]:
    """Turns what an engine raises for a job that the library ended into the `KernelsError` that ended it.

    Frames are lazy, so that data are looked at by the action: ``with kernels.spark.errors(): rows = frame.collect()``.
    """
    try:
        yield
    except KernelsError:
        raise
    except Exception as error:
        found = _of(str(error))
        if found is None:
            raise
        raise found from error


def _of(text: str) -> KernelsError | None:
    _, mark, rest = text.partition(_MARK)
    if not mark:
        return None
    try:
        kind, message, offset, line, column, path = json.JSONDecoder().raw_decode(rest)[0]
        return getattr(_errors, kind)(message, offset, line, column, path)
    except (ValueError, AttributeError):
        return None
