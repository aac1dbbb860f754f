import pytest

from nightshelf.errors import AuditError, NightshelfError, ReleaseConflict
from nightshelf.lakehouse.branches import (
    branch_of,
    branch_snapshots,
    drop_branches,
    open_branches,
)
from nightshelf.lakehouse.catalog import ensure_tables, local_name
from nightshelf.lakehouse.release import base_snapshots, releases
from nightshelf.lakehouse.rollback import rollback
from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import REVIEW_SENTIMENT, SHELF
from nightshelf.night import publish
from nightshelf.night.frozen import newest_release
from nightshelf.night.publish import publish_run
from nightshelf.ops import runs
from nightshelf.ops.decisions import Decision, approve

DATE = "2026-03-01"
FILE = {"dataset": "reviews", "date": DATE, "name": "f", "bytes": 1, "mtime_ns": 1, "sha256": "s"}


@pytest.fixture(autouse=True)
def tables(context):
    ensure_tables(context.catalog, {})


def assemble(context, run, content, *, violations=()):
    """As the job of `assemble` leaves a run: a branch, and what lies on it written down."""
    newest, branch = newest_release(context), branch_of(run)
    open_branches(context.catalog, base_snapshots(context.catalog, newest), branch=branch)
    table = context.catalog.load_table(local_name(REVIEW_SENTIMENT))
    table.append(TABLES[REVIEW_SENTIMENT].schema.empty_table(), branch=branch)
    runs.open_run(context.ops, run, date=DATE, step="release", now=context.clock())
    runs.update_run(
        context.ops,
        run,
        dates={DATE: "the night itself"},
        models={"sentiment": "m"},
        files={"files": [{**FILE, "mode": None}]},
        assembled={
            "parent": newest.release if newest else 0,
            "tables": branch_snapshots(context.catalog, SHELF, branch=branch),
            "digests": {REVIEW_SENTIMENT: content},
            "violations": list(violations),
        },
    )


def seen(context):
    return [(one.release, one.parent, one.run) for one in releases(context.catalog)]


def ended(context, run):
    row = runs.read_run(context.ops, run)
    return row["state"], row["release"], row["ended_at"] is not None


def has_branch(context, run):
    refs = context.catalog.load_table(local_name(REVIEW_SENTIMENT)).refs()
    return branch_of(run) in refs


def test_a_night_is_released_once_and_its_branch_goes(context, lines):
    assemble(context, "one", "a")
    publish_run(context, "one")
    [found] = releases(context.catalog)
    row = runs.read_run(context.ops, "one")
    assert (found.kind, found.dates, found.models) == ("night", (DATE,), {"sentiment": "m"})
    assert (found.tables, found.released_at) == (row["assembled"]["tables"], context.clock())
    assert ended(context, "one") == (runs.RELEASED, 1, True)
    assert not has_branch(context, "one")
    assert [row["name"] for row in runs.known_files(context.ops, "reviews")] == ["f"]
    assert lines == [f"release: 1 ({DATE})"]


@pytest.mark.parametrize(
    ("content", "state", "numbers"),
    [("a", runs.UNCHANGED, [1]), ("b", runs.RELEASED, [1, 2])],
)
def test_content_that_readers_see_already_is_not_released_again(context, content, state, numbers):
    assemble(context, "one", "a")
    publish_run(context, "one")
    assemble(context, "two", content)
    publish_run(context, "two")
    assert [one.release for one in releases(context.catalog)] == numbers
    assert ended(context, "two") == (state, numbers[-1], True)
    assert not has_branch(context, "two")


def test_what_was_assembled_on_an_older_release_is_a_conflict(context):
    assemble(context, "late", "a")
    assemble(context, "first", "b")
    publish_run(context, "first")
    with pytest.raises(ReleaseConflict, match="release 1 came after 0, on which run late"):
        publish_run(context, "late")
    assert seen(context) == [(1, 0, "first")]
    assert ended(context, "late") == (runs.RUNNING, None, False)
    assemble(context, "late", "ab")
    publish_run(context, "late")
    assert seen(context) == [(1, 0, "first"), (2, 1, "late")]


@pytest.mark.parametrize("dies_at", ["settle", "drop_branches"])
def test_a_crash_after_the_commit_is_recognised(context, monkeypatch, dies_at):
    def die(*_, **__):
        raise SystemExit(137)

    assemble(context, "one", "a")
    with monkeypatch.context() as patch:
        patch.setattr(publish, dies_at, die)
        with pytest.raises(SystemExit):
            publish_run(context, "one")
    assert seen(context) == [(1, 0, "one")]
    assert ended(context, "one") == (runs.RUNNING, None, False)
    publish_run(context, "one")
    assert seen(context) == [(1, 0, "one")]
    assert ended(context, "one") == (runs.RELEASED, 1, True)
    assert not has_branch(context, "one")


def test_a_rollback_to_a_runs_release_is_not_its_next_one(context):
    assemble(context, "one", "a")
    publish_run(context, "one")
    assemble(context, "two", "b")
    publish_run(context, "two")
    assemble(context, "one", "c")
    rollback(context.catalog, 1, reason="", now=context.clock())
    with pytest.raises(ReleaseConflict):
        publish_run(context, "one")


def test_what_maintenance_cleared_away_is_assembled_again(context):
    assemble(context, "one", "a")
    drop_branches(context.catalog, SHELF, branch=branch_of("one"))
    with pytest.raises(ReleaseConflict, match="what run one assembled has been cleared away"):
        publish_run(context, "one")
    assert seen(context) == []


def test_what_a_person_approved_is_released_and_what_was_assembled_since_is_not(context):
    assemble(context, "one", "a", violations=["label_drift is 1"])
    decision = Decision("ada", "a sale", context.clock())
    approve(context.ops, "one", decision, said="approved by ada")
    assemble(context, "one", "b", violations=["label_drift is 1"])
    with pytest.raises(AuditError):
        publish_run(context, "one")
    approve(context.ops, "one", decision, said="approved by ada")
    publish_run(context, "one")
    assert [one.reason for one in releases(context.catalog)] == ["approved by ada"]
    assert ended(context, "one") == (runs.RELEASED, 1, True)


def test_what_was_not_assembled_is_not_released(context):
    assemble(context, "one", "a")
    runs.update_run(context.ops, "one", assembled={})
    with pytest.raises(NightshelfError, match="run one has nothing to release: assemble it first"):
        publish_run(context, "one")
    assert seen(context) == []


def test_what_the_audit_held_stays_held_when_its_release_is_asked_for(context):
    assemble(context, "one", "a", violations=["keys are unique: 3 twice"])
    with pytest.raises(AuditError, match=r"release of run one is held.*: keys are unique: 3 twice"):
        publish_run(context, "one")
    assert seen(context) == []
