"""Aggregation and resizing on Ray Data: the same bytes as one process, whatever the blocks, workers that die, and what is refused."""

import logging
import os
import shutil
import signal
import sys
import tempfile
import unittest

import pyarrow as pa
import ray
from ray import cloudpickle

import kernels
import kernels.ray

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "common"))
import tables  # noqa: E402

cloudpickle.register_pickle_by_value(sys.modules[__name__])
cloudpickle.register_pickle_by_value(tables)
RUNS = int(os.environ.get("KERNELS_FAILURES", "20"))


def setUpModule():
    # Two nodes of one core each, on this machine.
    global cluster
    from ray.cluster_utils import Cluster

    os.environ["RAY_DATA_DISABLE_PROGRESS_BARS"] = "1"
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "object_store_memory": 200_000_000})
    cluster.add_node(num_cpus=1, object_store_memory=200_000_000)
    ray.init(address=cluster.address, log_to_driver=False, logging_level="ERROR")
    ray.data.DataContext.get_current().enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)


def tearDownModule():
    ray.shutdown()
    cluster.shutdown()


def blocks(table, count):
    """The table in blocks, one of which is empty."""
    size = -(-len(table) // (count - 1)) if count > 1 else len(table)
    return ray.data.from_arrow([table.slice(i * size, size) for i in range(count)])


class Aggregations(unittest.TestCase):
    def check(self, plan, table):
        one = tables.state(plan, table)
        expected, rows = one.snapshot(), one.finish_arrow()
        for count in (1, 2, 11):
            dataset = blocks(table, count)
            with self.subTest(count):
                self.assertEqual(kernels.ray.snapshot(dataset, plan), expected)
        names = plan["keys"] + (["window_start"] if "window" in plan else [])
        for reducers in (1, 3):
            refs = kernels.ray.aggregate(dataset, plan, reducers=reducers).to_arrow_refs()
            found = pa.concat_tables(ray.get(refs))
            self.assertEqual(tables.in_order(found, names), tables.in_order(rows, names))

    def test_groups(self):
        self.check(tables.PLAN, tables.rows(8_000))

    def test_windows(self):
        for plan in (tables.WINDOWED, tables.HOPPING, tables.SESSIONS):
            self.check(plan, tables.rows(2_000, keys=20))

    def test_skew(self):
        self.check(tables.PLAN, tables.rows(8_000, skew=True))

    def test_one_group(self):
        self.check(tables.GLOBAL, tables.rows(1_000))

    def test_no_rows(self):
        dataset = ray.data.from_arrow(tables.rows(0))
        self.assertEqual(kernels.ray.snapshot(dataset, tables.PLAN), tables.state(tables.PLAN, tables.rows(0)).snapshot())
        self.assertEqual(kernels.ray.aggregate(dataset, tables.PLAN).count(), 0)
        self.assertEqual(kernels.ray.aggregate(dataset, tables.GLOBAL).take_all(), [{"n": 0, "sum": None}])

    def test_what_is_refused(self):
        dataset = ray.data.from_arrow(tables.rows(100))
        for name in ("nobody", "v"):
            plan = {"keys": [name], "aggregates": [{"op": "count", "as": "n"}]}
            with self.assertRaises(kernels.InvalidData) as caught:
                kernels.ray.aggregate(dataset, plan)
            self.assertEqual(caught.exception.path, name)
        with self.assertRaises(kernels.InvalidArgument):
            kernels.ray.aggregate(dataset, {"keys": [], "aggregates": [{"op": "average", "column": "v", "as": "a"}]})
        # Blocks that are not alike: the second has text where the first has numbers.
        odd = ray.data.from_arrow([pa.table({"k": [1], "v": [1.0]}), pa.table({"k": [2], "v": ["a"]})])
        plan = {"keys": ["k"], "aggregates": [{"op": "sum", "column": "v", "as": "sum"}]}
        with self.assertRaises(kernels.InvalidData) as caught:
            kernels.ray.snapshot(odd, plan)
        self.assertEqual(caught.exception.path, "v")

    def test_the_limit(self):
        plan = {"keys": ["id"], "aggregates": [{"op": "count", "as": "n"}], "memory_limit": 200_000}
        dataset = ray.data.range(50_000)
        with self.assertRaises(kernels.LimitExceeded) as caught:
            kernels.ray.aggregate(dataset, plan, buckets=2)
        self.assertEqual(caught.exception.path, "memory_limit")
        self.assertEqual(kernels.ray.aggregate(dataset, plan, buckets=256).count(), 50_000)

    def test_workers_that_die(self):
        table = tables.rows(8_000)
        expected = tables.state(tables.PLAN, table).snapshot()
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        for run in range(RUNS):
            mark, calls = f"{folder}/{run}", f"{folder}/{run}.calls"

            def dying(batch, mark=mark, calls=calls, after=run % 4):
                with open(calls, "a") as file:
                    file.write("x")
                if os.path.getsize(calls) > after and tables.claimed(mark):
                    os.kill(os.getpid(), signal.SIGKILL)
                return batch

            dataset = blocks(table, 6).map_batches(dying, batch_format="pyarrow", batch_size=None)
            self.assertEqual(kernels.ray.snapshot(dataset, tables.PLAN, buckets=16), expected, run)
            self.assertTrue(os.path.exists(mark), "nothing died")


class Images(unittest.TestCase):
    def test_resize(self):
        files = [kernels.encode_png(bytes([i] * (i + 8) * 8), i + 8, 8, 1) for i in range(40)]
        dataset = ray.data.from_arrow(pa.table({"n": list(range(41)), "image": pa.array(files + [None], pa.binary())}))
        found = {row["n"]: row for row in kernels.ray.resize(dataset, "image", width=4, into="small").take_all()}
        for i, file in enumerate(files):
            self.assertEqual(found[i]["small"], kernels.resize(file, 4))
            self.assertEqual(found[i]["image"], file)
        self.assertIsNone(found[40]["small"])

    def test_what_is_refused(self):
        dataset = ray.data.from_arrow(pa.table({"image": pa.array([b"GIF89a"], pa.binary()), "n": [1]}))
        with self.assertRaises(kernels.InvalidArgument):
            kernels.ray.resize(dataset, "image", width=4, fit="around")
        for column in ("image", "n", "nobody"):
            with self.assertRaises(kernels.InvalidData) as caught:
                with kernels.ray.errors():
                    kernels.ray.resize(dataset, column, width=4).take_all()
            self.assertEqual(caught.exception.path, column)
        self.assertEqual(kernels.ray.resize(dataset, "image", width=4, bad="null").take_all()[0]["image"], None)


if __name__ == "__main__":
    unittest.main()
