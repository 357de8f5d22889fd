"""Aggregation on Spark in local[2]: the same bytes as one process, whatever the partitions, and what is refused."""

import os
import shutil
import tempfile
import unittest

import numpy as np
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import support
from pyspark.sql import functions as F

import kernels
import kernels.spark
from kernels.spark._json import transformed
from kernels.spark._parquet import dealt

RUNS = int(os.environ.get("KERNELS_FAILURES", "20"))


def setUpModule():
    global spark
    spark = support.session("local[2,2]")


def tearDownModule():
    spark.stop()


class Partitionings(unittest.TestCase):
    def frames(self, table):
        frame = spark.createDataFrame(table)
        yield "one", frame.coalesce(1)
        yield "many, some empty", frame.repartition(23, frame.columns[0] if "." not in frame.columns[0] else F.lit(1))
        yield "by range of values", frame.repartitionByRange(5, F.col("v"))
        yield "shuffled", frame.orderBy(F.rand(7))

    def check(self, plan, table):
        one = support.state(plan, table)
        expected, rows = one.snapshot(), one.finish_arrow()
        for name, frame in self.frames(table):
            with self.subTest(name):
                self.assertEqual(kernels.spark.snapshot(frame, plan), expected)
        found = kernels.spark.aggregate(frame, plan).toArrow()
        names = plan["keys"] + (["window_start"] if "window" in plan else [])
        self.assertEqual(support.in_order(found, names), support.in_order(rows, names))

    def test_groups(self):
        self.check(support.PLAN, support.rows(20_000))

    def test_windows(self):
        for plan in (support.WINDOWED, support.HOPPING, support.SESSIONS):
            self.check(plan, support.rows(5_000, keys=20).drop(["code", "other"]))

    def test_skew(self):
        self.check(support.PLAN, support.rows(20_000, skew=True))

    def test_one_group(self):
        self.check(support.GLOBAL, support.rows(3_000))

    def test_buckets_change_nothing(self):
        table = support.rows(5_000)
        frame, expected = spark.createDataFrame(table), support.state(support.PLAN, table).snapshot()
        for buckets in (1, 2, 300, 5_000):
            self.assertEqual(kernels.spark.snapshot(frame, support.PLAN, buckets=buckets), expected)

    def test_timestamps(self):
        table = support.rows(2_000, keys=5)
        times = pa.array(np.asarray(table.column("ts")) * 1000, pa.timestamp("us", "UTC"))
        table = table.set_column(table.schema.get_field_index("ts"), "ts", times)
        self.check(support.WINDOWED, table.drop(["code", "other"]))

    def test_keys_of_every_type(self):
        random = np.random.default_rng(3)
        numbers = random.integers(-100, 100, 1_000)
        for kind in ("int8", "int64"):
            table = pa.table({"k": pa.array(numbers.astype(kind), mask=numbers == 5), "v": random.standard_normal(1_000)})
            plan = {"keys": ["k"], "aggregates": [{"op": "sum", "column": "v", "as": "sum"}]}
            self.check(plan, table)
        table = pa.table({"k": pa.array(numbers > 0, mask=numbers == 5), "v": random.standard_normal(1_000)})
        self.check(plan, table)

    def test_names_with_dots(self):
        table = pa.table({"a.b": [1, 2, 1], "v": [1.0, 2.0, 0.5]})
        plan = {"keys": ["a.b"], "aggregates": [{"op": "sum", "column": "v", "as": "sum.v"}]}
        self.check(plan, table)


class Nothing(unittest.TestCase):
    def test_no_rows(self):
        frame = spark.createDataFrame(support.rows(10)).where("false")
        self.assertEqual(kernels.spark.aggregate(frame, support.PLAN).count(), 0)
        self.assertEqual(kernels.spark.snapshot(frame, support.PLAN), support.state(support.PLAN, support.rows(0)).snapshot())

    def test_one_row_of_no_rows(self):
        frame = spark.createDataFrame(support.rows(10)).where("false")
        found = kernels.spark.aggregate(frame, support.GLOBAL).collect()
        self.assertEqual([row.asDict() for row in found], [{"n": 0, "sum": None}])

    def test_count_alone(self):
        plan = {"keys": [], "aggregates": [{"op": "count", "as": "n"}]}
        self.assertEqual(kernels.spark.aggregate(spark.range(1_234), plan).collect()[0][0], 1_234)


