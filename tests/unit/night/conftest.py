import socket
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psutil
import pytest

from nightshelf.night.context import Context
from nightshelf.settings import Settings


@dataclass
class Clock:
    """Stands still until it is put forward."""

    now: datetime = datetime(2026, 3, 2, 1, tzinfo=UTC)

    def __call__(self):
        return self.now

    def forward(self, **by):
        self.now += timedelta(**by)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def lines():
    return []


@pytest.fixture
def new_context(tmp_path, clock, lines):
    def make(**changed):
        return Context(Settings(home=tmp_path, **changed), clock, lines.append)

    return make


@pytest.fixture
def context(new_context):
    return new_context()


@pytest.fixture
def sleeper():
    """Starts processes that sleep in sessions of their own; none of them outlives the test."""
    started = []

    def start(**environ):
        process = subprocess.Popen(["sleep", "60"], env=environ, start_new_session=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def named():
    """A process as a lease names it: `host:pid:start`."""

    def name(pid, *, later=0.0):
        return f"{socket.gethostname()}:{pid}:{psutil.Process(pid).create_time() + later}"

    return name
