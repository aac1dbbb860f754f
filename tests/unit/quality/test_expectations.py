import pytest

from nightshelf.quality.expectations import Expectation, violations

SUITE = [Expectation("rows", "count(*)", at_least=1, at_most=9)]


@pytest.mark.parametrize("rows", [1, 5, 9])
def test_what_holds_is_not_a_violation(rows):
    assert violations("t", {"rows": rows}, SUITE) == []


@pytest.mark.parametrize(
    "measured", [{"rows": 0}, {"rows": 10}, {"rows": None}, {"rows": float("nan")}, {}], ids=str
)
def test_a_violation_names_table_expectation_and_range(measured):
    [violation] = violations("lake.t", measured, SUITE)
    assert str(violation).startswith("lake.t: rows is ")
    assert str(violation).endswith("allowed [1, 9]")
