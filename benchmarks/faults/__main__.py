"""
Break nights in every way we can name, try again, and compare with an undisturbed run.

    python -m benchmarks.faults [--quick] [--trials N] [--seed S] [--kinds …] [--bugs]
"""

import argparse
import os
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import fields, replace
from pathlib import Path

from benchmarks.faults import bugs, plan
from benchmarks.faults.children import in_child
from benchmarks.faults.databases import DATABASES
from benchmarks.faults.jvm import warm_jvm
from benchmarks.faults.lake import lake_on
from benchmarks.faults.plan import KINDS, Counts, Planned
from benchmarks.faults.record import GOALS, Record, Trial, by_kind, code_version, missed, totals
from benchmarks.faults.scenes import marked_scene, night_scene

_RESULTS = Path(__file__).parents[1] / "results" / "faults.jsonl"
_QUICK_RESULTS = Path(".nightshelf") / "faults" / "trials.jsonl"
#: As many as fit into a few minutes.
QUICK = Counts(
    readers=2,
    publishers=2,
    orders=3,
    release=1,
    driver=1,
    host=1,
    worker=1,
    clock=0,
    jvm=0,
    every=13,
    every_of_night=40,
)


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    kinds, databases = given.kinds.split(","), given.databases.split(",")
    if unknown := {*kinds, *databases} - {*KINDS, *DATABASES}:
        say(
            f"unknown: {', '.join(sorted(unknown))}; kinds: {', '.join(KINDS)}; databases:"
            f" {', '.join(DATABASES)}"
        )
        return 2
    warnings.filterwarnings("ignore")
    # Told to end, it ends its servers and hosts, and clears its folders away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    counts = _counts(QUICK if given.quick else Counts(), given.trials)
    if given.bugs:
        return caught(given.seed, kinds)
    results = given.results or (_QUICK_RESULTS if given.quick else _RESULTS)
    record = Record.open(results.absolute(), code_version())
    until = time.monotonic() + 60 * given.minutes
    for database in databases:
        if time.monotonic() > until:
            break
        with planned(database, kinds, counts, given.seed) as found:
            try_all(record, (one for one in found if one.kind in kinds), database, until)
    return report(record)


def try_all(record: Record, found: Iterable[Planned], database: str, until: float) -> None:
    """Do those that are not yet on record; nothing is begun after `until`, on this clock."""
    for one in found:
        if time.monotonic() > until:
            say("the time is over; the next run goes on from here")
            return
        _do(record, one, database)


@contextmanager
def planned(
    database: str, kinds: Sequence[str], counts: Counts, seed: int
) -> Iterator[Iterable[Planned]]:
    """The trials, made as they are asked for; their lake lasts until the end of the block."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="nightshelf-faults-"))
        lake = stack.enter_context(lake_on(database, Path(folder)))

        def each() -> Iterator[Planned]:
            if plan.RELEASE in kinds:
                yield from plan.releasing(marked_scene(lake), counts, seed)
            yield from plan.together(lake, counts, seed)
            if set(kinds) & {*plan.WARM, *plan.COLD}:
                jvm = stack.enter_context(warm_jvm(lake.settings, lake.folder / "spark"))
                scene = night_scene(lake, jvm, seed)
                yield from plan.on_warm_jvm(lake, scene, counts, seed)
                yield from plan.with_cold_jvms(lake, scene, counts, seed)

        yield each()


def caught(seed: int, kinds: Sequence[str]) -> int:
    """Put each deliberate bug in, and see whether the trials show it; 1 where one gets away."""
    away = 0
    for name, (bug, kind) in bugs.BUGS.items():
        if kind not in kinds:
            continue
        done = in_child(lambda bug=bug, kind=kind: _with_bug(bug, kind, seed))
        found = done.value if done.code == 0 else ""
        away += not found
        why = f": the harness itself ended: {done.words[-300:]}" if done.code else ""
        say(f"BUG {name} {'caught: ' + found if found else 'NOT CAUGHT' + why}")
    return int(away > 0)


def _with_bug(bug: object, kind: str, seed: int) -> str:
    """In a child: what the first trial that shows the bug says; empty where none does."""
    bug()  # type: ignore[operator]
    counts = replace(QUICK, orders=6, readers=0, publishers=0, every=4, every_of_night=9)
    with planned("sqlite", [kind], counts, seed) as found:
        for one in found:
            if one.kind == kind:
                figures, notes = one.do()
                if wrong := missed({**dict.fromkeys(GOALS, 0), **figures}):
                    return f"{'; '.join(wrong)} at {one.name} ({'; '.join(notes)[:200]})"
    return ""


def _do(record: Record, one: Planned, database: str) -> None:
    if (one.kind, database, one.name, one.seed) in record.known:
        return
    begun = time.monotonic()
    try:
        figures, notes = one.do()
    except RuntimeError as error:  # the harness could not do what was planned
        figures, notes = {"broken_trials": 1}, [str(error)]
    seconds = round(time.monotonic() - begun, 2)
    trial = Trial(one.kind, database, one.name, one.seed, figures, seconds, one.times, tuple(notes))
    record.add(trial)
    wrong = f"  WRONG {'; '.join(notes)}" if notes else ""
    say(f"{one.kind} {database} {one.name} {one.seed}: {seconds} s{wrong}")


def report(record: Record) -> int:
    """What is on record adds up to; 1 where a goal is missed, or nothing was tried."""
    found = totals(record.trials)
    for name, count in {**by_kind(record.trials), **found}.items():
        say(f"FIGURE {name} {count}")
    versions = {one.commit for one in record.trials}
    say(f"FIGURE versions_of_the_code {len(versions)}")
    wrong = missed(found)
    for line in wrong:
        say(f"MISSED {line}")
    return int(bool(wrong or not record.trials))


def _counts(counts: Counts, trials: int | None) -> Counts:
    """`--trials` sets how many there are of each kind that is drawn by chance."""
    if trials is None:
        return counts
    return replace(counts, **{f.name: trials for f in fields(counts) if "every" not in f.name})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few of each kind, in minutes")
    parser.add_argument("--trials", type=int, help="of each kind that is drawn by chance")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--databases", default=",".join(DATABASES))
    parser.add_argument("--minutes", type=float, default=1e6, help="begin nothing later than that")
    parser.add_argument("--results", type=Path, help="the file that trials are appended to")
    parser.add_argument("--bugs", action="store_true", help="are deliberate bugs caught?")
    return parser


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    code = main()
    # Without the clean-up of libraries that were forked away from.
    sys.stdout.flush()
    os._exit(code)
