from datetime import UTC, datetime

import pytest
from pyiceberg.exceptions import CommitFailedException

from nightshelf.errors import NightshelfError, ReleaseConflict
from nightshelf.lakehouse import branches
from nightshelf.lakehouse import rollback as rollback_module
from nightshelf.lakehouse.catalog import ensure_tables, local_name, open_catalog
from nightshelf.lakehouse.release import (
    Release,
    base_snapshots,
    dates_shown,
    publish,
    release_numbered,
    releases,
    settle,
)
from nightshelf.lakehouse.rollback import rollback
from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import REVIEW_SENTIMENT, SHELF
from nightshelf.settings import Settings

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def catalog(tmp_path):
    opened = open_catalog(Settings(home=tmp_path))
    ensure_tables(opened, {})
    return opened


def night(catalog, number, *, date="2026-03-01", run=None):
    """A release whose review_sentiment has a snapshot of its own."""
    table = catalog.load_table(local_name(REVIEW_SENTIMENT))
    table.append(TABLES[REVIEW_SENTIMENT].schema.empty_table())
    snapshot = table.current_snapshot().snapshot_id
    newest = releases(catalog)[-1] if releases(catalog) else None
    tables = {**base_snapshots(catalog, newest), REVIEW_SENTIMENT: snapshot}
    return Release(
        release=number,
        parent=number - 1,
        kind="night",
        run=run or f"run{number}",
        released_at=NOW,
        tables=tables,
        digests={REVIEW_SENTIMENT: str(number)},
        models={"sentiment": "m"},
        dates=(date,),
    )


def main_of(catalog, table):
    return catalog.load_table(local_name(table)).current_snapshot().snapshot_id


def test_what_was_published_is_read_back(catalog):
    released = night(catalog, 1)
    publish(catalog, released)
    assert releases(catalog) == [released]
    assert release_numbered(catalog, None) == released


def test_making_tables_again_changes_nothing(catalog):
    before = {table: main_of(catalog, table) for table in SHELF}
    ensure_tables(catalog, {})
    assert {table: main_of(catalog, table) for table in SHELF} == before


def test_a_run_that_wakes_up_late_publishes_nothing(catalog):
    late = night(catalog, 1, run="late")
    publish(catalog, night(catalog, 1))
    publish(catalog, night(catalog, 2))
    with pytest.raises(ReleaseConflict):
        publish(catalog, late)
    assert [one.run for one in releases(catalog)] == ["run1", "run2"]


def test_two_at_the_same_moment_have_one_winner(catalog, monkeypatch):
    one, other = night(catalog, 1, run="one"), night(catalog, 1, run="other")
    load = catalog.load_table

    def load_then_lose(name):
        table = load(name)
        monkeypatch.setattr(catalog, "load_table", load)
        # Between our look at the newest release and our commit the other one commits.
        publish(catalog, other)
        return table

    monkeypatch.setattr(catalog, "load_table", load_then_lose)
    with pytest.raises(ReleaseConflict):
        publish(catalog, one)
    assert [found.run for found in releases(catalog)] == ["other"]


def test_settling_moves_every_main_and_is_idempotent(catalog):
    publish(catalog, night(catalog, 1))
    publish(catalog, released := night(catalog, 2))
    night(catalog, 3)  # moves main of review_sentiment away
    for _ in range(2):
        settle(catalog)
        assert {table: main_of(catalog, table) for table in SHELF} == dict(released.tables)
    refs = catalog.load_table(local_name(REVIEW_SENTIMENT)).refs()
    assert refs["release_2"].snapshot_id == released.tables[REVIEW_SENTIMENT]


def tags(catalog):
    refs = catalog.load_table(local_name(REVIEW_SENTIMENT)).refs()
    return {ref: one.snapshot_id for ref, one in refs.items() if ref.startswith("release_")}


def test_a_release_whose_process_died_before_it_settled_is_tagged_by_a_later_one(catalog):
    found = [night(catalog, 1)]
    for number in (2, 3, 4):
        publish(catalog, found[-1])
        found.append(night(catalog, number))
    publish(catalog, found[-1])
    # A tag of that name that points elsewhere is of a rollback that lost.
    table = catalog.load_table(local_name(REVIEW_SENTIMENT))
    wrong = found[0].tables[REVIEW_SENTIMENT]
    table.manage_snapshots().create_tag(wrong, "release_3").commit()
    settle(catalog, kept=3)
    assert tags(catalog) == {
        f"release_{n}": found[n - 1].tables[REVIEW_SENTIMENT] for n in (2, 3, 4)
    }


