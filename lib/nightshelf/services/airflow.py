"""Airflow on this machine: four processes on 127.0.0.1, started, watched and ended to the last."""

import fcntl
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from nightshelf.errors import NightshelfError
from nightshelf.services import health, metadata, ports, processes
from nightshelf.services.configuration import HOST, Place, environment, password
from nightshelf.services.processes import Started
from nightshelf.services.rest import Client
from nightshelf.services.transport import Session
from nightshelf.settings import Settings

Say = Callable[[str], None]

SERVICES = {
    "api-server": ("api-server", "--host", HOST, "--workers", "1"),
    # Without --skip-serve-logs these two open log servers on all interfaces.
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}

START_SECONDS = 300.0
STOP_SECONDS = 20.0


@dataclass(frozen=True)
class Airflow:
    """What runs, or what is left of it: `processes` holds the living ones of SERVICES."""

    place: Place
    port: int
    processes: Mapping[str, Started]

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def is_whole(self) -> bool:
        return set(self.processes) == set(SERVICES)

    def client(self, user: str = "admin") -> Client:
        return Client(Session(HOST, self.port, user, password(self.place, user)))


def up(settings: Settings, repo: Path, environ: Mapping[str, str], say: Say) -> Airflow:
    """Start PostgreSQL and Airflow unless they run, and return when all of it is healthy.

    Raise `NightshelfError`, with the end of the log that tells why, when a process dies or nothing
    is healthy after five minutes; what was started then has been ended again.
    """
    place = Place.of(settings)
    with _only_one(place):
        running = status(settings)
        if running.is_whole:
            say("Airflow is already running")
            _tell(running, say)
            return running
        if running.processes or processes.marked(str(place.home)):
            say("Part of an earlier Airflow is left: ending it first")
        _end_all(place)
        with ExitStack() as unless_whole:  # an error or an interrupt leaves nothing running
            unless_whole.callback(_end_all, place)
            airflow = _start_all(settings, repo, environ, say)
            unless_whole.pop_all()
        _tell(airflow, say)
        return airflow


def down(settings: Settings, say: Say) -> None:
    """End Airflow, all that its tasks started, and PostgreSQL; do nothing when none runs.

    Raise `NightshelfError`, naming the processes, when one cannot be ended.
    """
    place = Place.of(settings)
    if not place.home.is_dir():
        say("Nothing is running")
        return
    with _only_one(place):
        count = len(processes.marked(str(place.home)))
        say(f"Stopping Airflow ({count} processes) and PostgreSQL" if count else "Stopping")
        _end_all(place)
    say("Stopped: nothing is left running")


def status(settings: Settings) -> Airflow:
    """What runs now of what was started for this home."""
    place = Place.of(settings)
    port, started = processes.load(place.state)
    return Airflow(place, port, {name: one for name, one in started.items() if one.is_alive})


def _start_all(settings: Settings, repo: Path, environ: Mapping[str, str], say: Say) -> Airflow:
    place = Place.of(settings)
    port = ports.choose(settings.airflow_port, Settings.airflow_port, say)
    database = metadata.start(place, say)
    told = environment(settings, repo, environ, database=database, port=port)
    program = shutil.which("airflow", path=told["PATH"]) or "airflow"
    place.logs.mkdir(parents=True, exist_ok=True)
    metadata.migrate(place, program, told, say)
    started: dict[str, Started] = {}
    for name, arguments in SERVICES.items():
        log = place.logs / f"{name}.log"
        started[name] = processes.start([program, *arguments], environ=told, log=log)
        processes.save(place.state, port, started)
    say(f"Airflow is starting on http://{HOST}:{port} (logs in {place.logs})")
    airflow = Airflow(place, port, started)
    health.wait(airflow.client(), started, place.logs, START_SECONDS, say)
    return airflow


def _tell(airflow: Airflow, say: Say) -> None:
    place = airflow.place
    say(f"Airflow: {airflow.url}  user: admin  password: {password(place, 'admin')}")
    say(f"  passwords of all users: {place.passwords}")


def _end_all(place: Place) -> None:
    mark = str(place.home)
    _, started = processes.load(place.state)
    processes.end(list(started.values()), mark, patience=STOP_SECONDS)
    if left := processes.marked(mark):
        raise NightshelfError(
            "These processes do not end, end them by hand: "
            + ", ".join(str(process.pid) for process in left)
        )
    metadata.stop(place)
    place.state.unlink(missing_ok=True)


@contextmanager
def _only_one(place: Place) -> Iterator[None]:
    """Two `up` or `down` of one home take turns; the kernel lets go of a dead one's turn."""
    place.home.mkdir(parents=True, exist_ok=True)
    place.home.chmod(0o700)
    with (place.home / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
