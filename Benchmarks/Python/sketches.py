"""DataSketches: distinct counts and quantiles of a column. Its HLL takes one Python object a call, its KLL whole arrays of numpy."""
from __future__ import annotations

from collections.abc import Iterator

import ours
from measure import Absent, Case, Context, Disagreement, Way, optional, pip


def cases(context: Context) -> Iterator[Case]:
    numpy, pyarrow, datasketches = (optional(name) for name in ("numpy", "pyarrow", "datasketches"))
    if numpy is None or pyarrow is None:
        return
    absent = [] if datasketches else [Absent("datasketches", pip("datasketches"))]
    from importlib.metadata import version

    name = f"datasketches {version('datasketches')}" if datasketches else ""
    random = numpy.random.default_rng(1)

    rows = 100_000
    ids = random.integers(0, 30_000, rows)
    numbers, true_count = [int(i) for i in ids], len(numpy.unique(ids))
    batch = pyarrow.RecordBatch.from_pydict({"v": pyarrow.array(ids)})
    fold = ours.Fold({"keys": [], "aggregates": [{"op": "approx_distinct", "column": "v", "as": "d"}]})

    def with_hll():
        sketch = datasketches.hll_sketch(12, datasketches.HLL_8)
        update = sketch.update
        for number in numbers:
            update(number)
        return sketch

    def near(x, y):
        estimates = [x, y.get_estimate(), ours.distinct_of_sketch(y.serialize_compact())]
        if any(abs(estimate - true_count) > 0.05 * true_count for estimate in estimates):
            raise Disagreement(f"estimates {estimates} of {true_count}")
        if abs(estimates[1] - estimates[2]) > 0.05 * true_count:
            raise Disagreement("the kernels read another estimate in its sketch")

    yield Case(
        "sketch-distinct", rows, "100k", float(rows), "G/s", ours=lambda: float(fold(batch).column("d")[0].as_py()),
        rivals=[Way(name, with_hll, version("datasketches"))] if datasketches else [], agree=near,
        agreement="both estimates to 5 % of the truth, and its serialised sketch read by the kernels", absent=absent,
    )  # fmt: skip

    rows = 1_000_000
    values = random.lognormal(3, 1, rows)
    batch_of_values = pyarrow.RecordBatch.from_pydict({"v": pyarrow.array(values)})
    ranks, exact = (0.5, 0.9, 0.99), numpy.quantile(values, (0.5, 0.9, 0.99))
    quantiles = ours.Fold({
        "keys": [],
        "aggregates": [{"op": "quantile", "column": "v", "q": q, "as": f"q{q}"} for q in ranks],
    })  # fmt: skip

    def with_kll():
        sketch = datasketches.kll_doubles_sketch(200)
        sketch.update(values)
        return [sketch.get_quantile(q) for q in ranks]

    def in_bounds(x, y):
        if any(abs(value - truth) > 0.011 * truth for value, truth in zip(x, exact)):
            raise Disagreement(f"the kernels' quantiles {x} are not within 1 % of {exact.tolist()}")
        if any(abs((values <= value).mean() - q) > 0.02 for value, q in zip(y, ranks)):
            raise Disagreement(f"quantiles {y} have not the ranks {ranks}")

    yield Case(
        "sketch-quantiles", rows, "1M", float(rows), "G/s",
        ours=lambda: [quantiles(batch_of_values).column(f"q{q}")[0].as_py() for q in ranks],
        rivals=[Way(name, with_kll, version("datasketches"))] if datasketches else [], agree=in_bounds,
        agreement="each within what it promises: values to 1 % here, ranks to 2 % there", absent=absent,
    )  # fmt: skip