class Refusals(unittest.TestCase):
    def refused(self, kind, path, body):
        with self.assertRaises(kind) as caught:
            with kernels.spark.errors():
                body()
        self.assertEqual(caught.exception.path, path)

    def test_columns(self):
        frame = spark.createDataFrame(support.rows(10))
        plan = {"keys": ["nobody"], "aggregates": [{"op": "count", "as": "n"}]}
        self.refused(kernels.InvalidData, "nobody", lambda: kernels.spark.aggregate(frame, plan))
        plan = {"keys": ["v"], "aggregates": [{"op": "count", "as": "n"}]}
        self.refused(kernels.InvalidData, "v", lambda: kernels.spark.snapshot(frame, plan))
        plan = {"keys": [], "aggregates": [{"op": "sum", "column": "device", "as": "n"}]}
        self.refused(kernels.InvalidData, "device", lambda: kernels.spark.aggregate(frame, plan))
        for kind in ("date", "decimal(10,2)", "array<int>", "interval day to second", "variant"):
            odd = spark.range(1).selectExpr(f"cast(null as {kind}) k")
            plan = {"keys": ["k"], "aggregates": [{"op": "count", "as": "n"}]}
            self.refused(kernels.InvalidData, "k", lambda: kernels.spark.aggregate(odd, plan))
        double = frame.select("v", "v")
        plan = {"keys": [], "aggregates": [{"op": "sum", "column": "v", "as": "sum"}]}
        self.refused(kernels.InvalidData, "v", lambda: kernels.spark.aggregate(double, plan))

    def test_plans(self):
        frame = spark.range(10)
        plan = {"keys": ["id"], "aggregates": [{"op": "average", "column": "id", "as": "a"}]}
        with self.assertRaises(kernels.InvalidArgument):
            kernels.spark.aggregate(frame, plan)
        plan = {"keys": ["id"], "aggregates": [], "memory_limit": 100_000, "overflow": "sketch"}
        self.refused(kernels.Unsupported, "overflow", lambda: kernels.spark.aggregate(frame, plan))
        plan = {"keys": ["id"], "aggregates": []}
        for buckets in (0, 65_537, 1.5):
            self.refused(kernels.InvalidArgument, "buckets", lambda: kernels.spark.aggregate(frame, plan, buckets=buckets))

    def test_the_limit(self):
        plan = {"keys": ["id"], "aggregates": [{"op": "count", "as": "n"}], "memory_limit": 200_000}
        frame = spark.range(100_000)
        self.refused(kernels.LimitExceeded, "memory_limit", lambda: kernels.spark.aggregate(frame, plan, buckets=2).count())
        self.refused(kernels.LimitExceeded, "memory_limit", lambda: kernels.spark.snapshot(frame, plan))
        # For each bucket: spread wider, the same rows pass.
        self.assertEqual(kernels.spark.aggregate(frame, plan, buckets=256).count(), 100_000)

    def test_sums_that_do_not_fit(self):
        frame = spark.createDataFrame(pa.table({"v": [2**62] * 4}))
        plan = {"keys": [], "aggregates": [{"op": "sum", "column": "v", "as": "sum"}]}
        with self.assertRaises(kernels.LimitExceeded):
            with kernels.spark.errors():
                kernels.spark.aggregate(frame, plan).collect()

    def test_parts_counted_twice(self):
        # An engine may deliver a part twice; one that is another part of the same rows is no replay.
        from kernels._parts import fold, merged
        from kernels._plans import Plan

        plan, table = Plan(support.PLAN), support.rows(1_000)
        (part,) = fold(table.to_batches(), plan, 1, "3")
        (other,) = fold(table.slice(1).to_batches(), plan, 1, "3")
        twice = pa.Table.from_batches([part, part])
        self.assertEqual(merged(twice, plan.start()).snapshot(), support.state(support.PLAN, table).snapshot())
        with self.assertRaises(kernels.InvalidData) as caught:
            merged(pa.Table.from_batches([part, other]), plan.start())
        self.assertEqual(caught.exception.path, "3")


