from itertools import pairwise

import pytest

from nightshelf.report.plots import columns, kind, stack, timeline

STACKS = [
    ({"accepted": 100, "rejected": 3}, None),
    ({"accepted": 10**9, "rejected": 1, "duplicate": 1, "failed": 1}, None),
    (dict.fromkeys(map(str, range(300)), 1), None),
    ({"added": 5, "changed": None, "removed": 0}, 1_000_000),
    ({"added": None}, 50),
    ({}, None),
    ({"accepted": -4, "rejected": 2}, 0),
]


@pytest.mark.parametrize(("parts", "whole"), STACKS)
def test_parts_lie_side_by_side_within_the_whole_and_each_can_be_seen(parts, whole):
    bars = stack(parts, whole)
    assert len(bars) == sum(1 for value in parts.values() if value and value > 0)
    assert all(bar.width > 0.2 for bar in bars)
    ends = [(bar.x, bar.x + bar.width) for bar in bars]
    assert all(0 <= start <= end <= 100.3 for start, end in ends)
    assert all(a[1] == pytest.approx(b[0], abs=0.01) for a, b in pairwise(ends))


def attempt(state, start, end):
    at = "2026-03-02T01:{:02}:00+00:00"
    ended = None if end is None else at.format(end)
    return {"step": "ask", "state": state, "started_at": at.format(start), "ended_at": ended}


@pytest.mark.parametrize(
    ("attempts", "bars"),
    [
        ([], []),
        ([attempt("running", 0, None)], [None]),
        (
            [attempt("done", 0, 5), attempt("killed", 5, None), attempt("held", 5, 10)],
            [(0, 50, "good"), None, (50, 50, "warn")],
        ),
        ([attempt("done", 3, 3)], [(0, 0.6, "good")]),
    ],
)
def test_attempts_stand_where_they_were_in_time(attempts, bars):
    assert timeline(attempts) == bars


@pytest.mark.parametrize(
    ("values", "most", "heights"),
    [
        ([1.0, 2.0, None], None, [50, 100, 0]),
        ([0.25, 0.5], 1.0, [25, 50]),
        ([0.0, None], None, []),
        ([], None, []),
    ],
)
def test_columns_are_as_high_as_their_values(values, most, heights):
    assert [bar.width for bar in columns(values, most)] == heights


@pytest.mark.parametrize("name", ['x" onload="alert(1)', "new-cause", ""])
def test_a_name_from_outside_never_becomes_a_class(name):
    assert kind(name) == "c0"
