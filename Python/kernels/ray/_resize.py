"""Columns of PNG files made into others of another size."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from ray.data import Dataset

from .._errors import InvalidArgument, InvalidData, KernelsError
from .._failures import carried
from .._images import encode_png
from .._images import resize as resize_one


def resize(
    dataset: Dataset, column: str, width: int = 0, height: int = 0, *, into: str | None = None, bad: str = "fail", **options: Any
) -> Dataset:
    """The dataset with the PNG files of a column resized, in place or as a new column ``into``; lazy.

    ``options`` are those of `kernels.resize`. Null stays null. ``bad``: ``fail`` ends the job at a file that is none (`InvalidData`
    inside `errors`); ``null`` puts null there.

    Raises `InvalidArgument` for options that are none.
    """
    if bad not in ("fail", "null"):
        raise InvalidArgument("bad must be one of fail, null", path="bad")
    # The options are looked at now, on a file of one pixel.
    resize_one(encode_png(b"\0", 1, 1, 1), width, height, **options)
    is_lenient, target = bad == "null", into or column

    @carried
    def resized(batch: pa.Table) -> Any:
        if column not in batch.schema.names:
            raise InvalidData("the column is missing", path=column)
        values = batch.column(column)
        if not (pa.types.is_binary(values.type) or pa.types.is_large_binary(values.type)):
            raise InvalidData(f"{values.type} is no column of files", path=column)
        files = []
        for row, file in enumerate(values.to_pylist()):
            try:
                files.append(None if file is None else resize_one(file, width, height, **options))
            except KernelsError as error:
                if not (is_lenient and isinstance(error, InvalidData)):
                    raise type(error)(f"row {row} of its batch: {error.message}", error.offset, path=column) from error
                files.append(None)
        images = pa.array(files, pa.large_binary())
        if target in batch.schema.names:
            yield batch.set_column(batch.schema.get_field_index(target), target, images)
        else:
            yield batch.append_column(target, images)

    return dataset.map_batches(resized, batch_format="pyarrow", batch_size=64)
