"""Figures follow from what was measured; what was not measured is absent."""

import pytest

from benchmarks.figure import Figure, at_least, at_most
from benchmarks.figures import figures
from benchmarks.measured import Measured, troubles
from benchmarks.table import table_of_figures, table_of_ways


def run(name, rows, cpu, tokens=None, **details):
    lengths = {"tokens": rows * 50 if tokens is None else tokens}
    counts = {"answered": details.pop("answered", rows), "failed": details.pop("failed", 0)}
    first = details.pop("first", 0.02)
    wall = details.pop("wall", cpu / 2)
    told = {"name": name, "rows": rows, "cpu": cpu, "wall": wall, "first": first}
    return told | lengths | counts | {"details": details}


def speed(way, repetition, per_second, few=1.0):
    """A way that reads so many tokens a second, and whose jobs have a start of `few` seconds."""
    start = 0.0 if way in ("roof", "ours", "ray_data", "daft_udf") else few
    runs = [run(name, rows, rows * 50 / per_second + start) for name, rows in ROWS.items()]
    return Measured(part="speed", way=way, repetition=repetition, runs=tuple(runs))


ROWS = {"first": 64, "few": 64, "all": 2_000}


def cold(rows, cpu, repetition=0):
    return Measured(
        part="cold", way="ours", repetition=repetition, cpu=cpu, runs=(run("all", rows, cpu),)
    )


def sick(kind, cpu, answered=99, restarts=0.0, wall=60.0):
    runs = (
        run("clean", 100, 99.0, wall=50.0),
        run(kind, 100, cpu, answered=answered, failed=100 - answered, wall=wall, restarts=restarts),
        run("again", 100, 101.0, wall=50.0),
    )
    return Measured(part="poison", way="ours", repetition=0, runs=runs)


def values(measured, name):
    [found] = [one for one in figures(measured) if one.name == name]
    return found.values


def test_nothing_measured_nothing_claimed():
    found = figures([])
    assert {one.value for one in found} == {None}
    assert {"warm_over_roof", "over_naive", "fixed_cpu_s", "memory_growth", "poison_lost_hang"} <= {
        one.name for one in found
    }
    assert all(one.line.endswith(" absent") for one in found)


def test_speeds_are_compared_within_a_repetition():
    measured = [
        *(speed("roof", 0, 1_000), speed("ours", 0, 950)),
        *(speed("roof", 1, 500), speed("ours", 1, 490)),
        speed("ours", 2, 9_999),
    ]
    assert values(measured, "warm_over_roof") == pytest.approx((0.95, 0.98))


def test_a_peer_does_not_pay_for_its_start():
    measured = [speed("ours", 0, 1_000), speed("naive_udf", 0, 100, few=30.0)]
    assert values(measured, "over_naive") == pytest.approx((10.0,))


def test_a_peer_that_read_too_little_is_not_measured():
    fast = speed("naive_udf", 0, 100)
    for run in fast.runs:
        run["cpu"] = 30.0
    assert values([speed("ours", 0, 1_000), fast], "over_naive") == ()


def test_the_best_peer_of_each_repetition_counts():
    measured = [
        *(speed("ours", 0, 1_000), speed("daft_udf", 0, 500), speed("ray_data", 0, 400)),
        *(speed("ours", 1, 1_000), speed("daft_udf", 1, 100), speed("ray_data", 1, 250)),
        speed("batch_udf", 0, 900),
    ]
    assert values(measured, "over_best_peer") == pytest.approx((2.0, 4.0))


def test_a_cold_job_pays_for_all_that_it_starts():
    measured = [speed("roof", 0, 1_000), cold(64, 23.2), cold(5_000, 300.0), cold(65_000, 3_500.0)]
    assert values(measured, "fixed_cpu_s") == pytest.approx((20.0,))
    assert values(measured, "cold_over_roof_5k") == pytest.approx((250 / 300,))
    assert values(measured, "cold_over_roof_65k") == pytest.approx((3_250 / 3_500,))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("poison_lost_kill", 2.0), ("poison_slowdown_kill", 0.05), ("poison_slowdown_wall_kill", 0.2)],
)
def test_poison_is_compared_with_the_clean_runs_around_it(name, expected):
    assert values([sick("kill", 105.0, answered=97)], name) == pytest.approx((expected,))


