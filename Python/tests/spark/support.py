"""What the tests of Spark share: a session, and workers that die."""

import os
import signal
import sys
import time

from pyspark import TaskContext, cloudpickle
from pyspark.sql import SparkSession

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "common"))
import tables  # noqa: E402
from tables import GLOBAL, HOPPING, PLAN, SESSIONS, WINDOWED, claimed, in_order, rows, state  # noqa: E402, F401

os.environ["PYSPARK_PYTHON"] = sys.executable
# Workers do not have these files.
cloudpickle.register_pickle_by_value(sys.modules[__name__])
cloudpickle.register_pickle_by_value(tables)


def session(master, **options):
    # Options of the test before would hold on.
    active = SparkSession.getActiveSession()
    if active is not None:
        active.stop()
    builder = SparkSession.builder.master(master).appName("kernels")
    defaults = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "1000",
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.memory": "1g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.task.maxFailures": "8",
        "spark.python.daemon.module": "kernels.spark.daemon",
    }
    for name, value in {**defaults, **options}.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    return spark


def killing(frame, mark, partition, after, what):
    """The same rows; once, in this partition and behind so many batches, something dies: ``worker`` (Python) or ``executor`` (the JVM)."""

    def passed(batches):
        mine = TaskContext.get().partitionId() == partition
        for number, batch in enumerate(batches):
            yield batch
            if mine and number >= after and claimed(mark):
                if what == "executor":
                    # Above this process is the daemon that forked it, and above that the executor.
                    os.kill(parent(os.getppid()), signal.SIGKILL)
                os.kill(os.getpid(), signal.SIGKILL)

    return frame.mapInArrow(passed, frame.schema)


def slow(frame, folder, partition, seconds):
    """The same rows; the first attempt at this partition takes long. Every attempt leaves its number."""

    def passed(batches):
        context = TaskContext.get()
        if context.partitionId() == partition:
            claimed(f"{folder}/attempt-{context.attemptNumber()}")
            for number, batch in enumerate(batches):
                if number == 1 and context.attemptNumber() == 0:
                    time.sleep(seconds)
                yield batch
        else:
            yield from batches

    return frame.mapInArrow(passed, frame.schema)


def parent(pid):
    with open(f"/proc/{pid}/stat") as file:
        return int(file.read().rpartition(")")[2].split()[1])
