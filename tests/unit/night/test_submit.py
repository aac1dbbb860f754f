import os

import psutil
import pytest

from nightshelf.night import submit
from nightshelf.night.submit import MARK, end_jobs, job_mark, submitted
from nightshelf.settings import Settings

DATE = "2026-03-01"


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path)


def lives(process):
    try:
        return psutil.Process(process.pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def marks(settings):
    """Whose jobs they are, and their mark."""
    return {
        "ours": job_mark(settings, DATE, "host:1:1.0"),
        "an earlier attempt's": job_mark(settings, DATE, "host:2:2.0"),
        "another date's": job_mark(settings, "2026-03-11", "host:1:1.0"),
        "another home's": job_mark(Settings(home=settings.home / "2"), DATE, "host:1:1.0"),
    }


@pytest.mark.parametrize(
    ("owner", "gone"),
    [
        pytest.param("", {"ours", "an earlier attempt's"}, id="all of a date"),
        pytest.param("host:1:1.0", {"ours"}, id="our own"),
        pytest.param("host:3:3.0", set(), id="none"),
    ],
)
def test_only_marked_processes_are_ended(settings, sleeper, owner, gone):
    started = {whose: sleeper(**{MARK: mark}) for whose, mark in marks(settings).items()}
    started["nobody's"] = sleeper()
    assert end_jobs(job_mark(settings, DATE, owner)) == len(gone)
    assert {whose for whose, process in started.items() if not lives(process)} == gone
    assert end_jobs(job_mark(settings, DATE, owner)) == 0


#: A spark-submit that notes its configuration and what it is allowed to see.
SUBMIT = """#!/bin/sh
cp "$4" "$NOTED"
stat -c %a "$(dirname "$4")" >> "$NOTED"
touch "$(dirname "$4")/blockmgr-rows"
"""


@pytest.fixture
def spark_home(tmp_path, monkeypatch):
    home = tmp_path / "pyspark"
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "spark-submit").write_text(SUBMIT)
    (home / "bin" / "spark-submit").chmod(0o755)
    monkeypatch.setattr(submit, "_spark_home", lambda: home)
    monkeypatch.setattr(submit.jars, "jar_paths", lambda folder: [])
    return home


@pytest.mark.usefixtures("spark_home")
def test_a_job_has_a_scratch_folder_of_its_own_and_leaves_none(settings, tmp_path, sleeper):
    spark, noted = settings.home / "spark", tmp_path / "noted"
    living = spark / f"ask-{sleeper().pid}"
    for left in (living, spark / "ask-4194305", spark / "ingest-4194305"):
        left.mkdir(parents=True)
        (left / "blockmgr-rows").touch()
    environ = {"NOTED": str(noted), "PATH": os.environ["PATH"]}
    mark = job_mark(settings, DATE, "host:1:1.0")
    with submitted(settings, "ask", ["--run", "r"], environ, mark) as process:
        assert process.wait() == 0
    *conf, mode = noted.read_text().splitlines()
    assert f"spark.local.dir {spark}/ask-{os.getpid()}" in conf
    assert mode == "700"
    assert list(spark.iterdir()) == [living]
