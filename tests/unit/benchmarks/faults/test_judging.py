"""Each way in which a night can be damaged raises its own figure."""

from dataclasses import replace

import pytest

from benchmarks.faults.judging import Picture, judged

BEFORE = Picture(shelf={"s": {"a": 1}}, shop={}, answers={}, twice=0, releases=1)
CALM = replace(
    BEFORE,
    shelf={"s": {"a": 1, "b": 1}},
    answers={"q": {"k": 1, "l": 1}},
    releases=2,
    waves=(("night", 1, "committed", 2), ("night", 2, "committed", 2)),
)


def figures(cut=BEFORE, after=CALM):
    found, _ = judged(CALM, (BEFORE, CALM), cut, after)
    return {name: value for name, value in found.items() if value}


def test_an_undisturbed_end_raises_none():
    assert figures() == {}
    assert figures(cut=CALM) == {}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"shelf": {"s": {"a": 1}}}, {"lost": 1, "unequal": 1}),
        ({"shelf": {"s": {"a": 1, "b": 2}}}, {"duplicated": 1, "unequal": 1}),
        ({"shelf": {"s": {"a": 1, "x": 1}}}, {"lost": 1, "unequal": 1}),
        ({"answers": {"q": {"k": 2, "l": 1}}}, {"duplicated": 1, "unequal": 1}),
        ({"twice": 3}, {"duplicated": 3}),
        ({"releases": 3}, {"partial": 1}),
        ({"problems": ("no chain",)}, {"publish_anomalies": 1}),
    ],
)
def test_what_is_wrong_at_the_end(changed, expected):
    assert figures(after=replace(CALM, **changed)) == expected


def test_readers_see_the_old_release_or_the_new_one():
    assert figures(cut=replace(BEFORE, shelf={"s": {"b": 1}})) == {"partial": 1}


@pytest.mark.parametrize(
    ("cut", "again", "redone"),
    [
        pytest.param((), (), 0, id="killed between two waves"),
        pytest.param((("night", 1, "running", 0),), (), 1, id="killed in a wave"),
        pytest.param(
            (("night", 1, "running", 0),),
            (("b", 3, "committed", 2),),
            2,
            id="and one that was done",
        ),
        pytest.param(
            (), (("b", 3, "committed", 2), ("b", 4, "committed", 2)), 2, id="two that were done"
        ),
    ],
)
def test_waves_that_were_asked_again(cut, again, redone):
    found, _ = judged(
        CALM, (BEFORE, CALM), replace(BEFORE, waves=cut), replace(CALM, waves=(*CALM.waves, *again))
    )
    assert found["redone_waves"] == redone
