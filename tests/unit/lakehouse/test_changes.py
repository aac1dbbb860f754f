"""What a release changed, counted from the files that it brought and the files that it dropped."""

from datetime import date

import pyarrow as pa
import pytest
from pyiceberg.expressions import EqualTo

from nightshelf import names
from nightshelf.lakehouse.catalog import ensure_tables, local_name, open_catalog
from nightshelf.lakehouse.changes import changed_rows
from nightshelf.lakehouse.tables import TABLES
from nightshelf.settings import Settings

DAYS = (date(2026, 3, 1), date(2026, 3, 2))


def reviews(day, *ids, **values):
    rows = [{"review_id": one, "landing_date": DAYS[day], "label": "positive"} for one in ids]
    return [{**row, "run": "n1", "wave": 1, **values} for row in rows]


@pytest.fixture
def catalog(tmp_path):
    catalog = open_catalog(Settings(home=tmp_path))
    ensure_tables(catalog, {})
    return catalog


def written(catalog, name, rows, day=None):
    """The snapshot after `rows` have replaced those of a day, or been added."""
    table = catalog.load_table(local_name(name))
    arrow = pa.Table.from_pylist(rows, schema=TABLES[name].schema)
    if day is None:
        table.append(arrow)
    else:
        table.overwrite(arrow, overwrite_filter=EqualTo("landing_date", day.isoformat()))
    return catalog.load_table(local_name(name)).current_snapshot().snapshot_id


FIRST = [*reviews(0, "a", "b", "c"), *reviews(1, "d")]
CASES = {
    "the same rows in other files": (reviews(0, "c", "b", "a"), (4, 4, 0, 0, 0)),
    "another run, the same values": (reviews(0, "a", "b", "c", run="n2", wave=9), (4, 4, 0, 0, 0)),
    "another label": (
        [*reviews(0, "a", "b"), *reviews(0, "c", label="negative")],
        (4, 4, 0, 1, 0),
    ),
    "a value that was null": (reviews(0, "a", "b", "c", reason="Hung"), (4, 4, 0, 3, 0)),
    "rows that came and went": (reviews(0, "b", "x", "y"), (4, 4, 2, 0, 2)),
    "all gone": ([], (4, 1, 0, 0, 3)),
}


@pytest.mark.parametrize(("rows", "counts"), CASES.values(), ids=CASES)
def test_rows_are_compared_by_id_and_value(catalog, rows, counts):
    name = names.REVIEW_SENTIMENT
    before = written(catalog, name, FIRST)
    after = written(catalog, name, rows, DAYS[0])
    [found] = changed_rows(catalog, {name: before}, {name: after}).values()
    assert tuple(found.values()) == counts
    assert list(found) == ["before", "after", "added", "changed", "removed"]


def test_a_table_without_a_release_before_has_only_new_rows(catalog):
    name = names.REVIEW_SENTIMENT
    after = written(catalog, name, FIRST)
    [found] = changed_rows(catalog, {}, {name: after}).values()
    assert (found["before"], found["added"], found["removed"]) == (0, 4, 0)


def test_vectors_are_told_apart_by_their_key(catalog):
    name = names.PRODUCT_EMBEDDING
    row = {"product_id": "p1", "vector": [1.0, 0.0], "key": "k1", "run": "n1", "wave": 1}
    before = written(catalog, name, [row])
    after = written(catalog, name, [{**row, "product_id": "p2", "key": "k2"}])
    [found] = changed_rows(catalog, {name: before}, {name: after}).values()
    assert tuple(found.values()) == (1, 2, 1, 0, 0)


@pytest.mark.parametrize("name", names.SHELF)
def test_each_published_table_can_be_compared(catalog, name):
    first = catalog.load_table(local_name(name)).current_snapshot().snapshot_id
    one = written(catalog, name, [{"product_id": "p1", "review_id": "r1", "as_of": DAYS[0]}])
    [found] = changed_rows(catalog, {name: first}, {name: one}).values()
    assert tuple(found.values()) == (0, 1, 1, 0, 0)


def test_a_picture_is_of_a_product_and_a_day(catalog):
    name = names.PRODUCT_INSIGHT
    rows = [{"product_id": "p1", "as_of": day, "reviews": 1} for day in DAYS]
    before = written(catalog, name, rows[:1])
    after = written(catalog, name, rows[1:])
    [found] = changed_rows(catalog, {name: before}, {name: after}).values()
    assert tuple(found.values()) == (1, 2, 1, 0, 0)


@pytest.mark.parametrize(
    ("most_rows", "before", "counts"),
    [
        (6, None, (4, 4, 0, 0, 0)),
        (5, None, (4, 4, None, None, None)),
        (6, 12345, (None,) * 5),
    ],
)
def test_what_is_too_much_or_gone_is_not_compared(catalog, most_rows, before, counts):
    name = names.REVIEW_SENTIMENT
    first = written(catalog, name, FIRST)
    after = written(catalog, name, reviews(0, "c", "b", "a"), DAYS[0])
    found = changed_rows(catalog, {name: before or first}, {name: after}, most_rows=most_rows)
    assert tuple(found[name].values()) == counts
