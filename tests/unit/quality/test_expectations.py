import json

import pytest

from nightshelf.quality.expectations import Expectation, checks, violated

SUITE = [Expectation("rows", "count(*)", at_least=1, at_most=9)]


@pytest.mark.parametrize("rows", [1, 5, 9])
def test_what_holds_is_not_a_violation(rows):
    assert violated(checks("t", {"rows": rows}, SUITE)) == []


@pytest.mark.parametrize(
    "measured", [{"rows": 0}, {"rows": 10}, {"rows": None}, {"rows": float("nan")}, {}], ids=str
)
def test_a_violation_names_table_expectation_and_range(measured):
    [violation] = violated(checks("lake.t", measured, SUITE))
    assert str(violation).startswith("lake.t: rows is ")
    assert str(violation).endswith("allowed [1, 9]")


@pytest.mark.parametrize(
    ("measured", "expectation", "kept"),
    [
        (3.0, SUITE[0], (3.0, 1, 9, True)),
        (0.0, SUITE[0], (0.0, 1, 9, False)),
        (float("nan"), SUITE[0], (None, 1, 9, False)),
        (None, Expectation("drift", "max(x)", at_most=0.2), (None, None, 0.2, False)),
    ],
)
def test_every_check_is_kept_with_its_figures_as_json(measured, expectation, kept):
    [check] = checks("lake.t", {expectation.name: measured}, [expectation])
    found = json.loads(json.dumps(check.in_full(), allow_nan=False))
    assert tuple(found[name] for name in ("measured", "at_least", "at_most", "holds")) == kept
    assert {**check.as_dict()}.items() <= found.items()
