"""Releases that say whose they are: a mixture is seen as one, and conflicts are assembled again."""

import pytest

from benchmarks.faults.databases import Sqlite
from benchmarks.faults.lake import Lake
from benchmarks.faults.marked import (
    assemble,
    dates_of,
    is_mixed,
    make_tables,
    release,
    shown,
)
from nightshelf.errors import ReleaseConflict
from nightshelf.night.publish import publish_run

pytestmark = pytest.mark.filterwarnings("ignore:Delete operation did not match any records")


@pytest.fixture
def context(tmp_path):
    lake = Lake(tmp_path, Sqlite())
    lake.clear()
    made = lake.context()
    make_tables(made)
    return made


def test_who_comes_late_is_assembled_on_the_other(context):
    assemble(context, "late", "2026-03-02")
    assemble(context, "first", "2026-03-01")
    publish_run(context, "first")
    with pytest.raises(ReleaseConflict):
        publish_run(context, "late")
    assert release(context, "late", "2026-03-02") == 2
    seen = shown(context)
    assert not is_mixed(seen)
    assert dates_of(seen) == {"2026-03-01": "first", "2026-03-02": "late"}
    assert dates_of(shown(context, 1)) == {"2026-03-01": "first"}


@pytest.mark.parametrize(
    ("seen", "mixed"),
    [
        ({"a": {"d": ["x"] * 3}, "b": {"d": ["x"] * 3}}, False),
        ({"a": {"d": ["x"] * 3}, "b": {"d": ["y"] * 3}}, True),
        ({"a": {"d": ["x"] * 3}, "b": {}}, True),
        ({"a": {"d": ["x", "x", "y"]}, "b": {"d": ["x", "x", "y"]}}, True),
        ({"a": {"d": ["x"] * 2}, "b": {"d": ["x"] * 2}}, True),
    ],
)
def test_a_mixture(seen, mixed):
    assert is_mixed(seen) is mixed
