"""Spark's daemon of Python workers, which has loaded what they need before it forks them.

A worker that comes to life imports PyArrow, NumPy, pandas and this package, which takes it longer than many a task. Sessions with
``spark.python.daemon.module`` set to ``kernels.spark.daemon`` spare it that.
"""

import numpy  # noqa: F401
import pandas  # noqa: F401
import pyarrow.compute  # noqa: F401
import pyspark.daemon
import pyspark.worker  # noqa: F401

import kernels.spark  # noqa: F401

if __name__ == "__main__":
    pyspark.daemon.manager()
