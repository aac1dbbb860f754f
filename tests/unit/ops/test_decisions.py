from datetime import UTC, datetime, timedelta

import pytest

from nightshelf.ops import decisions, runs
from nightshelf.ops.database import open_ops
from nightshelf.ops.decisions import Decision

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ADA = Decision("ada", "a sale", NOW)


@pytest.fixture
def ops():
    return open_ops("sqlite://")


def add(ops, run, state, *dates, hours=0):
    runs.open_run(ops, run, date=dates[0], step="release", now=NOW + timedelta(hours=hours))
    assembled = {"tables": {"t": hours}}
    runs.update_run(ops, run, state=state, dates=dict.fromkeys(dates, ""), assembled=assembled)


def test_an_approval_is_of_what_is_assembled_now(ops):
    add(ops, "n1", runs.HELD, "d1")
    assert not decisions.is_approved(runs.read_run(ops, "n1"))
    decisions.approve(ops, "n1", ADA, said="fine")
    row = runs.read_run(ops, "n1")
    assert decisions.is_approved(row)
    assert (row["decision"]["who"], row["decision"]["said"]) == ("ada", "fine")
    runs.update_run(ops, "n1", assembled={"tables": {"t": 2}})
    assert not decisions.is_approved(runs.read_run(ops, "n1"))


def test_a_dismissal_is_no_approval_and_waits_no_more(ops):
    add(ops, "n1", runs.HELD, "d1")
    add(ops, "n2", runs.HELD, "d2", hours=1)
    add(ops, "n3", runs.FAILED, "d3", hours=2)
    assert [row["run"] for row in decisions.held_runs(ops)] == ["n1", "n2"]
    decisions.dismiss_run(ops, "n1", ADA)
    assert [row["run"] for row in decisions.held_runs(ops)] == ["n2"]
    row = runs.read_run(ops, "n1")
    assert (row["state"], decisions.is_approved(row)) == ("dismissed", False)


def test_a_dismissed_date_waits_again_when_a_later_rollback_withdraws_it(ops):
    decisions.dismiss_dates(ops, {"d2": 4}, ADA)
    assert decisions.not_dismissed(ops, {"d2": 4, "d3": 4}) == {"d3": 4}
    assert decisions.not_dismissed(ops, {"d2": 9}) == {"d2": 9}


@pytest.mark.parametrize(
    ("state", "dates", "hours", "counts"),
    [
        (runs.RELEASED, ("d1",), 1, True),
        (runs.HELD, ("d9", "d1"), 1, True),
        (runs.UNCHANGED, ("d1",), 1, True),
        (runs.FAILED, ("d1",), 1, False),
        (runs.RUNNING, ("d1",), 1, False),
        (runs.DISMISSED, ("d1",), 1, False),
        (runs.RELEASED, ("d2",), 1, False),
        (runs.RELEASED, ("d1",), -1, False),
    ],
)
def test_a_later_run_of_the_date_counts(ops, state, dates, hours, counts):
    add(ops, "old", runs.HELD, "d1")
    add(ops, "new", state, *dates, hours=hours)
    found = decisions.superseded_by(ops, runs.read_run(ops, "old"))
    assert found == ("new" if counts else None)
