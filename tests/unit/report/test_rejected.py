"""Rejected rows: a page of them by place, without reading more than the page needs at once."""

from datetime import date

import pyarrow as pa
import pytest
from tests.unit.report.conftest import Shop, account

from nightshelf import names
from nightshelf.lakehouse.catalog import local_name
from nightshelf.lakehouse.tables import TABLES
from nightshelf.ops import runs
from nightshelf.report import rejected
from nightshelf.report.run import run_report
from nightshelf.report.source import MOST_ROWS, Page

DAY = "2026-03-01"
#: Files of so many rows each, one commit a file; then one of another run and date.
SIZES = (10, 1, 25, 7)
TOTAL = sum(SIZES)


def rows_of(file, count, **more):
    row = {"dataset": "reviews", "landing_date": date(2026, 3, 1), "file": file, "run": "n1"}
    reasons = ("empty_body", "duplicate_id")
    return [
        {**row, "row": n, "field": "body", "reason": reasons[n % 2], **more} for n in range(count)
    ]


@pytest.fixture(scope="module")
def turned_away(tmp_path_factory):
    shop = Shop(tmp_path_factory.mktemp("home"))
    table, schema = (
        shop.catalog.load_table(local_name(names.REJECTED)),
        TABLES[names.REJECTED].schema,
    )
    for number, size in enumerate(SIZES):
        table.append(pa.Table.from_pylist(rows_of(f"f{number}", size), schema=schema))
    other = rows_of("other", 5, run="n2", landing_date=date(2026, 3, 2))
    table.append(pa.Table.from_pylist(other, schema=schema))
    accounts = [account("reviews", DAY, 100, 100 - TOTAL, TOTAL, 0)]
    shop.run("n1", runs.FAILED, dates={DAY: ""}, accounts=accounts)
    return shop


def page_of(shop, **page):
    return run_report(shop.settings, "n1", Page(**page))["rejected"]


@pytest.fixture(scope="module")
def in_order(turned_away):
    found = page_of(turned_away, rows=TOTAL)["sample"]
    return [(one["file"], one["row"]) for one in found]


def test_all_of_them_are_there_once(in_order):
    expected = {(f"f{n}", row) for n, size in enumerate(SIZES) for row in range(size)}
    assert (len(in_order), set(in_order)) == (TOTAL, expected)


PAGES = [
    (0, 5),
    (3, 10),
    (9, 2),
    (10, 1),
    (11, 30),
    (TOTAL - 1, 5),
    (TOTAL, 5),
    (9_999, 5),
    (-3, 2),
]


@pytest.mark.parametrize(("offset", "rows"), PAGES)
@pytest.mark.parametrize("batch", [2, 16_384])
def test_pages_follow_each_other(turned_away, in_order, monkeypatch, batch, offset, rows):
    monkeypatch.setattr(rejected, "_BATCH", batch)
    found = page_of(turned_away, offset=offset, rows=rows)
    start = max(0, offset)
    assert [(one["file"], one["row"]) for one in found["sample"]] == in_order[start : start + rows]
    assert (found["total"], found["offset"]) == (TOTAL, start)


@pytest.mark.parametrize(
    ("narrowed", "count"),
    [
        ({"file": "f2"}, 25),
        ({"reason": "duplicate_id"}, 5 + 12 + 3),
        ({"file": "f2", "reason": "duplicate_id"}, 12),
        ({"file": "f2", "offset": 20}, 5),
        ({"file": "other"}, 0),
        ({"file": "' OR 1=1 --"}, 0),
    ],
)
def test_a_page_of_one_file_or_reason(turned_away, narrowed, count):
    found = page_of(turned_away, rows=100, **narrowed)["sample"]
    assert len(found) == count
    for name in ("file", "reason"):
        assert {one[name] for one in found} <= {narrowed.get(name, one[name]) for one in found}


def test_a_page_has_a_limit(turned_away):
    assert Page(rows=10**9).limit == MOST_ROWS
    assert page_of(turned_away, rows=0)["sample"] == []


def test_no_more_is_read_than_up_to_the_page(turned_away, monkeypatch):
    read = []

    def batches(table, file, source, real=rejected._batches):
        for rows in real(table, file, source):
            read.append(len(rows))
            yield rows

    monkeypatch.setattr(rejected, "_batches", batches)
    monkeypatch.setattr(rejected, "_BATCH", 4)
    page_of(turned_away, offset=8, rows=4)
    assert sum(read) <= 8 + 4 + 4


def test_rows_that_a_later_run_has_replaced(turned_away):
    accounts = [account("reviews", DAY, 100, 90, 10, 0)]
    turned_away.run("before", runs.RELEASED, dates={DAY: ""}, accounts=accounts)
    found = run_report(turned_away.settings, "before")["rejected"]
    assert (found["total"], found["sample"]) == (10, [])
    assert found["note"].startswith(("A later run", "This run is of a version"))


@pytest.mark.parametrize("most", [1, 50])
def test_files_are_listed_with_most_rows_first(turned_away, monkeypatch, most):
    monkeypatch.setattr(rejected, "MOST_FILES", most)
    files = [{"file": name, "reason": "x", "rows": n} for name, n in (("a", 1), ("b", 9))]
    refused = {"reasons": {"x": 10}, "files": files, "more": 3}
    accounts = [account("reviews", DAY, 10, 0, 10, 0, refused=refused)]
    turned_away.run(f"listed{most}", runs.RELEASED, dates={DAY: ""}, accounts=accounts)
    found = run_report(turned_away.settings, f"listed{most}")["rejected"]
    assert [one["file"] for one in found["files"]] == ["b", "a"][:most]
    assert found["more_files"] == 3 + 2 - len(found["files"])
    assert found["reasons"] == {"x": 10}
