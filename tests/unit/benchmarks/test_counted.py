"""Every process that a command starts is counted: also one that nobody waits for."""

import sys
from pathlib import Path

import pytest

from benchmarks.counted import run
from benchmarks.processes import Process, below, parse

#: Burns so much CPU in a process that is an orphan in a session of its own.
SECONDS = 1.0
BURN = f"""
import time
while time.process_time() < {SECONDS}: pass
time.sleep(1.5)  # long enough to be seen once more: what nobody waits for is counted as last seen
open('DONE', 'w').close()
"""
#: However busy the machine is.
AWAIT = "import os, time\nwhile not os.path.exists('DONE'): time.sleep(0.05)"
ORPHAN = f"""
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", {BURN!r}], start_new_session=True)
"""
WAYS_TO_BURN = {
    "itself": BURN,
    "a child that is waited for": f"""
import subprocess, sys
subprocess.run([sys.executable, "-c", {BURN!r}])
""",
    "a child that nobody waits for": f"""
import signal, subprocess, sys, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", {BURN!r}])
{AWAIT}
""",
    "an orphan": f"""
import subprocess, sys, time
subprocess.run([sys.executable, "-c", {ORPHAN!r}])
{AWAIT}
""",
}
"""Code by who burns."""


def counted(tmp_path, code, limit=60.0):
    command = [sys.executable, "-c", code]
    return run(command, {}, tmp_path / "log", limit)


@pytest.mark.parametrize("code", WAYS_TO_BURN.values(), ids=WAYS_TO_BURN)
def test_what_was_burnt_is_counted(tmp_path, code):
    took = counted(tmp_path, code.replace("DONE", str(tmp_path / "done")))
    assert took.status == 0
    assert SECONDS * 0.8 < took.cpu < SECONDS + 1.5


def test_what_a_command_leaves_behind_is_ended(tmp_path):
    code = """
import subprocess
print(subprocess.Popen(["sleep", "600"], start_new_session=True).pid)
"""
    pid = int(counted(tmp_path, code).out)
    assert not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize(
    ("code", "limit", "status"),
    [("", 60.0, 0), ("raise SystemExit(3)", 60.0, 3), ("import time; time.sleep(60)", 0.2, 124)],
    ids=["ended", "failed", "too long"],
)
def test_its_status(tmp_path, code, limit, status):
    assert counted(tmp_path, code, limit).status == status


def test_it_can_ask_for_the_count_while_it_runs(tmp_path):
    ask = f"""
import socket, sys
meter = socket.socket(fileno=int(sys.argv[1])).makefile("rwb", buffering=0)
def cpu():
    meter.write(b"?")
    return float(meter.readline())
before = cpu()
{BURN}
print(cpu() - before)
"""
    took = counted(tmp_path, ask)
    assert SECONDS * 0.5 < float(took.out) < SECONDS * 1.5


def test_descendants():
    family = [(2, 1), (3, 2), (4, 3), (5, 1), (1, 0)]
    found = [Process(pid, parent, 0, 0.0, 0.0) for pid, parent in family]
    assert sorted(one.pid for one in below(2, found)) == [3, 4]


def test_a_name_with_brackets_does_not_shift_the_fields():
    stat = "7 (a ) (b) c) S 3 7 7 0 -1 0 0 0 0 0 150 50 300 100 20 0 1 0 99 0"
    one = parse(7, stat)
    assert (one.parent, one.started) == (3, 99)
    assert one.own == one.waited_for / 2 > 0
