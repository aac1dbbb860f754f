from datetime import UTC, datetime, timedelta

import pytest

from nightshelf.lakehouse.kept import branches_of, expiring, is_dead, kept, tags_to_drop
from nightshelf.lakehouse.release import Release

NOW = datetime(2026, 3, 10, tzinfo=UTC)


def release(number, days_ago):
    return Release(
        release=number,
        parent=number - 1,
        kind="night",
        run=f"n{number}",
        released_at=NOW - timedelta(days=days_ago),
        tables={},
        digests={},
    )


FOUND = [release(1, 9), release(2, 5), release(3, 0.5), release(4, 0.1)]


@pytest.mark.parametrize(
    ("number", "days", "numbers"),
    [
        (30, 1, [1, 2, 3, 4]),
        (2, 0.01, [3, 4]),
        (1, 0.01, [4]),
        # 3 was the newest until 4 came, 2 until 3 came: both within the last day.
        (1, 0.2, [3, 4]),
        (1, 1, [2, 3, 4]),
        (1, 6, [1, 2, 3, 4]),
    ],
)
def test_which_releases_are_kept(number, days, numbers):
    since = NOW - timedelta(days=days)
    assert [one.release for one in kept(FOUND, number, since)] == numbers


@pytest.mark.parametrize(
    ("refs", "found", "dropped"),
    [
        (["main", "release_1", "release_2", "release_3"], FOUND[2:], ["release_1", "release_2"]),
        (["release_9", "release_10"], [release(10, 0)], ["release_9"]),
        (["release_11", "first", "mine", "release_", "run_release_1"], [release(10, 0)], []),
        (["release_1"], [], []),
    ],
)
def test_only_tags_of_releases_that_are_not_kept_go(refs, found, dropped):
    assert tags_to_drop(refs, found) == dropped


def test_branches_are_found_by_their_runs():
    refs = ["main", "run_n1", "run_n2", "run_m1", "run_unknown", "release_1"]
    assert branches_of(refs, ["n1", "m1", "n3"]) == ["run_m1", "run_n1"]


@pytest.mark.parametrize(
    ("state", "hours", "dead"),
    [
        ("released", 0, True),
        ("failed", 0, True),
        ("held", 99, False),
        ("running", 23, False),
        ("running", 25, True),
        ("what a later version calls it", 99, False),
    ],
)
def test_which_runs_are_over(state, hours, dead):
    older_than = NOW - timedelta(days=1)
    ended = ("released", "failed")
    assert is_dead(state, NOW - timedelta(hours=hours), older_than, ended=ended) is dead


class Ref:
    def __init__(self, snapshot_id):
        self.snapshot_id = snapshot_id


class Snapshot(Ref):
    def __init__(self, snapshot_id, at):
        super().__init__(snapshot_id)
        self.timestamp_ms = at.timestamp() * 1000


class Table:
    def refs(self):
        return {"main": Ref(3), "release_1": Ref(1)}

    def snapshots(self):
        return [Snapshot(n, NOW - timedelta(days=4 - n)) for n in (1, 2, 3, 4)]


@pytest.mark.parametrize(("days", "gone"), [(0.5, [2]), (3, []), (-1, [2, 4])])
def test_snapshots_at_which_a_ref_ends_stay(days, gone):
    older_than = NOW - timedelta(days=days)
    assert [one.snapshot_id for one in expiring(Table(), older_than)] == gone
