"""numpy: products of matrices by the OpenBLAS that its wheel brings, and reductions of a column."""
from __future__ import annotations

import math
from collections.abc import Iterator

import ours
from measure import Absent, Case, Context, Disagreement, Way, optional, pip


def cases(context: Context) -> Iterator[Case]:
    numpy = optional("numpy")
    if numpy is None:
        return
    random = numpy.random.default_rng(1)
    for size in (16, 64, 256, 1024):
        a, b = (random.random((size, size), dtype=numpy.float32) for _ in range(2))
        c, d = (numpy.empty((size, size), dtype=numpy.float32) for _ in range(2))

        def close(x, y, bound=16 * size * numpy.finfo(numpy.float32).eps):
            if not numpy.allclose(x, y, rtol=bound, atol=0):
                raise Disagreement("the products differ by more than rounding does")

        yield Case(
            "numpy-matmul-f32", size, str(size), 2.0 * size**3, "GFLOP/s",
            ours=lambda a=a, b=b, c=c: ours.sgemm(a, b, c),
            rivals=[Way(f"numpy {numpy.__version__}", lambda a=a, b=b, d=d: numpy.matmul(a, b, out=d), numpy.__version__)],
            agree=close, agreement="elements to the rounding of n additions",
        )  # fmt: skip
    a = random.integers(0, 256, (256, 256), dtype=numpy.uint8)
    b = random.integers(-128, 128, (256, 256), dtype=numpy.int8)
    c, wide = numpy.empty((256, 256), dtype=numpy.int32), (a.astype(numpy.int32), b.astype(numpy.int32))
    yield Case(
        "numpy-matmul-int8", 256, "256", 2.0 * 256**3, "GFLOP/s",
        ours=lambda: ours.u8s8gemm(a, b, c),
        rivals=[Way(f"numpy {numpy.__version__}", lambda: numpy.matmul(*wide), numpy.__version__)],
        agree=lambda x, y: bool((x == y).all()), agreement="every element",
    )  # fmt: skip
    yield from reductions(context, numpy, random)


def reductions(context: Context, numpy, random) -> Iterator[Case]:
    pyarrow = optional("pyarrow")
    if pyarrow is None:
        return
    import pyarrow.compute

    rows = 1_000_000
    column = random.random(rows) * 1e6 - 2e5
    batch = pyarrow.RecordBatch.from_pydict({"v": pyarrow.array(column)})
    names = ("sum", "min", "max", "mean")
    fold = ours.Fold({"keys": [], "aggregates": [{"op": op, "column": "v", "as": op} for op in names]})

    def close(x, y):
        # A mean is rounded once here, and twice by fsum and a division.
        if tuple(x[:3]) != (math.fsum(column), column.min(), column.max()):
            raise Disagreement("the kernels' sum is not the exact one")
        if not numpy.allclose(x, y, rtol=1e-9):
            raise Disagreement("the figures differ by more than rounding does")

    yield Case(
        "reduce-4-figures", rows, "1M", float(rows), "G/s",
        ours=lambda: [column[0].as_py() for column in fold(batch).columns],
        rivals=[
            Way(
                f"numpy {numpy.__version__}",
                lambda: [float(column.sum()), float(column.min()), float(column.max()), float(column.mean())],
                numpy.__version__,
            ),
            Way(
                f"pyarrow {pyarrow.__version__}",
                lambda: [getattr(pyarrow.compute, name)(batch.column(0)).as_py() for name in names],
                pyarrow.__version__,
            ),
        ],
        agree=close, agreement="the kernels' sum to the last bit with math.fsum, the rivals' to 1e-9",
    )  # fmt: skip
