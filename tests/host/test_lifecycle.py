"""Hosts are there at once, warm, only for their user, and gone when nobody needs them."""

import os
import signal
import stat
import subprocess
import sys
import time

import pytest

from nightshelf.errors import HostLost
from nightshelf.host.folder import HostFolder
from nightshelf.host.slots import cpu_slots, slot_of_its_own

IDLE = 1.5


def wait_until(done, seconds):
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def children(shared):
    found = shared.processes()
    return [process for process in found if process.ppid() in {one.pid for one in found}]


def test_one_host_a_slot_is_warm_for_the_next_task(new_hosts, engine):
    shared = new_hosts()
    for slot in ("cpu-0", "cpu-1", "cpu-0"):
        device = shared.device(slot)
        engine.answers(device, ["good"])
        device.close()
    assert len(children(shared)) == 2
    assert len(shared.processes()) == 3


def test_only_its_user_can_reach_it(new_hosts, engine):
    shared = new_hosts()
    engine.answers(shared.device(), ["good"])
    assert stat.S_IMODE(shared.folder.path.stat().st_mode) == 0o700
    for process in shared.processes():
        assert process.net_connections("inet") == []


def test_a_folder_that_lets_others_in_is_refused(tmp_path):
    folder = HostFolder(tmp_path / "open")
    folder.path.mkdir(mode=0o755)
    with pytest.raises(HostLost, match="mode 700"):
        folder.make()


def test_a_host_inherits_nothing(new_hosts, engine, monkeypatch):
    monkeypatch.setenv("_NIGHTSHELF_JOB", "the mark by which a job's processes are ended")
    shared = new_hosts()
    engine.answers(shared.device(), ["good"])
    for process in shared.processes():
        assert "_NIGHTSHELF_JOB" not in process.environ()
        assert os.getsid(process.pid) != os.getsid(0)
        assert not [file for file in process.open_files() if file.path.startswith("/work")]


@pytest.mark.parametrize("how", ["closes", "is killed"])
def test_without_a_client_none_outlives_its_idle_limit(new_hosts, engine, how, tmp_path):
    shared = new_hosts(idle_seconds=IDLE)
    engine.answers(shared.device(), ["good"])
    if how == "closes":
        shared.devices[0].close()
    else:
        shared.devices[0].close()
        client = (
            "import socket, sys, time; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]);"
            " print('in', flush=True); time.sleep(60)"
        )
        worker = subprocess.Popen(
            [sys.executable, "-c", client, shared.folder.socket("cpu-0")], stdout=subprocess.PIPE
        )
        assert worker.stdout.readline() == b"in\n"
        time.sleep(2 * IDLE)
        assert len(children(shared)) == 1  # a client is one even when it asks nothing
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
    wait_until(lambda: not shared.processes(), IDLE + 5)


def test_a_hanging_host_without_a_client_ends_too(new_hosts, engine):
    shared = new_hosts(idle_seconds=IDLE)
    device = shared.device()
    engine.answers(device, ["good"])
    device.submit(engine.tokens(["bad ⚡hang"]))
    device.close()
    wait_until(lambda: not shared.processes(), IDLE + 5)


@pytest.mark.parametrize("sign", [signal.SIGSTOP])
def test_a_host_that_cannot_move_is_ended_by_its_parent(new_hosts, engine, sign):
    shared = new_hosts(idle_seconds=IDLE)
    device = shared.device()
    engine.answers(device, ["good"])
    device.close()
    [host] = children(shared)
    os.kill(host.pid, sign)
    wait_until(lambda: not shared.processes(), IDLE + 5)


def test_all_end_when_the_lease_is_gone(new_hosts, engine):
    shared = new_hosts()
    device = shared.device()
    engine.answers(device, ["good"])
    device.submit(engine.tokens(["bad ⚡hang"]))
    assert shared.stop() == 2
    assert shared.processes() == []
    assert not shared.folder.path.exists()


def test_without_its_parent_a_host_goes_on_and_others_can_be_started(new_hosts, engine):
    shared = new_hosts()
    engine.answers(shared.device("cpu-0"), ["good"])
    [host] = children(shared)
    [parent] = [one for one in shared.processes() if one != host]
    os.kill(parent.pid, signal.SIGKILL)
    wait_until(lambda: not parent.is_running() or parent.status() == "zombie", 5)
    for slot in ("cpu-0", "cpu-1"):
        found, _ = engine.answers(shared.device(slot), ["good"])
        assert found[0]["sentiment"]["label"] == "positive"
    assert host.is_running()


def test_each_worker_has_a_slot_of_its_own_until_there_are_none(new_hosts):
    folder = new_hosts().folder
    slots = cpu_slots(2)
    with slot_of_its_own(folder, slots) as first, slot_of_its_own(folder, slots) as second:
        assert (first, second) == ("cpu-0", "cpu-1")
        with slot_of_its_own(folder, slots) as third:
            assert third in ("cpu-0", "cpu-1")
    with slot_of_its_own(folder, slots) as again:
        assert again == "cpu-0"