def test_settling_beside_another_commit_is_tried_again(catalog, monkeypatch):
    publish(catalog, released := night(catalog, 1))
    monkeypatch.setattr("nightshelf.lakehouse.refs._PAUSE_SECONDS", 0)
    commit, beside = catalog.commit_table, iter([True] * 3)

    def commit_late(*what):
        if next(beside, False):
            raise CommitFailedException("another process has updated the table")
        return commit(*what)

    monkeypatch.setattr(catalog, "commit_table", commit_late)
    settle(catalog)
    assert tags(catalog) == {"release_1": released.tables[REVIEW_SENTIMENT]}


def test_a_rollback_beside_a_release_comes_after_it(catalog, monkeypatch):
    publish(catalog, first := night(catalog, 1, date="2026-03-01"))
    publish(catalog, night(catalog, 2, date="2026-03-02"))
    late = night(catalog, 3, date="2026-03-03")
    commit = rollback_module.publish

    def publish_after_a_night(opened, release):
        if release.release == 3:
            commit(opened, late)
        commit(opened, release)

    monkeypatch.setattr(rollback_module, "publish", publish_after_a_night)
    done = rollback(catalog, 1, reason="", now=NOW)
    assert (done.release, done.parent, done.tables) == (4, 3, first.tables)
    assert done.withdrawn == ("2026-03-02", "2026-03-03")
    # Its first attempt had tagged what was to become release 3.
    assert tags(catalog)["release_3"] == late.tables[REVIEW_SENTIMENT]
    assert tags(catalog)["release_4"] == first.tables[REVIEW_SENTIMENT]


def test_rollback_to_what_has_expired_says_so_and_releases_nothing(catalog):
    publish(catalog, night(catalog, 1))
    publish(catalog, night(catalog, 2))
    settle(catalog, kept=1)
    table = catalog.load_table(local_name(REVIEW_SENTIMENT))
    table.maintenance.expire_snapshots().by_id(
        releases(catalog)[0].tables[REVIEW_SENTIMENT]
    ).commit()
    with pytest.raises(
        NightshelfError, match=r"release 1 is no longer kept: lake.shelf.review_sent"
    ):
        rollback(catalog, 1, reason="", now=NOW)
    assert len(releases(catalog)) == 2
    settle(catalog)  # and what is gone gets no tag
    assert set(tags(catalog)) == {"release_2"}


def test_rollback_is_a_release_that_marks_what_it_withdraws(catalog):
    publish(catalog, first := night(catalog, 1, date="2026-03-01"))
    publish(catalog, night(catalog, 2, date="2026-03-02"))
    publish(catalog, night(catalog, 3, date="2026-03-03"))
    done = rollback(catalog, 1, reason="", now=NOW)
    assert (done.release, done.parent, done.tables) == (4, 3, first.tables)
    assert done.withdrawn == ("2026-03-02", "2026-03-03")
    assert main_of(catalog, REVIEW_SENTIMENT) == first.tables[REVIEW_SENTIMENT]


def test_the_dates_shown_follow_rollbacks(catalog):
    assert dates_shown([]) == set()
    for number in (1, 2, 3):
        publish(catalog, night(catalog, number, date=f"2026-03-0{number}"))
    assert dates_shown(releases(catalog)) == {"2026-03-01", "2026-03-02", "2026-03-03"}
    rollback(catalog, 2, reason="", now=NOW)
    assert dates_shown(releases(catalog)) == {"2026-03-01", "2026-03-02"}
    publish(catalog, night(catalog, 5, date="2026-03-03"))
    assert dates_shown(releases(catalog)) == {"2026-03-01", "2026-03-02", "2026-03-03"}


@pytest.mark.parametrize(
    ("number", "message"), [(7, "there is no release 7"), (2, "release 2 shows")]
)
def test_rollback_refuses(catalog, number, message):
    publish(catalog, night(catalog, 1))
    publish(catalog, night(catalog, 2))
    with pytest.raises(NightshelfError, match=message):
        rollback(catalog, number, reason="", now=NOW)
    assert len(releases(catalog)) == 2


def test_nothing_released_yet_says_what_to_do(catalog):
    with pytest.raises(NightshelfError, match="nightshelf night"):
        release_numbered(catalog, None)


def test_a_branch_starts_anew_at_its_base(catalog):
    base = base_snapshots(catalog, None)
    for _ in range(2):
        branches.open_branches(catalog, base, branch="run_x")
        assert branches.branch_snapshots(catalog, SHELF, branch="run_x") == base
    branches.drop_branches(catalog, SHELF, branch="run_x")
    branches.drop_branches(catalog, SHELF, branch="run_x")
    assert "run_x" not in catalog.load_table(local_name(REVIEW_SENTIMENT)).refs()
