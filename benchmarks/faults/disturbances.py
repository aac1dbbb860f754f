"""What ends processes at random times: a driver, a host, a worker, the tree of a real command."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from benchmarks.faults.children import Child, Outcome
from benchmarks.faults.jvm import Jvm
from benchmarks.faults.lake import Lake
from nightshelf.host.folder import HostFolder
from nightshelf.host.start import hosts
from nightshelf.night.submit import MARK, end_jobs

_TICK_SECONDS = 0.01
_WAIT_SECONDS = 60.0
NIGHTSHELF = Path(sys.executable).with_name("nightshelf")
#: Who of a real command's processes is killed.
JVM, DRIVER, TREE, COMMAND = "jvm", "driver", "tree", "command"
TARGETS = (JVM, DRIVER, TREE, COMMAND)


def driver_after(seconds: float) -> Callable[[Child], None]:
    def disturb(child: Child) -> None:
        time.sleep(seconds)
        with suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)

    return disturb


def host_of(lake: Lake, rng: random.Random) -> Callable[[Child], None]:
    """One of the model hosts, or the process that starts them, soon after asking has begun."""
    return _one_of(lambda: hosts(HostFolder.of(lake.home)), rng)


def worker_of(jvm: Jvm, rng: random.Random) -> Callable[[Child], None]:
    return _one_of(jvm.workers, rng)


def _one_of(
    living: Callable[[], Sequence[psutil.Process]], rng: random.Random
) -> Callable[[Child], None]:
    delay = rng.uniform(0.5, 4.0)

    def disturb(child: Child) -> None:
        time.sleep(delay)
        deadline = time.monotonic() + _WAIT_SECONDS
        while psutil.Process(child.pid).status() != psutil.STATUS_ZOMBIE:
            if found := living():
                with suppress(psutil.NoSuchProcess):
                    rng.choice(sorted(found, key=lambda one: one.pid)).kill()
                return
            if time.monotonic() > deadline:
                return
            time.sleep(_TICK_SECONDS)

    return disturb


def killed_command(lake: Lake, words: Sequence[str], target: str, seconds: float) -> Outcome:
    """
    A real `nightshelf` command, of which `target` is killed after `seconds`.

    What it says at its end is what a person reads.
    """
    inherited = {
        k: v for k, v in os.environ.items() if not k.startswith(("NIGHTSHELF_", "PYSPARK"))
    }
    process = subprocess.Popen(
        [NIGHTSHELF, *words],
        env={**inherited, **lake.environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    for one in _targets(lake, process, target):
        with suppress(psutil.NoSuchProcess):
            one.kill()
    output, _ = process.communicate(timeout=_WAIT_SECONDS)
    if target == COMMAND:
        # Nobody is left to end them but the next attempt, which does.
        return Outcome(process.returncode, words=output[-500:], for_people=True)
    end_jobs(f"{lake.home}|")
    last = ["", *output.strip().splitlines()][-1]
    return Outcome(process.returncode, words=last, for_people=last.startswith("nightshelf: "))


def _targets(lake: Lake, command: "subprocess.Popen[str]", target: str) -> list[psutil.Process]:
    jobs = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            if process.environ().get(MARK, "").startswith(f"{lake.home}|"):
                jobs.append(process)
    own = [psutil.Process(command.pid)] if command.poll() is None else []
    java = [one for one in jobs if "java" in one.name()]
    drivers = [one for one in jobs if one not in java and one.ppid() in {j.pid for j in java}]
    return {JVM: java, DRIVER: drivers, TREE: [*jobs, *own], COMMAND: own}[target]
