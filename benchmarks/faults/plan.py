"""Which trials there are, kind by kind; each is found again by its name and seed."""

import random
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from benchmarks.faults import disturbances, publishing
from benchmarks.faults.children import in_child
from benchmarks.faults.databases import Server
from benchmarks.faults.faulted import (
    Judged,
    Scene,
    at_failpoint,
    disturbed,
    second_attempt,
    state_before,
)
from benchmarks.faults.happenings import FULL, GONE, KILL, LOST, MOMENTS
from benchmarks.faults.lake import Lake
from benchmarks.faults.points import PLACES, Failpoint, arm, failpoints
from benchmarks.faults.shop import SECOND
from nightshelf.names import STEPS

#: Without a JVM, the first two; with the warm one; and with JVMs that are killed.
TOGETHER = ("readers", "publishers", "orders")
RELEASE = "release"
WARM = ("night", "driver", "host", "worker", "clock", "file_limit", "outage")
COLD = ("jvm",)
KINDS = (*TOGETHER, RELEASE, *WARM, *COLD)
_SPARK_STEPS = ("ingest", "ask", "assemble")
#: Functions that run in the driver and commit there, so that their database can be gone.
_COMMITTING = ("nightshelf.ops.runs", "pyiceberg.catalog.sql:SqlCatalog")
_FILE_BYTES = 2_048


#: So many rounds of publishers and readers make a trial.
CHUNK = 20


@dataclass(frozen=True)
class Planned:
    """`do` returns figures and notes; `times` counts what it repeats within itself."""

    kind: str
    name: str
    seed: int
    do: Callable[[], Judged]
    times: int = 1


@dataclass(frozen=True)
class Counts:
    """
    How many trials of each kind there are to be.

    Of failpoints, each `every`-th is taken; of those that need Spark, each `every_of_night`-th.
    """

    readers: int = 200
    publishers: int = 200
    orders: int = 20
    release: int = 60
    driver: int = 60
    host: int = 45
    worker: int = 45
    clock: int = 8
    jvm: int = 60
    every: int = 1
    every_of_night: int = 1


def releasing(scene: Scene, counts: Counts, seed: int) -> Iterator[Planned]:
    for point, happening in _with_happenings("release", every=counts.every):
        yield _at(scene, "release", point, happening, seed)
    rng = _rng(seed, "release")
    for number in range(counts.release):
        point = rng.choice(failpoints("release"))
        yield _at(scene, "release", point, KILL, seed + 1 + number)


def together(lake: Lake, counts: Counts, seed: int) -> Iterator[Planned]:
    """Many who publish and read at once; they clear the lake."""
    for number in range(counts.orders):
        at = seed + number
        yield Planned("orders", "phases", at, lambda at=at: publishing.orders(lake, at))
    two, readers = publishing.two_publishers, publishing.readers
    for at, rounds in _in_chunks(counts.publishers, seed):
        yield Planned("publishers", f"{rounds}", at, lambda n=rounds: two(lake, n), rounds)
    for at, rounds in _in_chunks(counts.readers, seed):
        yield Planned("readers", f"{rounds}", at, lambda n=rounds: readers(lake, n)[:2], rounds)


def _in_chunks(rounds: int, seed: int) -> Iterator[tuple[int, int]]:
    """Each on a lake of its own: one with a hundred releases takes its time for each more."""
    for number, start in enumerate(range(0, rounds, CHUNK)):
        yield seed + number, min(CHUNK, rounds - start)


def on_warm_jvm(lake: Lake, scene: Scene, counts: Counts, seed: int) -> Iterator[Planned]:
    for step in STEPS:
        for point, happening in _with_happenings(step, every=counts.every_of_night):
            yield _at(scene, "night", point, happening, seed)
    rng = _rng(seed, "driver")
    for number in range(counts.driver):
        step = rng.choice(STEPS)
        end = disturbances.driver_after(rng.uniform(0.0, scene.seconds[step]))
        yield _disturbed(scene, "driver", step, end, seed + number)
    for number in range(counts.host):
        end = disturbances.host_of(lake, _rng(seed + number, "host"))
        yield _disturbed(scene, "host", "ask", end, seed + number)
    for number in range(counts.worker):
        assert scene.night.jvm  # noqa: S101  this scene is played on one
        end = disturbances.worker_of(scene.night.jvm, _rng(seed + number, "worker"))
        yield _disturbed(scene, "worker", "ask", end, seed + number)
    yield from _clocks(scene, counts.clock, seed)
    if counts.every_of_night == 1:
        yield from _outages(scene, seed)


def _outages(scene: Scene, seed: int) -> Iterator[Planned]:
    """Disk and database really fail, at the first commit of each of Spark's steps."""
    kinds = {"file_limit": _file_limit}
    if isinstance(scene.lake.database, Server):
        kinds["outage"] = _outage
    for kind, play in kinds.items():
        for step in _SPARK_STEPS:
            point = _first_commit(step)
            do = partial(play, scene, point, step, seed)
            yield Planned(kind, str(point), seed, do)


