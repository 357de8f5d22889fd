"""Aggregation on a standalone cluster: two workers in network namespaces of their own, executors that die, tasks that are done twice."""

import os
import shutil
import tempfile
import unittest

import cluster
import support

import kernels
import kernels.spark

RUNS = int(os.environ.get("KERNELS_FAILURES", "20"))


@unittest.skipUnless(cluster.available(), "network namespaces need root and iproute2")
class Cluster(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cluster.Cluster()
        cls.cluster.__enter__()
        cls.addClassCleanup(cls.cluster.__exit__)
        cls.folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.table = support.rows(30_000)
        cls.expected = support.state(support.PLAN, cls.table).snapshot()

    def session(self, **options):
        host = {"spark.driver.host": self.cluster.host, "spark.driver.bindAddress": self.cluster.host}
        limits = {"spark.executor.memory": "600m", "spark.executor.cores": "1", "spark.stage.maxConsecutiveAttempts": "20"}
        spark = support.session(self.cluster.url, **host, **limits, **options)
        self.addCleanup(spark.stop)
        return spark

    def test_executors_that_die(self):
        spark = self.session(**{"spark.deploy.maxExecutorRetries": "-1", "spark.excludeOnFailure.enabled": "false"})
        frame = spark.createDataFrame(self.table).repartition(6)
        for run in range(RUNS):
            mark = f"{self.folder}/executor-{run}"
            dying = support.killing(frame, mark, partition=run % 6, after=run % 4, what="executor")
            self.assertEqual(kernels.spark.snapshot(dying, support.PLAN, buckets=16), self.expected, run)
            self.assertTrue(os.path.exists(mark), "nothing died")
        found = kernels.spark.aggregate(frame, support.PLAN).toArrow()
        rows = support.state(support.PLAN, self.table).finish_arrow()
        self.assertEqual(support.in_order(found, support.PLAN["keys"]), support.in_order(rows, support.PLAN["keys"]))

    def test_tasks_that_are_done_twice(self):
        options = {"spark.speculation": "true", "spark.speculation.interval": "100ms", "spark.speculation.multiplier": "1.1"}
        options |= {"spark.speculation.quantile": "0.5", "spark.speculation.minTaskRuntime": "100ms"}
        spark = self.session(**options)
        frame = spark.createDataFrame(self.table).repartition(6)
        attempts = tempfile.mkdtemp(dir=self.folder)
        twice = support.slow(frame, attempts, partition=5, seconds=8)
        self.assertEqual(kernels.spark.snapshot(twice, support.PLAN, buckets=16), self.expected)
        self.assertIn("attempt-1", os.listdir(attempts), "no task was speculated on")


if __name__ == "__main__":
    unittest.main()
