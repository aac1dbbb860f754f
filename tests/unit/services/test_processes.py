import dataclasses
import os
import shutil
import stat
import time

import psutil
import pytest

from nightshelf.services import processes
from nightshelf.services.processes import MARK, Started


@pytest.fixture
def house(tmp_path):
    """A mark of its own; whatever a test leaves running under it ends with the test."""
    mark = str(tmp_path)
    yield mark
    processes.end([], mark, patience=5.0)
    assert processes.marked(mark) == []


def start(mark, script, log="/dev/null"):
    path = shutil.which("sh")
    return processes.start([path, "-c", script], environ={MARK: mark, "PATH": "/bin"}, log=log)


def is_alive(process):
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def soon(seen):
    deadline = time.monotonic() + 10
    while not seen():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_output_goes_to_the_log_and_input_is_empty(house, tmp_path):
    one = start(house, "cat; echo out; echo err >&2", tmp_path / "log")
    soon(lambda: not one.is_alive)
    assert (tmp_path / "log").read_text() == "out\nerr\n"


def test_it_leads_a_session_of_its_own(house):
    one = start(house, "sleep 60")
    assert (os.getsid(one.pid), os.getpgid(one.pid)) == (one.pid, one.pid)


@pytest.mark.parametrize(
    ("script", "family"),
    [
        ("exec sleep 60", 1),
        ("trap '' TERM; sleep 60; sleep 60", 2),
        ("setsid sleep 60 & sleep 60", 3),
        ("(setsid sleep 60 &) ; sleep 60", 3),
    ],
    ids=["obedient", "deaf", "a child in its own session", "an orphan in its own session"],
)
def test_nothing_outlives_the_end(house, script, family):
    one = start(house, script)
    soon(lambda: len(processes.marked(house)) == family)
    everyone = processes.marked(house)
    processes.end([one], house, patience=0.5)
    assert [process for process in everyone if is_alive(process)] == []


def test_what_a_killed_leader_left_is_ended(house):
    one = start(house, "sleep 60 & sleep 60")
    soon(lambda: len(processes.marked(house)) >= 2)
    psutil.Process(one.pid).kill()
    soon(lambda: not one.is_alive)
    processes.end([one], house, patience=0.5)
    assert processes.marked(house) == []


def test_another_house_is_left_alone(house, tmp_path):
    other = str(tmp_path / "other")
    neighbour = start(other, "sleep 60")
    processes.end([], house, patience=0.5)
    assert neighbour.is_alive
    processes.end([neighbour], other, patience=0.5)
    assert not neighbour.is_alive


def test_a_pid_that_was_given_to_another_is_not_touched(house, tmp_path):
    other = str(tmp_path / "other")
    neighbour = start(other, "sleep 60")
    remembered = dataclasses.replace(neighbour, created=neighbour.created - 60)
    assert not remembered.is_alive
    processes.end([remembered], house, patience=0.5)
    assert neighbour.is_alive
    processes.end([neighbour], other, patience=0.5)


def test_the_state_is_read_back_and_private(tmp_path):
    path = tmp_path / "state.json"
    state = {"scheduler": Started(7, 1.25), "triggerer": Started(8, 2.5)}
    processes.save(path, 8080, state)
    assert processes.load(path) == (8080, state)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "text", [None, "", "{", "[]", '{"port": 1}', '{"port":1,"processes":{"a":1}}']
)
def test_a_state_that_cannot_be_read_names_nothing(tmp_path, text):
    path = tmp_path / "state.json"
    if text is not None:
        path.write_text(text)
    assert processes.load(path) == (0, {})