def with_cold_jvms(lake: Lake, scene: Scene, counts: Counts, seed: int) -> Iterator[Planned]:
    """Real commands: how long one takes is measured first, by one that nobody kills."""
    seconds: list[float] = []
    for number in range(counts.jvm):
        rng = _rng(seed + number, "jvm")
        target, share = rng.choice(disturbances.TARGETS), rng.random()
        yield Planned(
            "jvm",
            target,
            seed + number,
            lambda t=target, s=share, n=number: _command(lake, scene, seconds, (t, s, seed + n)),
        )


def _at(scene: Scene, kind: str, point: Failpoint, happening: str, seed: int) -> Planned:
    step = PLACES[point.place].step
    do = lambda: at_failpoint(scene, point, happening, step=step, seed=seed)  # noqa: E731
    return Planned(kind, f"{happening}@{point}", seed, do)


def _disturbed(scene: Scene, kind: str, step: str, end: Callable, seed: int) -> Planned:  # type: ignore[type-arg]
    return Planned(kind, step, seed, lambda: disturbed(scene, end, step=step, seed=seed))


def _with_happenings(step: str, *, every: int) -> list[tuple[Failpoint, str]]:
    found = []
    for point in failpoints(step):
        committing = PLACES[point.place].owner in _COMMITTING
        kinds = (KILL, GONE, LOST, FULL) if committing else (KILL,)
        found += [(point, kind) for kind in kinds if point.moment in MOMENTS[kind]]
    return found[::every]


def _clocks(scene: Scene, count: int, seed: int) -> Iterator[Planned]:
    for number in range(count):
        rng = _rng(seed + number, "clock")
        step, hours, look = rng.choice(STEPS), rng.choice((-1, 1)), rng.randint(1, 12)

        def do(step: str = step, hours: int = hours, look: int = look, at: int = number) -> Judged:
            scene.lake.go_back(state_before(step))
            moved = replace(scene.night, clock_step=timedelta(hours=hours), clock_at=look)
            done = in_child(replace(moved, steps=STEPS[STEPS.index(step) :]))
            found, notes = second_attempt(scene, done, step=step, seed=seed + at)
            if done.code:
                notes.append(f"a clock that was set ended the night ({done.code}): {done.words}")
                found["lost"] += 1
            return found, notes

        yield Planned("clock", f"{step}{hours:+d}h@{look}", seed + number, do)


def _file_limit(scene: Scene, point: Failpoint, step: str, seed: int) -> Judged:
    """No process may write a longer file any more, as if the disk were full, from there on."""
    jvm = scene.night.jvm
    assert jvm  # noqa: S101  this scene is played on one
    hard = resource.prlimit(jvm.pid, resource.RLIMIT_FSIZE)[1]

    def limit() -> None:
        for pid in (0, jvm.pid):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (_FILE_BYTES, hard))

    scene.lake.go_back(state_before(step))
    try:
        done = in_child(replace(scene.night, steps=[step], armed=lambda: arm(point, limit)))
    finally:
        resource.prlimit(jvm.pid, resource.RLIMIT_FSIZE, (hard, hard))
    return second_attempt(scene, done, step=step, seed=seed, whole=False)


def _outage(scene: Scene, point: Failpoint, step: str, seed: int) -> Judged:
    """The server of both databases dies at a commit, and is started again before the rerun."""
    server = scene.lake.database
    assert isinstance(server, Server)  # noqa: S101  planned for it alone
    scene.lake.go_back(state_before(step))
    try:
        done = in_child(replace(scene.night, steps=[step], armed=lambda: arm(point, server.stop)))
    finally:
        server.start()
    return second_attempt(scene, done, step=step, seed=seed, whole=False)


def _command(lake: Lake, scene: Scene, seconds: list[float], how: tuple[str, float, int]) -> Judged:
    target, share, seed = how
    words = ("night", "--date", SECOND)
    if not seconds:
        lake.go_back(state_before("ingest"))
        begun = time.monotonic()
        disturbances.killed_command(lake, words, disturbances.COMMAND, 300.0)
        seconds.append(time.monotonic() - begun)
    lake.go_back(state_before("ingest"))
    done = disturbances.killed_command(lake, words, target, share * seconds[0])
    # The command has looked at the real clock.
    later = datetime.now(UTC) + timedelta(hours=1)
    return second_attempt(scene, done, step="ingest", seed=seed, now=later)


def _first_commit(step: str) -> Failpoint:
    names = {"ingest": "ingest.replace", "ask": "ask.append", "assemble": "assemble.insight"}
    return Failpoint(names[step], "before", 1)


def _rng(seed: int, kind: str) -> random.Random:
    return random.Random(f"{kind} {seed}")  # noqa: S311  a trial is repeated by its seed