class Parquet(unittest.TestCase):
    def test_files(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        table = support.rows(20_000)
        for i, size in enumerate((9_000, 10, 0, 10_990)):
            start = sum((9_000, 10, 0)[:i])
            pq.write_table(table.slice(start, size), f"{folder}/{i}.parquet", row_group_size=2_000)
        one = support.state(support.PLAN, table)
        dataset = pa.dataset.dataset(folder, format="parquet")
        there = [(f.path, group.id) for f in dataset.get_fragments() for group in f.row_groups]
        for partitions in (1, 2, 5, 100):
            tasks = dealt(dataset, partitions)
            self.assertEqual(len(tasks), min(partitions, len(there)))
            self.assertEqual([(path, group) for task in tasks for path, groups in task for group in groups], there)
        self.assertEqual(kernels.spark.snapshot_parquet(spark, folder, support.PLAN, partitions=5), one.snapshot())
        found = kernels.spark.aggregate_parquet(spark, f"file://{folder}", support.PLAN).toArrow()
        names = support.PLAN["keys"]
        self.assertEqual(support.in_order(found, names), support.in_order(one.finish_arrow(), names))
        count = {"keys": [], "aggregates": [{"op": "count", "as": "n"}]}
        self.assertEqual(kernels.spark.aggregate_parquet(spark, folder, count).collect()[0][0], 20_000)
        with self.assertRaises(kernels.InvalidData) as caught:
            kernels.spark.aggregate_parquet(spark, folder, {"keys": ["nobody"], "aggregates": []})
        self.assertEqual(caught.exception.path, "nobody")


class JSON(unittest.TestCase):
    def transformed(self, texts, plan="a.b", **options):
        frame = spark.createDataFrame(pa.table({"n": list(range(len(texts))), "doc": pa.array(texts, pa.string())}))
        with kernels.spark.errors():
            return [row.doc for row in kernels.spark.transform(frame, plan, "doc", **options).orderBy("n").collect()]

    def test_texts(self):
        texts = ['{"a": {"b": %d, "c": "é"}}' % i for i in range(3_000)]
        self.assertEqual(self.transformed(texts), [str(i) for i in range(3_000)])
        texts[5], texts[77], texts[1_234] = None, "{}", '{"a":\n {"b": "\\n"}}'
        found = self.transformed(texts)
        self.assertEqual((found[4], found[5], found[77], found[1_234], found[2_999]), ("4", None, None, '"\\n"', "2999"))
        self.assertEqual(self.transformed([None, None]), [None, None])

    def test_bad_texts(self):
        texts, wrong = ['{"a": {"b": 1}}'], ["{", "", "  ", '{"a": "\n"}', "1\n2"]
        with self.assertRaises(kernels.InvalidData) as caught:
            self.transformed(texts + wrong[1:2])
        self.assertEqual(caught.exception.path, "doc")
        self.assertEqual(self.transformed(texts + wrong, bad="null"), ["1"] + [None] * len(wrong))
        # Without an engine, one by one.
        for bad in wrong:
            with self.assertRaises(kernels.InvalidData):
                transformed(kernels.JSONPlan("a"), pa.array(texts + [bad]), "doc", False)

    def test_columns_and_plans(self):
        frame = spark.createDataFrame(pa.table({"doc": ['{"a": 1}'], "n": [1]}))
        into = kernels.spark.transform(frame, "/a", "doc", language="pointer", into="a")
        self.assertEqual(into.collect()[0].asDict(), {"doc": '{"a": 1}', "n": 1, "a": "1"})
        dots = kernels.spark.transform(frame.toDF("d.oc", "n"), "a", "d.oc", into="n")
        self.assertEqual(dots.collect()[0].asDict(), {"d.oc": '{"a": 1}', "n": "1"})
        for column in ("n", "nobody"):
            with self.assertRaises(kernels.InvalidData) as caught:
                kernels.spark.transform(frame, "a", column)
            self.assertEqual(caught.exception.path, column)
        with self.assertRaises(kernels.InvalidArgument):
            kernels.spark.transform(frame, "a[", "doc")
        with self.assertRaises(kernels.InvalidArgument):
            kernels.spark.transform(frame, "a", "doc", bad="skip")


class Failures(unittest.TestCase):
    def test_workers_that_die(self):
        table = support.rows(30_000)
        expected = support.state(support.PLAN, table).snapshot()
        frame = spark.createDataFrame(table).repartition(6)
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        for run in range(RUNS):
            mark = f"{folder}/{run}"
            dying = support.killing(frame, mark, partition=run % 6, after=run % 4, what="worker")
            self.assertEqual(kernels.spark.snapshot(dying, support.PLAN, buckets=16), expected, run)
            self.assertTrue(os.path.exists(mark), "nothing died")


if __name__ == "__main__":
    unittest.main()
