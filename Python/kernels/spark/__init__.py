"""Aggregations and JSON plans on Spark: each worker folds its partitions in the library, and Spark carries the states.

>>> import kernels.spark
>>> plan = {"keys": ["device"], "aggregates": [{"op": "sum", "column": "v", "as": "total"}]}
>>> kernels.spark.aggregate(df, plan).show()                          # doctest: +SKIP
>>> kernels.spark.snapshot(df, plan)                                  # doctest: +SKIP

Needs PySpark 4, PyArrow and NumPy (``pip install kernels[spark]``), and this package on every worker. Neither the number of partitions, nor
the order of rows, nor a worker that dies changes a bit of what comes out.
"""

from ._batch import aggregate, parts, snapshot
from .._failures import errors
from ._json import transform
from ._parquet import aggregate_parquet, snapshot_parquet
from ._store import Store, stored
from ._stream import stream

__all__ = [
    "Store",
    "aggregate",
    "aggregate_parquet",
    "errors",
    "parts",
    "snapshot",
    "snapshot_parquet",
    "stored",
    "stream",
    "transform",
]
