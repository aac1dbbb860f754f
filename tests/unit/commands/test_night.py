from datetime import UTC, datetime

import pytest

from nightshelf.ops import runs
from nightshelf.ops.database import open_ops

DAY = ("--date", "2026-03-01")


@pytest.fixture
def ops(settings):
    return open_ops(settings.ops_database)


def test_runs_are_listed_newest_first_in_one_line_each(nightshelf, ops):
    for hour, run in ((1, "one"), (3, "three"), (2, "two")):
        started = datetime(2026, 3, 2, hour, tzinfo=UTC)
        runs.open_run(ops, run, date="2026-03-01", step="release", now=started)
    runs.update_run(ops, "one", state=runs.RELEASED, release=7)
    runs.update_run(ops, "two", state=runs.FAILED, error="disk full\nand more")
    said = nightshelf("runs")
    assert said.out.splitlines() == [
        "three  2026-03-01  running  release  2026-03-02 03:00",
        "two  2026-03-01  failed  release  2026-03-02 02:00  disk full",
        "one  2026-03-01  released  release  2026-03-02 01:00  release 7",
    ]
    assert nightshelf("runs", "--limit", "1").out == said.out.splitlines(keepends=True)[0]
    assert nightshelf("runs", "--limit", "0").out == ""


def test_no_runs_are_no_lines(nightshelf):
    assert nightshelf("runs").out == ""


@pytest.fixture
def deliver(settings):
    def close(dataset="reviews", date="2026-03-01"):
        folder = settings.landing / dataset / f"date={date}"
        folder.mkdir(parents=True)
        (folder / "_SUCCESS").touch()

    return close


def ready(nightshelf, date, origin):
    return nightshelf("ready", "--date", date, "--origin", origin)


def test_ready_waits_for_input_and_then_for_another_run(nightshelf, deliver):
    # A date whose deadline will not pass while this code is in use.
    date = "2199-03-01"
    said = ready(nightshelf, date, "one")
    assert (said.code, said.out) == (14, "")
    assert said.err.startswith("nightshelf: waiting until 2199-03-02 08:00 UTC: ")

    deliver(date=date)
    for _ in range(2):
        said = ready(nightshelf, date, "one")
        assert (said.code, said.out) == (0, f"input for {date} is complete\n")
    said = ready(nightshelf, date, "other")
    assert said.code == 14
    assert f"works on {date}; this one begins when that has ended" in said.err


@pytest.mark.parametrize("words", [("night",), ("ready", "--origin", "x")], ids=["night", "ready"])
def test_input_that_never_came_is_missing(nightshelf, words):
    said = nightshelf(*words, "--date", "2020-03-01")
    assert (said.code, said.out) == (13, "")
    assert said.err.startswith("nightshelf: input for 2020-03-01 is missing, its deadline was")


@pytest.mark.parametrize(
    "words", [("night", *DAY), ("runs",), ("releases",), ("down",)], ids=lambda words: words[0]
)
def test_a_setting_that_is_wrong_ends_every_command(nightshelf, monkeypatch, words):
    monkeypatch.setenv("NIGHTSHELF_TIME_ZONE", "Mars")
    said = nightshelf(*words)
    assert (said.code, said.out) == (10, "")
    assert said.err.startswith("nightshelf: NIGHTSHELF_TIME_ZONE: no time zone is called 'Mars'")
