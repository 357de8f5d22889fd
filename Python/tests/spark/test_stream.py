"""Structured streaming: windows that close, state that survives, micro-batches that are done again."""

import os
import shutil
import tempfile
import unittest

import pyarrow as pa
import pyarrow.parquet as pq
import support

import kernels
import kernels.spark
from kernels._plans import Plan
from kernels.spark._store import whole_state
from kernels.spark._stream import fold_one

BATCHES = 5


def setUpModule():
    global spark
    spark = support.session("local[2,2]")


def tearDownModule():
    spark.stop()


class Stream(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="kernels-stream-")
        self.addCleanup(shutil.rmtree, self.folder)
        os.mkdir(f"{self.folder}/in")
        self.tables = []
        for i in range(BATCHES):
            table = support.rows(2_000, seed=i, keys=40).drop(["code", "other"])
            # Each goes four seconds on and reaches back as far, so that some rows are late.
            times = pa.array([(t % 8_000) + 4_000 * i for t in table.column("ts").to_pylist()])
            self.tables.append(table.set_column(table.schema.get_field_index("ts"), "ts", times))
        self.emitted = []

    def write(self, number):
        path = f"{self.folder}/in/{number}.parquet"
        pq.write_table(self.tables[number], path + ".new")
        os.utime(path + ".new", (1_000_000 + number, 1_000_000 + number))
        os.rename(path + ".new", path)

    def sink(self, frame, number):
        self.emitted.append((number, frame.toArrow()))

    def run_stream(self, plan, **options):
        """All that is there, in as many micro-batches as there are files."""
        schema = spark.createDataFrame(self.tables[0]).schema
        reader = spark.readStream.schema(schema).option("maxFilesPerTrigger", 1).option("pathGlobFilter", "*.parquet")
        frame = reader.parquet(f"{self.folder}/in")
        query = kernels.spark.stream(
            frame, plan, f"{self.folder}/store", self.sink, buckets=4, trigger={"availableNow": True}, **options
        )
        query.awaitTermination()

    def one_process(self, plan, delay, count=BATCHES):
        """What one state gives, batch by batch."""
        aggregation, emitted, latest = kernels.Aggregation(plan), [], None
        for table in self.tables[:count]:
            for batch in table.combine_chunks().to_batches():
                aggregation.update(batch)
            latest = max([latest or 0] + table.column("ts").to_pylist())
            emitted.append(aggregation.advance_arrow(latest - delay))
        return aggregation, emitted

    def check(self, plan, delay):
        one, expected = self.one_process(plan, delay)
        store = kernels.spark.Store(f"{self.folder}/store")
        self.assertEqual(whole_state(store, Plan(plan)).snapshot(), one.snapshot())
        self.assertEqual(store.current()["late_rows"], one.late_rows)
        self.assertGreater(one.late_rows, 0)
        names = plan["keys"] + ["window_start"]
        self.assertEqual([number for number, _ in self.emitted], list(range(BATCHES)))
        for (_, found), rows in zip(self.emitted, expected):
            self.assertEqual(support.in_order(found, names), support.in_order(rows, names))
        left = kernels.spark.stored(store, plan)
        self.assertEqual(support.in_order(left, names), support.in_order(one.finish_arrow(), names))
        # The last state, and the one that it was made of.
        self.assertEqual(len(os.listdir(f"{self.folder}/store/batches")), 2)

    def test_windows(self):
        for i in range(BATCHES):
            self.write(i)
        self.run_stream(support.WINDOWED, delay_ms=2_000)
        self.check(support.WINDOWED, 2_000)

    def test_overlapping_windows_with_a_restart(self):
        for i in range(BATCHES):
            self.write(i)
            if i in (1, 4):
                self.run_stream(support.HOPPING, delay_ms=100)
        self.check(support.HOPPING, 100)

    def test_a_sink_that_fails(self):
        for i in range(BATCHES):
            self.write(i)
        failures = []
        kept = self.sink

        def failing(frame, number):
            if number == 2 and not failures:
                failures.append(frame.count())
                raise OSError("the sink is full")
            kept(frame, number)

        self.sink = failing
        with self.assertRaises(Exception):
            self.run_stream(support.WINDOWED, delay_ms=2_000)
        self.assertEqual(len(failures), 1)
        # Spark does the micro-batch again, from the state before it.
        self.run_stream(support.WINDOWED, delay_ms=2_000)
        self.check(support.WINDOWED, 2_000)

    def test_a_batch_that_comes_again(self):
        store, plan = kernels.spark.Store(f"{self.folder}/store"), Plan(support.WINDOWED)
        frames = [spark.createDataFrame(table) for table in self.tables]
        for i, frame in enumerate(frames):
            self.assertTrue(fold_one(frame, i, plan, store, self.sink, 2_000, 4))
            self.assertFalse(fold_one(frame, i, plan, store, self.sink, 2_000, 4))
        self.assertFalse(fold_one(frames[1], 1, plan, store, self.sink, 2_000, 4))
        self.check(support.WINDOWED, 2_000)

    def test_workers_that_die(self):
        store, plan = kernels.spark.Store(f"{self.folder}/store"), Plan(support.WINDOWED)
        for i, table in enumerate(self.tables):
            frame = spark.createDataFrame(table).repartition(3)
            dying = support.killing(frame, f"{self.folder}/mark-{i}", partition=i % 3, after=0, what="worker")
            fold_one(dying, i, plan, store, self.sink, 2_000, 4)
            self.assertTrue(os.path.exists(f"{self.folder}/mark-{i}"))
        self.check(support.WINDOWED, 2_000)

    def test_without_a_window(self):
        for i in range(BATCHES):
            self.write(i)
        plan = {"keys": ["device"], "aggregates": [{"op": "sum", "column": "v", "as": "sum"}]}
        self.run_stream(plan)
        self.assertEqual(self.emitted, [])
        store = f"{self.folder}/store"
        self.assertEqual(
            whole_state(kernels.spark.Store(store), Plan(plan)).snapshot(),
            support.state(plan, pa.concat_tables(self.tables)).snapshot(),
        )

    def test_what_is_refused(self):
        frame = spark.readStream.format("rate").load()
        plan = {"keys": [], "aggregates": [{"op": "sum", "column": "nobody", "as": "sum"}]}
        with self.assertRaises(kernels.InvalidData) as caught:
            kernels.spark.stream(frame, plan, f"{self.folder}/store")
        self.assertEqual(caught.exception.path, "nobody")
        with self.assertRaises(kernels.Unsupported):
            kernels.spark.stream(frame, support.SESSIONS, f"{self.folder}/store")
        store = kernels.spark.Store(f"{self.folder}/store")
        fold_one(spark.createDataFrame(self.tables[0]), 0, Plan(support.WINDOWED), store, None, 0, 4)
        with self.assertRaises(kernels.InvalidArgument) as caught:
            fold_one(spark.createDataFrame(self.tables[0]), 1, Plan(support.HOPPING), store, None, 0, 4)
        self.assertEqual(caught.exception.path, "plan")
        with self.assertRaises(kernels.InvalidArgument) as caught:
            fold_one(spark.createDataFrame(self.tables[0]), 1, Plan(support.WINDOWED), store, None, 0, 8)
        self.assertEqual(caught.exception.path, "buckets")
        with open(f"{self.folder}/store/current.json", "w") as file:
            file.write("{")
        with self.assertRaises(kernels.InvalidData):
            store.current()


if __name__ == "__main__":
    unittest.main()
