"""A standalone Spark of a master and two workers on 127.0.0.1, each with a GPU that is none."""

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest

from nightshelf.services import java

SPARK_HOME = Path(find_spec("pyspark").origin).parent
DEPLOY = "org.apache.spark.deploy"
CORES = 2
ADDRESSES = ("0", "1")


@dataclass
class Cluster:
    master: str
    discovery: Path
    environ: dict[str, str]


def environment():
    mine = {k: v for k, v in os.environ.items() if not k.startswith("NIGHTSHELF_")}
    jars = {k: v for k, v in os.environ.items() if k == "NIGHTSHELF_JARS"}
    return (
        mine
        | jars
        | {
            "JAVA_HOME": str(java.find(os.environ.get("JAVA_HOME"))),
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_HOME": str(SPARK_HOME),
            "SPARK_LOCAL_IP": "127.0.0.1",
        }
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def daemon(name, log, arguments):
    """One of Spark's own processes; at the end it and its executors are gone."""
    command = [SPARK_HOME / "bin" / "spark-class", f"{DEPLOY}.{name}", "--host", "127.0.0.1"]
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*command, *arguments], env=environment(), stdout=file, stderr=subprocess.STDOUT
        )
    try:
        yield
    finally:
        started = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        process.wait(60)
        _, left = psutil.wait_procs(started, timeout=20)
        for one in left:
            one.kill()


def wait_for(log, words):
    deadline = time.monotonic() + 120
    while not re.search(words, log.read_text()):
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cluster")
    port, log = free_port(), folder / "master.log"
    master = f"spark://127.0.0.1:{port}"
    conf = folder / "master.conf"
    conf.write_text("spark.master.rest.enabled false\n")
    options = ["--port", str(port), "--webui-port", "0", "--properties-file", conf]
    with ExitStack() as running:
        running.enter_context(daemon("master.Master", log, options))
        wait_for(log, "I have been elected leader")
        for address in ADDRESSES:
            running.enter_context(daemon("worker.Worker", *worker(folder, address, master)))
        wait_for(log, r"(?s)(Registering worker.*){2}")
        yield Cluster(master, discovery(folder, address), environment())


def worker(folder, address, master):
    conf = folder / f"worker-{address}.conf"
    conf.write_text(
        "spark.worker.resource.gpu.amount 1\n"
        f"spark.worker.resource.gpu.discoveryScript {discovery(folder, address)}\n"
    )
    options = ["--cores", str(CORES), "--memory", "1g", "--webui-port", "0"]
    options += ["--work-dir", folder / f"work-{address}", "--properties-file", conf, master]
    return folder / f"worker-{address}.log", options


def discovery(folder, address):
    script = folder / f"gpus-{address}.sh"
    script.write_text(f"""#!/bin/sh\necho '{{"name": "gpu", "addresses": ["{address}"]}}'\n""")
    script.chmod(0o755)
    return script
