from datetime import UTC, datetime

import pytest

from nightshelf.night.step import run_name
from nightshelf.ops import leases, runs
from nightshelf.ops.database import open_ops
from nightshelf.ops.leases import Claim

DATE = "2026-03-01"
WORDS = ("--date", DATE, "--origin", "manual__1")


@pytest.fixture
def ops(settings):
    return open_ops(settings.ops_database)


@pytest.fixture
def delivered(settings):
    folder = settings.landing / "reviews" / f"date={DATE}"
    folder.mkdir(parents=True)
    (folder / "_SUCCESS").touch()


def test_a_date_with_input_is_taken_for_the_run(run, ops, delivered):
    assert run("ready", *WORDS) == (0, f"input for {DATE} is complete\n", "")
    far = datetime(2099, 1, 1, tzinfo=UTC).timestamp()
    ours = Claim(run_name(DATE, "manual__1"))
    assert leases.acquire(ops, f"date:{DATE}", Claim("other"), now=0, seconds=1) == ours.owner
    assert leases.acquire(ops, f"date:{DATE}", ours, now=far, seconds=1) is None


def test_a_date_of_another_run_is_not_ready(run, ops, delivered):
    far = datetime(2099, 1, 1, tzinfo=UTC).timestamp()
    leases.acquire(ops, f"date:{DATE}", Claim("other"), now=far, seconds=1)
    code, printed, complaint = run("ready", *WORDS)
    assert (code, printed) == (14, "")
    assert complaint.startswith(f"nightshelf: run other works on {DATE}")


@pytest.mark.parametrize("words", [("night", *WORDS[:2]), ("ready", *WORDS)], ids=lambda w: w[0])
def test_a_night_whose_input_is_missing_does_not_begin(run, ops, words):
    code, printed, complaint = run(*words)
    assert (code, printed) == (13, "")
    assert complaint.startswith(f"nightshelf: input for {DATE} is missing")
    assert runs.recent_runs(ops) == []


def test_runs_are_listed_newest_first(run, ops):
    for day in (1, 2, 3):
        at = datetime(2026, 3, day, 1, tzinfo=UTC)
        runs.open_run(ops, f"run{day}", date=f"2026-03-0{day}", step="ask", now=at)
    runs.update_run(ops, "run2", state=runs.RELEASED, release=7)
    runs.update_run(ops, "run3", state=runs.FAILED, error="disk full\nmore")
    _, printed, _ = run("runs", "--limit", "2")
    assert printed.splitlines() == [
        "run3  2026-03-03  failed  ask  2026-03-03 01:00  disk full",
        "run2  2026-03-02  released  ask  2026-03-02 01:00  release 7",
    ]
