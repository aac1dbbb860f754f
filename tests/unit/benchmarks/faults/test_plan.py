"""What is planned: every failpoint, in every way that fits it, and as many at random as asked."""

from collections import Counter
from types import SimpleNamespace

import pytest

from benchmarks.faults import plan
from benchmarks.faults.databases import Sqlite
from benchmarks.faults.plan import Counts
from benchmarks.faults.points import failpoints
from nightshelf.names import STEPS

SECONDS = dict.fromkeys(STEPS, 1.0)


def scene():
    lake = SimpleNamespace(database=Sqlite())
    jvm = SimpleNamespace(workers=list)
    return SimpleNamespace(lake=lake, night=SimpleNamespace(jvm=jvm), seconds=SECONDS)


def names(planned):
    return [(one.kind, one.name) for one in planned]


@pytest.mark.parametrize("step", STEPS)
def test_every_failpoint_of_a_step_is_killed_at(step):
    found = names(plan.on_warm_jvm(scene().lake, scene(), Counts(), 1))
    assert {("night", f"kill@{point}") for point in failpoints(step)} <= set(found)


def test_a_commit_is_tried_with_a_lost_database_and_a_full_disk_too():
    found = names(plan.releasing(scene(), Counts(), 1))
    at = "release.commit:{}:1"
    before, after = at.format("before"), at.format("after")
    expected = [f"kill@{before}", f"database_gone@{before}", f"disk_full@{before}"]
    expected += [f"kill@{after}", f"answer_lost@{after}"]
    assert {("release", name) for name in expected} <= set(found)
    assert ("release", f"answer_lost@{before}") not in found


def test_as_many_as_are_asked_for():
    counts = Counts(driver=5, host=4, worker=3, clock=2, jvm=7)
    warm = Counter(one.kind for one in plan.on_warm_jvm(scene().lake, scene(), counts, 1))
    assert (warm["driver"], warm["host"], warm["worker"], warm["clock"]) == (5, 4, 3, 2)
    assert (warm["file_limit"], warm["outage"]) == (3, 0)
    assert len(list(plan.with_cold_jvms(None, scene(), counts, 1))) == 7


def test_a_seed_plans_the_same_again():
    once, again, other = (names(plan.releasing(scene(), Counts(), seed)) for seed in (1, 1, 2))
    assert once == again != other
