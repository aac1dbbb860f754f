from datetime import date

import pyarrow as pa
import pytest

from nightshelf import names
from nightshelf.lakehouse.catalog import ensure_tables, local_name, open_catalog
from nightshelf.lakehouse.golden import newest_reviews
from nightshelf.lakehouse.tables import TABLES
from nightshelf.settings import Settings


def review(day, key, body, op="upsert"):
    return {"landing_date": date(2026, 3, day), "content_key": key, "op": op, "body": body}


ROWS = [
    review(1, "k9", "old, again"),
    review(3, "k7", "new two") | {"title": "Head"},
    review(3, "k2", "new one"),
    review(3, "k0", "", op="delete"),
    review(3, "k2", "new one"),
    review(2, "k1", "middle"),
    review(2, "k2", "new one"),
    review(1, "k5", "old"),
]
IN_ORDER = [(None, "new one"), ("Head", "new two"), (None, "middle"), (None, "old")]


@pytest.fixture(scope="module", params=[1, -1], ids=["as landed", "the other way round"])
def lake(tmp_path_factory, request):
    catalog = open_catalog(Settings(home=tmp_path_factory.mktemp("home")))
    ensure_tables(catalog, {})
    table = catalog.load_table(local_name(names.REVIEW_VERSIONS))
    schema = TABLES[names.REVIEW_VERSIONS].schema
    for row in ROWS[:: request.param]:
        table.append(pa.Table.from_pylist([row], schema=schema))
    return catalog


@pytest.mark.parametrize("most", range(5))
def test_the_newest_come_first_and_each_once(lake, most):
    assert newest_reviews(lake, most) == IN_ORDER[:most]


def test_all_of_them_are_fewer_than_asked_for(lake):
    assert newest_reviews(lake, 100) == [*IN_ORDER, (None, "old, again")]


@pytest.mark.parametrize("tables", [True, False])
def test_a_lake_without_reviews_has_none(tmp_path, tables):
    catalog = open_catalog(Settings(home=tmp_path))
    if tables:
        ensure_tables(catalog, {})
    assert newest_reviews(catalog, 10) == []
