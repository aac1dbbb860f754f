"""One JVM with one Spark context, which drivers connect to and may die on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from pyspark import SparkConf, SparkContext
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from benchmarks.faults.children import value_of
from nightshelf.services import java
from nightshelf.services.jars import jar_paths
from nightshelf.settings import Settings
from nightshelf.spark.conf import CATALOG, spark_conf

_QUIET_SECONDS = 20.0
_DAEMON = "pyspark.daemon"


@dataclass(frozen=True)
class Jvm:
    """Drivers find it by port and secret, as spark-submit's own do."""

    pid: int
    port: int
    secret: str

    def session(self, settings: Settings) -> SparkSession:
        """In a child only: a driver's session of its own on the lake of `settings`."""
        session = self._default().newSession()
        for key, value in spark_conf(settings, []).items():
            if key.startswith(CATALOG):
                session.conf.set(key, value)
        return session

    def quiet(self) -> None:
        """Cancel what a dead driver has left running, and wait until nothing runs."""
        value_of(self._cancel_all)

    def workers(self) -> list[psutil.Process]:
        """Python workers: forks of Spark's daemon."""
        found = []
        for process in psutil.Process(self.pid).children(recursive=True):
            try:
                if _DAEMON in process.cmdline() and _DAEMON in process.parent().cmdline():
                    found.append(process)
            except (psutil.NoSuchProcess, AttributeError):
                continue
        return found

    def _default(self) -> SparkSession:
        os.environ["PYSPARK_GATEWAY_PORT"] = str(self.port)
        os.environ["PYSPARK_GATEWAY_SECRET"] = self.secret
        gateway = launch_gateway()
        SparkContext._gateway, SparkContext._jvm = gateway, gateway.jvm
        shared = gateway.jvm.org.apache.spark.SparkContext.getOrCreate()
        context = gateway.jvm.JavaSparkContext.fromSparkContext(shared)
        conf = SparkConf(_jconf=context.getConf())
        return SparkSession(SparkContext(conf=conf, jsc=context, gateway=gateway))

    def _cancel_all(self) -> None:
        context = self._default().sparkContext
        deadline = time.monotonic() + _QUIET_SECONDS
        while True:
            context.cancelAllJobs()
            time.sleep(0.1)
            if not context.statusTracker().getActiveJobsIds():
                return
            if time.monotonic() > deadline:
                raise TimeoutError("jobs of a dead driver go on in the JVM")


@contextmanager
def warm_jvm(settings: Settings, scratch: Path) -> Iterator[Jvm]:
    """
    It ends with this process, however that ends: it reads a pipe that we hold.

    `scratch` is for its files; not in the home, which comes and goes.
    """
    os.environ["JAVA_HOME"] = str(java.find(os.environ.get("JAVA_HOME")))
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = settings.spark_driver_host
    conf = SparkConf(loadDefaults=False)
    conf.setMaster(settings.spark_master).setAppName("nightshelf faults")
    for key, value in spark_conf(settings, jar_paths(settings.jars)).items():
        conf.set(key, value)
    # Else every session has a Python daemon of its own, which stays.
    conf.set("spark.sql.artifact.isolation.enabled", "false")
    conf.set("spark.local.dir", str(scratch))
    scratch.mkdir(parents=True, exist_ok=True)
    gateway = launch_gateway(conf, popen_kwargs={"start_new_session": True})
    given = gateway.java_parameters
    process: subprocess.Popen[bytes] = gateway.proc
    jvm = Jvm(process.pid, given.port, given.auth_token)
    try:
        value_of(lambda: _first(jvm))
        yield jvm
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _first(jvm: Jvm) -> None:
    """The context is made by the first driver, and stays when that one ends."""
    jvm._default().range(1).count()