def test_of_a_hang_the_deadlines_are_left_out():
    hung = sick("hang", 103.0, restarts=4.0, wall=60.0)
    assert values([hung], "poison_slowdown_wall_hang") == pytest.approx(((60 - 4 * 2) / 50 - 1,))


def test_growth():
    shards = [
        Measured(part="memory", way="ours", repetition=0, runs=(run("all", rows, 1.0, **peaks),))
        for rows, peaks in {
            300: {"worker_peak_kb": 206, "host_peak_kb": 300},
            30: {"worker_peak_kb": 200, "host_peak_kb": 300},
        }.items()
    ]
    runs = (run("first", 10, 99.0), run("10", 10, 1.0), run("1000", 1_000, 107.0))
    cost = Measured(part="cost", way="ours", repetition=0, runs=runs)
    measured = [*shards, cost]
    assert values(measured, "memory_growth") == pytest.approx((0.03,))
    assert values(measured, "memory_growth_host") == (0.0,)
    assert values(measured, "cost_growth") == pytest.approx((0.07,))


def in_int8(way, repetition, per_second, **details):
    runs = (run("first", 64, 1.0), run("all", 2_000, 100_000 / per_second, **details))
    return Measured(part="int8", way=way, repetition=repetition, runs=runs)


def test_int8_is_compared_with_the_roof_of_its_own_part_and_with_the_gate():
    measured = [
        *(speed("roof", 0, 9_999), in_int8("roof", 0, 1_000), in_int8("roof", 1, 1_000)),
        in_int8("roof_int8", 0, 1_300, mean_cosine=0.996, low_cosine=0.97, flips=0.02),
        in_int8("roof_int8", 1, 1_250),
    ]
    assert values(measured, "int8_over_bf16") == pytest.approx((1.3, 1.25))
    gate = {one.name: one.verdict for one in figures(measured) if one.name.startswith("int8_")}
    del gate["int8_over_bf16"]
    assert gate == {
        "int8_mean_cosine": "yes",
        "int8_low_cosine": "**no**",
        "int8_flips": "**no**",
    }


@pytest.mark.parametrize(
    ("goal", "value", "verdict"),
    [
        (at_least(2), 2.0, "yes"),
        (at_least(2), 1.99, "**no**"),
        (at_most(0.05), 0.05, "yes"),
        (at_most(0.05), 0.051, "**no**"),
        (None, 1.0, ""),
    ],
)
def test_a_goal_that_is_missed_is_said_to_be(goal, value, verdict):
    figure = Figure(name="f", what="w", goal=goal, values=(value,))
    assert figure.verdict == verdict
    assert f"| {verdict} | w |" in table_of_figures([figure])


@pytest.mark.parametrize(
    ("given", "middle"), [((3.0,), 3.0), ((5.0, 1.0, 2.0), 2.0), ((1.0, 2.0), 1.5)]
)
def test_the_median(given, middle):
    assert Figure(name="f", what="w", values=given).value == middle


def test_a_way_that_is_absent_is_a_row_all_the_same():
    table = table_of_ways([speed("roof", 0, 1_000), speed("ours", 0, 970)])
    assert "| Ray Data, 2 actors | absent |" in table
    assert "| **Nightshelf in Spark, warm** | 2,000 | 970 | 970 to 970 | 0.97 |" in table


def test_ways_that_answer_otherwise_or_not_at_all_are_named():
    told = (run("few", 64, 1.0, first=0.1),)
    other = Measured(part="speed", way="daft_udf", repetition=0, runs=told)
    gone = Measured(part="speed", way="ray_data", repetition=0, trouble="absent: no ray")
    found = troubles([speed("roof", 0, 1_000), speed("ours", 0, 970), other, gone])
    assert [line.split(":")[0] for line in found] == ["daft_udf", "ray_data"]
