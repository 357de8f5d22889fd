"""Aggregations and images on Ray Data: tasks fold blocks in the library, and a tree of tasks merges their states.

>>> import kernels.ray
>>> plan = {"keys": ["device"], "aggregates": [{"op": "sum", "column": "v", "as": "total"}]}
>>> kernels.ray.aggregate(dataset, plan).to_pandas()                  # doctest: +SKIP
>>> kernels.ray.resize(dataset, "image", width=320)                   # doctest: +SKIP

Needs Ray with its data extra, PyArrow and NumPy (``pip install kernels[ray]``), and this package on every node. Neither the number of blocks,
nor their order, nor a worker that dies changes a bit of what an aggregation gives.
"""

from .._failures import errors
from ._aggregate import aggregate, snapshot
from ._resize import resize

__all__ = ["aggregate", "errors", "resize", "snapshot"]
