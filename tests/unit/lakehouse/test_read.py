import csv
import json
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nightshelf import names
from nightshelf.errors import NightshelfError
from nightshelf.lakehouse.catalog import ensure_tables, local_name, open_catalog
from nightshelf.lakehouse.read import UNPINNED, print_rows, read_table, write_rows
from nightshelf.lakehouse.release import Release, base_snapshots, publish, releases
from nightshelf.lakehouse.tables import TABLES
from nightshelf.settings import Settings

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)

VECTOR = [0.5, -0.25, 1.0]
REVIEW = {"review_id": "r1", "vector": VECTOR, "landing_date": date(2026, 3, 1), "row": 3}
PRODUCT = {
    "product_id": "p1",
    "title": 'Kettle, "the" big',
    "attributes": {"colour": "blå", "size": 'l"'},
    "updated_at": NOW,
    "price": 2.5,
}


def append(catalog, table, *rows):
    """Write rows, a dict a row; return the snapshot that holds them."""
    loaded = catalog.load_table(local_name(table))
    loaded.append(pa.Table.from_pylist(list(rows), schema=TABLES[table].schema))
    return loaded.current_snapshot().snapshot_id


def release(catalog, number, **tables):
    newest = releases(catalog)[-1] if releases(catalog) else None
    named = {f"lake.shelf.{table}": snapshot for table, snapshot in tables.items()}
    publish(
        catalog,
        Release(
            release=number,
            parent=number - 1,
            kind="night",
            run=f"run{number}",
            released_at=NOW,
            tables={**base_snapshots(catalog, newest), **named},
            digests={"lake.shelf.review_sentiment": str(number)},
        ),
    )


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """
    Release 1 names one review, release 2 a second; a third is on main and in no release.

    Release 1 names no review's vector; its snapshot of product_embedding has expired.
    """
    catalog = open_catalog(Settings(home=tmp_path_factory.mktemp("home")))
    ensure_tables(catalog, {})
    review = append(catalog, names.REVIEW_SENTIMENT, {"review_id": "r1"})
    gone = append(catalog, names.PRODUCT_EMBEDDING, {"product_id": "p1"})
    release(catalog, 1, review_sentiment=review, product_embedding=gone)
    review = append(catalog, names.REVIEW_SENTIMENT, {"review_id": "r2"})
    vectors = append(catalog, names.REVIEW_EMBEDDING, REVIEW, {"review_id": "r2"})
    product = append(catalog, names.PRODUCT_EMBEDDING, {"product_id": "p2"})
    release(
        catalog, 2, review_sentiment=review, review_embedding=vectors, product_embedding=product
    )
    append(catalog, names.REVIEW_SENTIMENT, {"review_id": "r3"})
    append(catalog, names.PRODUCT_VERSIONS, PRODUCT, {"product_id": "p2", "attributes": {}})
    append(catalog, names.REJECTED, {"row": 1, "file": "f" * 41}, {"row": 2, "file": "g.csv"})
    expiring = catalog.load_table(local_name(names.PRODUCT_EMBEDDING))
    expiring.maintenance.expire_snapshots().by_id(gone).commit()
    return catalog


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return open_catalog(Settings(home=tmp_path_factory.mktemp("home")))


@pytest.mark.parametrize(
    ("number", "ids", "where"),
    [
        (None, ["r1", "r2"], "lake.shelf.review_sentiment, release 2"),
        (2, ["r1", "r2"], "lake.shelf.review_sentiment, release 2"),
        (1, ["r1"], "lake.shelf.review_sentiment, release 1"),
    ],
)
@pytest.mark.parametrize("name", ["review_sentiment", "lake.shelf.review_sentiment"])
def test_readers_see_what_a_release_names(lake, name, number, ids, where):
    scan, said = read_table(lake, name, number)
    assert sorted(scan.to_arrow()["review_id"].to_pylist()) == ids
    assert said == where


def test_chosen_columns_only(lake):
    scan, _ = read_table(lake, "review_sentiment", None, ("review_id", "label"))
    assert scan.to_arrow().column_names == ["review_id", "label"]


REFUSED = [
    ("review_sentiment", 7, "there is no release 7; see `nightshelf releases`"),
    ("reviews", None, "there is no table 'reviews'; tables: review_sentiment, review_embedding, "),
    ("shelf.review_sentiment", None, "there is no table 'shelf.review_sentiment'"),
    ("", None, "there is no table ''"),
    *((name, 1, f"no release names {name}; leave --release out") for name in UNPINNED),
]


