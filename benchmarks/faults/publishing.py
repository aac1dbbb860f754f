"""Many publish and many read at once: one order of events, and no reader sees a mixture."""

import random
import time
from collections.abc import Callable, Sequence

from benchmarks.faults.children import Child, Outcome, in_child, value_of
from benchmarks.faults.judging import chain_broken
from benchmarks.faults.lake import Lake
from benchmarks.faults.marked import (
    assemble,
    dates_of,
    is_mixed,
    make_tables,
    release,
    shown,
)
from nightshelf.errors import ReleaseConflict
from nightshelf.lakehouse.catalog import local_name
from nightshelf.lakehouse.release import ROLLBACK, releases
from nightshelf.lakehouse.rollback import rollback
from nightshelf.names import SHELF
from nightshelf.night.publish import publish_run

Found = dict[str, int]


def readers(lake: Lake, count: int) -> tuple[Found, list[str], int]:
    """
    Readers pin the newest release again and again while `count` releases are published.

    Return what was found, in words as well, and how many times a reader has looked.
    """
    lake.clear()
    value_of(lambda: make_tables(lake.context()))
    value_of(lambda: _publish(lake, "first", "2026-03-01"))
    ended = lake.folder / "published"
    ended.unlink(missing_ok=True)

    def read() -> tuple[int, list[str]]:
        context, looks, wrong = lake.context(), 0, []
        while not ended.exists():
            number = releases(context.catalog)[-1].release
            seen = shown(context, number)
            looks += 1
            if is_mixed(seen):
                wrong.append(f"release {number}: {seen}")
        return looks, wrong

    def write() -> None:
        for number in range(count):
            _publish(lake, f"run{number}", f"2026-03-{1 + number % 3:02d}")

    watching = [Child(read) for _ in range(2)]
    writing = Child(write).wait(seconds=3600.0)
    ended.touch()
    looked = [child.wait() for child in watching]
    notes = [one.words for one in (writing, *looked) if one.code]
    mixed = [line for one in looked if one.value for line in one.value[1]]
    found = {"mixed_reads": len(mixed), "publish_anomalies": len(notes)}
    return found, [*notes, *mixed], sum(one.value[0] for one in looked if one.value)


def two_publishers(lake: Lake, rounds: int) -> tuple[Found, list[str]]:
    """Two runs of one date, assembled on one release, publish at the same moment."""
    lake.clear()
    value_of(lambda: make_tables(lake.context()))
    wrong = [line for number in range(rounds) for line in _round(lake, number)]
    wrong += value_of(lambda: chain_problems(lake))
    return {"publish_anomalies": len(wrong)}, wrong


def _round(lake: Lake, number: int) -> list[str]:
    day, names = "2026-03-01", [f"a{number}", f"b{number}"]

    def prepare() -> None:
        for run in names:
            assemble(lake.context(), run, day)

    value_of(prepare)
    start = time.time() + 0.15
    racing = [Child(lambda run=run: _at(lake, run, start)) for run in names]
    done = [child.wait() for child in racing]
    seen = value_of(
        lambda: (dates_of(shown(lake.context())), len(releases(lake.context().catalog)))
    )
    winners = [run for run, one in zip(names, done, strict=True) if one.code == 0]
    losers = [one for one in done if one.code == ReleaseConflict.exit_code]
    if len(winners) == 1 and len(losers) == 1 and seen == ({day: winners[0]}, number + 1):
        return []
    ends = [(one.code, one.words[-300:]) for one in done]
    return [f"round {number}: winners {winners}, readers see {seen}, ends {ends}"]


def _at(lake: Lake, run: str, start: float) -> None:
    context = lake.context()
    context.catalog.load_table(local_name(SHELF[0]))  # what takes time is done before
    time.sleep(max(0.0, start - time.time()))
    publish_run(context, run)


def orders(lake: Lake, seed: int) -> tuple[Found, list[str]]:
    """
    The phases of two nights, a backfill and a rollback, in an order that `seed` picks.

    Two of three are done one after the other, the third time all actors run at once.
    """
    lake.clear()
    value_of(lambda: make_tables(lake.context()))
    for number in (1, 2):
        value_of(lambda n=number: _publish(lake, f"base{n}", f"2026-03-{n:02d}"))
    mixed = random.Random(seed)  # noqa: S311  a trial is repeated by its seed
    if seed % 3 == 2:
        racing = [Child(lambda p=phases: _all(p)) for phases in _actors(lake).values()]
        ends = [child.wait() for child in racing]
    else:
        ends = _one_by_one(_actors(lake), mixed)
    wrong = [f"{one.code}: {one.words[-500:]}" for one in ends if one.code]
    wrong += value_of(lambda: chain_problems(lake))
    return {"publish_anomalies": len(wrong)}, wrong


Phase = Callable[[], object]


def _actors(lake: Lake) -> dict[str, Sequence[Phase]]:
    """Who works on the lake at once; maintenance belongs here as one more."""

    def night(run: str, day: str) -> Sequence[Phase]:
        return (
            lambda: assemble(lake.context(), run, day),
            lambda: release(lake.context(), run, day),
        )

    def back() -> None:
        context = lake.context()
        for _ in range(8):
            try:
                rollback(context.catalog, 1, reason="", now=context.clock())
            except ReleaseConflict:
                continue
            return

    return {
        "nightly": night("nightly", "2026-03-03"),
        "again": night("again", "2026-03-02"),
        "backfill": night("backfill", "2026-03-01"),
        "rollback": (back,),
    }


def _all(phases: Sequence[Phase]) -> None:
    for phase in phases:
        phase()


def _one_by_one(actors: dict[str, Sequence[Phase]], mixed: random.Random) -> list[Outcome]:
    left = {name: list(phases) for name, phases in actors.items()}
    ends = []
    while left:
        name = mixed.choice(sorted(left))
        ends.append(in_child(left[name].pop(0)))
        if not left[name]:
            del left[name]
    return ends


def chain_problems(lake: Lake) -> list[str]:
    """What is wrong with the releases: they are one chain, each shows what its order says."""
    context = lake.context()
    wrong = chain_broken(context)
    found = releases(context.catalog)
    expected: dict[str, str] = {}
    pictures: dict[int, dict[str, str]] = {}
    for one in found:
        seen = shown(context, one.release)
        if one.kind == ROLLBACK:
            same = [p.release for p in found if p.tables == one.tables]
            expected = pictures.get(same[0], {})
        else:
            expected = {**expected, **dict.fromkeys(one.dates, one.run)}
        pictures[one.release] = expected
        if is_mixed(seen):
            wrong.append(f"release {one.release} is a mixture: {seen}")
        elif dates_of(seen) != expected:
            wrong.append(f"release {one.release} shows {dates_of(seen)}, not {expected}")
    return wrong


def _publish(lake: Lake, run: str, day: str) -> None:
    context = lake.context()
    assemble(context, run, day)
    release(context, run, day)
