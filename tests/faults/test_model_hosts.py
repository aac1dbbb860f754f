"""However the work ends that model hosts were started for, they end soon after."""

import signal
from dataclasses import replace

import pytest

from nightshelf.host.folder import HostFolder
from nightshelf.host.start import hosts

DATE = "2026-03-01"
IDLE_SECONDS = 2
#: How long a host may outlive its idle limit.
GRACE_SECONDS = 5
STEP = ("--date", DATE, "--origin", "one", "--lifeline")


@pytest.fixture(scope="module")
def place(new_place):
    """Ingested, and with many small waves to ask."""
    place = new_place(
        "place",
        NIGHTSHELF_WAVE_ROWS="20",
        NIGHTSHELF_HOST_IDLE_SECONDS=str(IDLE_SECONDS),
    )
    place.run("step", "ingest", *STEP[:-1])
    return place


def living(place):
    return hosts(HostFolder.of(place.home))


def cleared(place, step):
    """As Airflow ends a task that is cleared: a signal, and the pipe to its child closes."""
    step.send_signal(signal.SIGTERM)
    step.stdin.close()


def caller_killed(place, step):
    step.stdin.close()


def all_killed(place, step):
    """Driver, JVM and workers by kill -9, and what called them."""
    for process in place.jobs():
        process.kill()
    step.kill()


@pytest.mark.parametrize("end", [cleared, caller_killed, all_killed], ids=lambda end: end.__name__)
def test_no_host_outlives_its_idle_limit(place, end):
    step = place.start("step", "ask", *STEP)
    place.until(lambda: len(living(place)) > 1)
    end(place, step)
    step.wait(30)
    place.until(lambda: not place.jobs(), seconds=5)
    place.until(lambda: not living(place), seconds=IDLE_SECONDS + GRACE_SECONDS)


def test_down_ends_them_at_once(place):
    patient = replace(place, variables={**place.variables, "NIGHTSHELF_HOST_IDLE_SECONDS": "600"})
    patient.run("step", "ask", *STEP[:-1])
    assert living(place)
    patient.run("down")
    assert not living(place)
