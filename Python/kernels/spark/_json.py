"""Columns of JSON reshaped by a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql.types import StringType

from .._errors import InvalidArgument, InvalidData, KernelsError
from .._json import JSONPlan
from .._failures import carried


def transform(
    df: DataFrame, plan: str, column: str, *, language: str = "jmespath", into: str | None = None, bad: str = "fail"
) -> DataFrame:
    """The frame with a column of JSON texts replaced by what ``plan`` makes of them, or with that as a new column ``into``.

    Null stays null, and a result that is JSON's null is null. ``bad``: ``fail`` ends the job where a text is not JSON or the plan
    fails on it (`InvalidData` inside `errors`); ``null`` puts null there.

    Raises `InvalidData` that names the column where it is missing or no string, and `InvalidArgument` for a plan that does not compile.
    """
    if bad not in ("fail", "null"):
        raise InvalidArgument("bad must be one of fail, null", path="bad")
    JSONPlan(plan, language)
    fields = {field.name: field for field in df.schema.fields}
    if column not in fields:
        raise InvalidData("the column is missing", path=column)
    if not isinstance(fields[column].dataType, StringType):
        raise InvalidData(f"{fields[column].dataType.simpleString()} is no text of JSON", path=column)
    target = into or column
    schema = type(df.schema)(list(df.schema.fields))
    if target in fields:
        schema = type(schema)([f if f.name != target else type(f)(target, StringType(), True) for f in schema.fields])
    else:
        schema = schema.add(target, StringType(), True)

    names = schema.names
    source = df.columns.index(column)

    @carried
    def reshaped(batches: Iterable[Any]) -> Iterator[Any]:
        compiled = JSONPlan(plan, language)
        for batch in batches:
            columns = batch.columns
            texts = transformed(compiled, columns[source], column, bad == "null")
            columns[names.index(target) : names.index(target) + 1] = [texts]
            yield pa.RecordBatch.from_arrays(columns, names=names)

    # PySpark cannot map columns whose names hold dots: they travel under others.
    return df.toDF(*[f"c{i}" for i in range(len(df.columns))]).mapInArrow(reshaped, schema)


def transformed(plan: JSONPlan, texts: Any, name: str, is_lenient: bool) -> Any:
    """The texts that a plan makes of a column's."""
    valid = texts.drop_null() if texts.null_count else texts
    if not len(valid):
        return pa.nulls(len(texts), texts.type)
    results = _by_line(plan, valid)
    if results is None:
        results = _one_by_one(plan, texts, name, is_lenient)
        return results.cast(texts.type)
    results = pc.if_else(pc.equal(results, "null"), None, results).cast(texts.type)
    return pc.replace_with_mask(texts, texts.is_valid(), results) if texts.null_count else results


def _by_line(plan: JSONPlan, texts: Any) -> Any | None:
    """All of them in one call; None where one has lines of its own, or is bad."""
    if pc.any(pc.match_substring_regex(texts, r"[\r\n]|^[ \t]*$")).as_py():
        return None
    whole = pc.binary_join(pa.ListArray.from_arrays([0, len(texts)], texts.cast(pa.string())), "\n")[0]
    lines, bad = plan.apply_lines(whole.as_buffer(), skip_bad=True, skip_null=False)
    if bad:
        return None
    return pc.split_pattern(pa.array([lines[:-1].decode()], pa.large_string()), "\n").flatten()


def _one_by_one(plan: JSONPlan, texts: Any, name: str, is_lenient: bool) -> Any:
    results: list[str | None] = []
    for row, text in enumerate(texts.to_pylist()):
        try:
            result = None if text is None else plan.apply(text.encode())
        except InvalidData as error:
            if not is_lenient:
                raise InvalidData(f"row {row} of its batch: {error.message}", error.offset, error.line, error.column, name) from error
            result = None
        except KernelsError as error:
            error.path = name
            raise
        results.append(None if result is None or result == b"null" else result.decode())
    return pa.array(results, pa.large_string())
