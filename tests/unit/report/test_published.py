"""Which release a run made, and what it changed for readers."""

import pytest

from nightshelf import names
from nightshelf.report.run import run_report

COUNTS = ("before", "after", "added", "changed", "removed")


@pytest.mark.parametrize(
    ("run", "number", "parent", "newest"),
    [("n1", 1, 0, 3), ("n2", 2, 1, 3), ("held", None, 2, 3), ("running", None, None, 3)],
)
def test_the_release_of_a_run(shop, run, number, parent, newest):
    found = run_report(shop.settings, run)["release"]
    assert (found["number"], found["parent"], found["newest"]) == (number, parent, newest)


def test_what_changed_as_the_run_has_counted_it(shop):
    [change] = run_report(shop.settings, "held")["release"]["changes"]
    assert change["table"] == names.REVIEW_SENTIMENT
    assert [change[name] for name in COUNTS] == [2, 3, 2, 1, 1]


def test_what_changed_in_a_run_that_kept_no_counts(shop, older):
    older("approved")
    changes = run_report(shop.settings, "approved")["release"]["changes"]
    by_table = {one["table"]: [one[name] for name in COUNTS] for one in changes}
    # Against release 2: nothing, since the fixture has assembled what that showed.
    assert by_table[names.REVIEW_SENTIMENT] == [3, 3, 0, 0, 0]
