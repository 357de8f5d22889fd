"""Which bucket a row belongs to: a number made of its keys, the same on every machine and whatever type an engine gives a key."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import pyarrow as pa

#: Numbers of buckets fit into 16 bits, which NumPy sorts by radix.
MOST = 1 << 16

# Odd, from the golden ratio; and what a null counts as.
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_NULL = np.uint64(0xD6E8FEB86659FD93)


def buckets(batch: Any, keys: list[str], count: int) -> Any:
    """The bucket of each row, below ``count``. Columns must be ones that the library takes as keys."""
    hashes = None
    for name in keys:
        column = _hashes(batch.column(name))
        hashes = column if hashes is None else _mixed(hashes ^ column)
    # The high bits are the well mixed ones; scaled, they need no division.
    scaled = ((hashes >> np.uint64(32)) * np.uint64(count)) >> np.uint64(32)
    return scaled.astype(np.uint8 if count <= 256 else np.uint16)


def _mixed(words: Any) -> Any:
    words = words * _MULTIPLIER
    words ^= words >> np.uint64(32)
    words *= _MULTIPLIER
    return words


def _hashes(column: Any) -> Any:
    if pa.types.is_dictionary(column.type):
        return _of_dictionary(column)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return _of_dictionary(column.dictionary_encode())
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    valid = None
    if column.null_count:
        valid = column.is_valid().to_numpy(zero_copy_only=False)
        if pa.types.is_null(column.type):
            return np.full(len(column), _NULL)
        column = column.fill_null(0)
    words = column.to_numpy(zero_copy_only=False)
    # Signs are extended first, so that a number has one hash at every width.
    words = words.astype(np.int64 if words.dtype.kind == "i" else np.uint64, copy=False).view(np.uint64)
    words = _mixed(words)
    return words if valid is None else np.where(valid, words, _NULL)


def _of_dictionary(column: Any) -> Any:
    words = _of_strings(column.dictionary)
    if not len(words):
        return np.full(len(column), _NULL)
    codes = column.indices
    if not codes.null_count:
        return words[codes.to_numpy(zero_copy_only=False)]
    valid = codes.is_valid().to_numpy(zero_copy_only=False)
    return np.where(valid, words[codes.fill_null(0).to_numpy(zero_copy_only=False)], _NULL)


def _of_strings(strings: Any) -> Any:
    """Of the distinct strings of a batch: CRC-32 of their bytes, mixed."""
    crc = zlib.crc32
    values = strings.cast(pa.large_binary())
    offsets = np.frombuffer(values.buffers()[1], np.int64)[values.offset : values.offset + len(values) + 1].tolist()
    data = memoryview(values.buffers()[2] or b"")
    words = _mixed(np.array([crc(data[a:b]) for a, b in zip(offsets, offsets[1:])], dtype=np.uint64))
    return np.where(strings.is_valid().to_numpy(zero_copy_only=False), words, _NULL) if strings.null_count else words
