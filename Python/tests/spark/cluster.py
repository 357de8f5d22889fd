"""A standalone cluster of Spark on this machine: a master, and workers that each have a network namespace of their own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

import pyspark

HOME = os.path.dirname(pyspark.__file__)

#: Of tests alone; the third octet tells clusters that run side by side apart.
SUBNET = f"10.213.{os.getpid() % 250 + 1}"


def available():
    """Whether this process may make network namespaces."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    name = f"kernels-{os.getpid()}-probe"
    if subprocess.run(["ip", "netns", "add", name], capture_output=True).returncode:
        return False
    subprocess.run(["ip", "netns", "delete", name], capture_output=True)
    return True


class Cluster:
    """Started and stopped as a context. Each worker has one core."""

    def __init__(self, workers=2):
        self.workers = workers
        self.bridge = f"kn{os.getpid()}"
        self.names = [f"kernels-{os.getpid()}-{i}" for i in range(workers)]
        self.processes = []
        self.folder = tempfile.mkdtemp(prefix="kernels-spark-")
        self.host = f"{SUBNET}.1"
        self.url = f"spark://{self.host}:7077"

    def __enter__(self):
        try:
            self._wire()
            command = ["org.apache.spark.deploy.master.Master", "--host", self.host, "--port", "7077", "--webui-port", "8099"]
            self._start("master", [], command, self.host)
            self._await(0)
            for i, name in enumerate(self.names):
                address = f"{SUBNET}.{10 + i}"
                command = ["org.apache.spark.deploy.worker.Worker", "--host", address, "--cores", "1", "--memory", "1g"]
                command += ["--work-dir", f"{self.folder}/work-{i}", self.url]
                self._start(f"worker-{i}", ["ip", "netns", "exec", name], command, address)
            self._await(self.workers)
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wire(self):
        """A bridge, and a pair of virtual interfaces for each worker: one in its namespace, one on the bridge."""
        self._ip("link", "add", self.bridge, "type", "bridge")
        self._ip("address", "add", f"{self.host}/24", "dev", self.bridge)
        self._ip("link", "set", self.bridge, "up")
        for i, name in enumerate(self.names):
            self._ip("netns", "add", name)
            self._ip("link", "add", f"{self.bridge}v{i}", "type", "veth", "peer", "name", "eth0", "netns", name)
            self._ip("link", "set", f"{self.bridge}v{i}", "master", self.bridge, "up")
            self._ip("-n", name, "address", "add", f"{SUBNET}.{10 + i}/24", "dev", "eth0")
            self._ip("-n", name, "link", "set", "eth0", "up")
            self._ip("-n", name, "link", "set", "lo", "up")

    def _ip(self, *arguments):
        subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)

    def _start(self, name, prefix, command, address):
        environment = dict(os.environ, SPARK_HOME=HOME, SPARK_LOCAL_IP=address, PYSPARK_PYTHON=sys.executable)
        environment.update(SPARK_DAEMON_MEMORY="256m", SPARK_NO_DAEMONIZE="1", SPARK_LOCAL_DIRS=f"{self.folder}/local-{name}")
        with open(f"{self.folder}/{name}.log", "wb") as log:
            process = subprocess.Popen(
                prefix + [f"{HOME}/bin/spark-class", *command], env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self.processes.append(process)

    def _await(self, workers):
        """Waits until the master answers and has so many workers."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"http://{self.host}:8099/json/", timeout=2) as answer:
                    if answer.read().decode().count('"state" : "ALIVE"') >= workers:
                        return
            except OSError:
                pass
            time.sleep(0.2)
        logs = "\n".join(open(f"{self.folder}/{name}").read()[-2000:] for name in os.listdir(self.folder) if name.endswith(".log"))
        raise RuntimeError(f"the cluster did not come up\n{logs}")

    def executors(self):
        """Process ids of the executors, whose command lines name the master's driver."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                command = open(f"/proc/{pid}/cmdline", "rb").read()
            except OSError:
                continue
            if b"CoarseGrainedExecutorBackend" in command and self.folder.encode() in _environment(pid):
                found.append(int(pid))
        return found

    def __exit__(self, *_):
        for process in reversed(self.processes):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        for pid in self.executors():
            os.kill(pid, signal.SIGKILL)
        for name in self.names:
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)
        subprocess.run(["ip", "link", "delete", self.bridge], capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def _environment(pid):
    try:
        return open(f"/proc/{pid}/environ", "rb").read()
    except OSError:
        return b""
