"""Run one job by spark-submit, and see to it that nothing of it outlives its step."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psutil

from nightshelf.errors import SettingsError
from nightshelf.services import jars, java, private
from nightshelf.settings import Settings
from nightshelf.spark.conf import spark_conf

#: In the environment of a job and of all that it starts: the home, the date, whose job it is.
MARK = "_NIGHTSHELF_JOB"

JOBS = Path(__file__).parents[3] / "jobs"
_PATIENCE_SECONDS = 20.0


def job_mark(settings: Settings, date: str, owner: str = "") -> str:
    """The mark of the `owner`'s jobs; without one, what the marks of all that date's begin with."""
    return f"{settings.home}|{date}|{owner}"


def end_jobs(mark: str, but: str = "") -> int:
    """End every process whose mark begins so and is not `but`; return how many there were."""
    ended: set[int] = set()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (left := _marked(mark, but)) and time.monotonic() < deadline:
        ended |= {process.pid for process in left}
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=2.0)
    return len(ended)


@contextmanager
def submitted(
    settings: Settings, job: str, arguments: Sequence[str], environ: Mapping[str, str], mark: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """The job as a process in a session of its own; at the end nothing of it is left."""
    variables = {**environ, **_spark_environ(settings, environ), MARK: mark}
    scratch = _own_scratch(settings, job)
    conf = scratch / "spark.properties"
    # A file, since everybody can read a command line, and this may hold a password.
    private.write(conf, _properties(settings, scratch))
    command = [str(_spark_home() / "bin" / "spark-submit"), "--name", f"nightshelf {job}"]
    command += ["--properties-file", str(conf), str(JOBS / f"{job}.py"), *arguments]
    process = subprocess.Popen(  # noqa: S603
        command,
        env=variables,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        end_jobs(mark)
        process.wait()
        shutil.rmtree(scratch, ignore_errors=True)


def _own_scratch(settings: Settings, job: str) -> Path:
    """
    A folder for what Spark writes down while the job runs, which holds rows: only ours to read.

    Those of processes that have died, and could not clear theirs away, go now.
    """
    folder = settings.home / "spark"
    for left in folder.glob("*-*"):
        owner = left.name.rpartition("-")[2]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
    scratch = folder / f"{job}-{os.getpid()}"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700, parents=True)
    return scratch


def _properties(settings: Settings, scratch: Path) -> str:
    conf = spark_conf(settings, jars.jar_paths(settings.jars))
    conf["spark.local.dir"] = str(scratch)
    return "".join(f"{key} {value}\n" for key, value in conf.items())


def _spark_home() -> Path:
    found = find_spec("pyspark")
    if not found or not found.origin:
        raise SettingsError("pyspark is not installed here: run make setup")
    return Path(found.origin).parent


def _spark_environ(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    return {
        "JAVA_HOME": str(java.find(environ.get("JAVA_HOME"))),
        "SPARK_HOME": str(_spark_home()),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": settings.spark_driver_host,
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore",
    }


def _marked(mark: str, but: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            alive = process.status() != psutil.STATUS_ZOMBIE
            own = process.environ().get(MARK, "")
            if alive and own.startswith(mark) and own != but:
                found.append(process)
    return found
