import pytest

from nightshelf.errors import JobError, LeaseLost
from nightshelf.names import MAINTENANCE
from nightshelf.night import maintain
from nightshelf.night.lease import try_take
from nightshelf.night.maintain import report_lines, run_maintenance
from nightshelf.ops import maintenance
from nightshelf.ops.leases import Claim, live

EMPTY = {"tables": {}, "left": [], "branches": [], "bytes_freed": 0}


def table(files, size, *, after=None, **done):
    after = after or (files, size)
    sizes = [{"files": f, "bytes": b} for f, b in ((files, size), after)]
    return {"before": sizes[0], "after": sizes[1], **done}


@pytest.mark.parametrize(
    ("report", "dry_run", "lines"),
    [
        (EMPTY, False, ["freed: 0 bytes"]),
        (
            EMPTY | {"tables": {"t": table(3, 10, folded=0)}, "bytes_freed": 1_500_000},
            False,
            ["freed: 1.5 MB"],
        ),
        (
            EMPTY | {"tables": {"t": table(30, 5000, after=(2, 999), folded=28, snapshots=7)}},
            False,
            ["t  30 files, 5.0 kB -> 2 files, 999 bytes  28 folded, 7 snapshots", "freed: 0 bytes"],
        ),
        (
            EMPTY | {"branches": ["run_a", "run_b"], "left": ["t: others committed"]},
            True,
            [
                "branches dropped: run_a, run_b",
                "left: t: others committed",
                "a dry run: the counts are what maintenance would do; nothing was changed",
            ],
        ),
    ],
)
def test_what_it_says_in_the_end(report, dry_run, lines):
    assert list(report_lines(report, dry_run=dry_run)) == lines


@pytest.fixture
def job(context, monkeypatch):
    """Stands for the job: it leaves what it is given in the operations database, and a code."""

    def stand_in(code, **values):
        def of_run(_context, _date, run, _environ):
            def do(step):
                assert step == MAINTENANCE
                assert live(context.ops, MAINTENANCE, now=context.clock().timestamp())
                maintenance.update_maintenance(context.ops, run, **values)
                return code

            return do

        monkeypatch.setattr(maintain, "each_by_itself", of_run)

    return stand_in


def test_it_is_written_down_and_gives_its_lease_back(context, job, lines):
    job(0, report=EMPTY)
    run = run_maintenance(context, {}, dry_run=True)
    row = maintenance.read_maintenance(context.ops, run)
    assert (row["state"], row["dry_run"], row["report"]) == ("done", True, EMPTY)
    assert lines == [*report_lines(EMPTY, dry_run=True)]
    assert live(context.ops, MAINTENANCE, now=context.clock().timestamp()) == []


@pytest.mark.parametrize(
    ("code", "values", "message"),
    [
        (1, {"error": "t reads otherwise"}, "t reads otherwise"),
        (1, {"report": EMPTY}, "maintenance ended with exit code 1; its output"),
        (-9, {"error": None}, "maintenance ended with exit code -9; its output says why"),
        (0, {"error": None}, "maintenance ended with exit code 0"),
    ],
)
def test_what_stopped_it_is_said(context, job, code, values, message):
    job(code, **values)
    with pytest.raises(JobError, match=message):
        run_maintenance(context, {}, dry_run=False)
    [run] = maintenance.other_maintenance(context.ops, "")
    row = maintenance.read_maintenance(context.ops, run)
    assert (row["state"], row["ended_at"] is not None) == ("failed", True)
    assert message in row["error"]
    assert live(context.ops, MAINTENANCE, now=context.clock().timestamp()) == []


def test_there_is_one_at_a_time(context, job):
    job(0, report=EMPTY)
    assert try_take(context, MAINTENANCE, Claim("m1")) is None
    with pytest.raises(LeaseLost, match="maintenance is held by run m1; wait for it to end"):
        run_maintenance(context, {}, dry_run=False)
    assert maintenance.other_maintenance(context.ops, "") == []
    assert live(context.ops, "main", now=context.clock().timestamp()) == [MAINTENANCE]
