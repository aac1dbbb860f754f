"""Run one job by spark-submit, and see to it that nothing of it outlives its step."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psutil

from nightshelf.errors import SettingsError
from nightshelf.services import jars, java, private
from nightshelf.services.class_archive import ClassArchive, class_archive
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
    home, locked = _spark_home(), jars.jar_paths(settings.jars)
    on_classpath = [*home.glob("jars/*.jar"), *locked]
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, scratch, ignore_errors=True)
        java_home = Path(variables["JAVA_HOME"])
        archive = stack.enter_context(class_archive(scratch, java_home, on_classpath))
        # A file, since everybody can read a command line, and this may hold a password.
        private.write(conf, _properties(settings, locked, scratch, archive))
        command = [str(home / "bin" / "spark-submit"), "--name", f"nightshelf {job}"]
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
            # One that is killed below has not written its archive down to the end.
            archive.is_whole = process.poll() == 0
            end_jobs(mark)
            process.wait()


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


def _properties(
    settings: Settings, locked: Sequence[Path], scratch: Path, archive: ClassArchive
) -> str:
    conf = spark_conf(settings, locked)
    conf["spark.local.dir"] = str(scratch)
    conf["spark.driver.extraJavaOptions"] += f" {archive.options}"
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