@pytest.mark.parametrize(("table", "number", "message"), REFUSED)
def test_what_cannot_be_read_is_said(lake, table, number, message):
    with pytest.raises(NightshelfError) as caught:
        read_table(lake, table, number)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("name", ["rejected", "lake.shop.rejected"])
def test_a_table_that_no_release_names_is_read_as_it_is_now(lake, name):
    scan, where = read_table(lake, name, None)
    assert scan.to_arrow()["row"].to_pylist() == [1, 2]
    assert where == "lake.shop.rejected, as it is now"


def test_the_table_of_releases_can_be_read(lake):
    scan, _ = read_table(lake, "releases", None)
    assert sorted(scan.to_arrow()["release"].to_pylist()) == [1, 2]


@pytest.mark.parametrize("table", ["review_sentiment", *UNPINNED])
def test_an_empty_home_says_what_to_do(empty, table):
    with pytest.raises(NightshelfError, match="run `nightshelf night --date D` first"):
        read_table(empty, table, None)


def test_a_release_whose_snapshot_has_expired_is_said_to_be_gone(lake):
    with pytest.raises(NightshelfError, match=r"release 1 is no longer kept: lake\.shelf\.product"):
        read_table(lake, "product_embedding", 1)
    assert read_table(lake, "product_embedding", 2)[0].to_arrow().num_rows == 2


# ------------------------------------------------------------------ to a file


def written(catalog, table, out):
    assert write_rows(read_table(catalog, table, None)[0], out) == 2
    if out.suffix == ".csv":
        with out.open(newline="") as file:
            return list(csv.DictReader(file))
    return pq.read_table(out).to_pylist(maps_as_pydicts="strict")


def test_parquet_holds_every_value_as_it_is(lake, tmp_path):
    first, second = written(lake, "review_embedding", tmp_path / "x.parquet")
    assert first == dict.fromkeys(first) | REVIEW
    assert (second["review_id"], second["vector"]) == ("r2", None)
    first, second = written(lake, "product_versions", tmp_path / "p.parquet")
    assert {name: first[name] for name in PRODUCT} == PRODUCT
    assert second["attributes"] == {}


def test_csv_holds_vectors_and_maps_as_json(lake, tmp_path):
    first, second = written(lake, "review_embedding", tmp_path / "x.csv")
    assert (first["review_id"], json.loads(first["vector"])) == ("r1", VECTOR)
    assert (first["landing_date"], first["row"]) == ("2026-03-01", "3")
    assert (second["review_id"], second["vector"]) == ("r2", "")
    first, second = written(lake, "product_versions", tmp_path / "p.csv")
    assert (first["title"], first["price"]) == (PRODUCT["title"], "2.5")
    assert json.loads(first["attributes"]) == PRODUCT["attributes"]
    assert second["attributes"] == "{}"


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_table_without_rows_is_a_file_with_columns(lake, tmp_path, ending):
    out = tmp_path / f"empty.{ending}"
    assert write_rows(read_table(lake, "review_embedding", 1)[0], out) == 0
    columns = list(TABLES[names.REVIEW_EMBEDDING].columns)
    if ending == "csv":
        assert list(csv.reader(out.read_text().splitlines())) == [columns]
    else:
        assert pq.read_table(out).column_names == columns


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("x.json", "the name must end in .parquet or .csv"),
        ("x", "the name must end in .parquet or .csv"),
        ("nowhere/x.csv", "nowhere is not a folder"),
    ],
)
def test_a_name_that_cannot_be_written_is_refused(lake, tmp_path, out, message):
    scan, _ = read_table(lake, "rejected", None)
    with pytest.raises(NightshelfError, match=message):
        write_rows(scan, tmp_path / out)
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------ to the screen

MORE = "rows; --out FILE.parquet writes all of them"


@pytest.mark.parametrize(
    ("limit", "lines"),
    [
        (9, ["row=1", "row=2"]),
        (2, ["row=1", "row=2"]),
        (1, ["row=1", f"… and 1 more {MORE}"]),
        (0, [f"… and 2 more {MORE}"]),
    ],
)
def test_rows_are_printed_up_to_a_limit(lake, limit, lines):
    scan, _ = read_table(lake, "rejected", None, ("row",))
    assert list(print_rows(scan, limit)) == lines


def test_long_values_are_cut(lake):
    scan, _ = read_table(lake, "rejected", None, ("file", "reason"))
    assert next(print_rows(scan, 1)) == f"file={'f' * 39}…  reason=None"
