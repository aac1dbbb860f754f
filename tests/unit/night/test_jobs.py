"""Steps in one session: one process does them all, and its end is known for what it is."""

import os
import sys

import psutil
import pytest

from nightshelf.night import submit
from nightshelf.night.jobs import each_by_itself, in_one_session, own_mark
from nightshelf.night.submit import MARK

DATE, RUN = "2026-03-01", "n1"
#: Instead of spark-submit: it answers a step that is called by a number with that number.
CLIENT = """
import os, signal, socket, sys
given = dict(zip(sys.argv[-4::2], sys.argv[-3::2]))
with open(os.environ["NOTED"], "a") as noted:
    print(os.getpid(), given.get("--run"), file=noted)
if os.environ.get("EARLY"):
    raise SystemExit(int(os.environ["EARLY"]))
if "--steps" in given:
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(given["--steps"])
    lines = connection.makefile("rw")
    for line in lines:
        if line == "die\\n":
            os.kill(os.getpid(), signal.SIGKILL)
        lines.write(line)
        lines.flush()
    open(os.environ["NOTED"], "a").write("ended by itself")
"""


@pytest.fixture
def noted(tmp_path, monkeypatch):
    home = tmp_path / "pyspark"
    (home / "bin").mkdir(parents=True)
    (home / "client.py").write_text(CLIENT)
    program = home / "bin" / "spark-submit"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {home / "client.py"} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setattr(submit, "_spark_home", lambda: home)
    monkeypatch.setattr(submit.jars, "jar_paths", lambda folder: [])
    return tmp_path / "noted"


def environ(noted, **more):
    return {"NOTED": str(noted), "PATH": os.environ["PATH"], **more}


def processes(context):
    mark = own_mark(context, DATE)
    found = []
    for process in psutil.process_iter():
        try:
            found += [process.pid] if process.environ().get(MARK) == mark else []
        except (psutil.Error, OSError):
            continue
    return found


def test_one_process_does_all_steps_and_ends_by_itself(context, noted):
    with in_one_session(context, DATE, RUN, environ(noted)) as job:
        assert not noted.exists()  # nothing is started before it is needed
        assert [job("0"), job("17"), job("0")] == [0, 17, 0]
    assert noted.read_text().endswith(f" {RUN}\nended by itself")
    assert noted.read_text().count("\n") == 1
    assert processes(context) == []


@pytest.mark.parametrize(
    ("steps", "codes", "more"),
    [
        (["0", "die"], [0, -9], {}),
        (["0", "die", "0"], [0, -9, -9], {}),
        (["0"], [3], {"EARLY": "3"}),
    ],
    ids=["killed", "and asked again", "before it could be told anything"],
)
def test_a_job_that_dies_is_known_by_its_exit_code(context, noted, steps, codes, more):
    with in_one_session(context, DATE, RUN, environ(noted, **more)) as job:
        assert [job(step) for step in steps] == codes
    assert processes(context) == []


def stopped_night(context, noted):
    with in_one_session(context, DATE, RUN, environ(noted)) as job:
        job("0")
        assert len(processes(context)) == 1
        raise ZeroDivisionError


def test_whatever_stops_the_night_ends_the_session(context, noted):
    with pytest.raises(ZeroDivisionError):
        stopped_night(context, noted)
    assert processes(context) == []


def test_each_by_itself_is_a_process_a_step(context, noted):
    job = each_by_itself(context, DATE, RUN, environ(noted))
    assert [job("ingest"), job("ask")] == [0, 0]
    assert len({line.split()[0] for line in noted.read_text().splitlines()}) == 2


def test_a_step_ends_what_earlier_attempts_left_and_not_its_own_session(context, noted, sleeper):
    other = sleeper(**{MARK: submit.job_mark(context.settings, DATE, "host:1:1.0")})
    with in_one_session(context, DATE, RUN, environ(noted)) as job:
        job("0")
        mark = submit.job_mark(context.settings, DATE)
        assert submit.end_jobs(mark, but=own_mark(context, DATE)) == 1
        assert job("0") == 0
    assert other.poll() is not None
