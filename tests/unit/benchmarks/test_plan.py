"""What is run: every way as often as every other, and never in the same order twice."""

import pytest

from benchmarks.plan import FULL, KINDS, PARTS, PEERS, QUICK, Texts, steps


@pytest.mark.parametrize("sizes", [FULL, QUICK], ids=["full", "quick"])
def test_every_way_runs_in_every_repetition(sizes):
    speed = [step for step in steps(sizes) if step.part == "speed"]
    for repetition in range(sizes.repetitions):
        ways = [step.way for step in speed if step.repetition == repetition]
        assert sorted(ways) == sorted(["roof", "ours", *PEERS])


def test_the_full_run_is_as_large_as_promised():
    found = list(steps(FULL))
    rows = {(step.way, step.runs["all"].rows) for step in found if step.part == "speed"}
    assert FULL.repetitions >= 3
    assert rows == {("roof", 20_000), ("ours", 20_000), *((peer, 2_500) for peer in PEERS)}
    poison = [step.runs for step in found if step.part == "poison"]
    assert all(Texts(100_000, kind) in runs.values() for runs in poison for kind in KINDS)


def test_another_way_is_first_each_time():
    firsts = [
        next(step.way for step in steps(FULL) if step.repetition == repetition)
        for repetition in range(FULL.repetitions)
    ]
    assert len(set(firsts)) == len(firsts)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_can_be_run_alone(part):
    found = {step.part for step in steps(QUICK, [part])}
    others = {step.part for step in steps(QUICK, [one for one in PARTS if one != part])}
    assert found
    assert not found & others
