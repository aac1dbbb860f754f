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
from nightshelf.lakehouse.tables import TABLES, answers_spec
from nightshelf.names import (
    PRODUCT_EMBEDDING,
    PRODUCT_INSIGHT,
    PRODUCT_VERSIONS,
    REJECTED,
    RELEASES,
    REVIEW_SENTIMENT,
    SHELF,
)
from nightshelf.questions import QUESTIONS
from nightshelf.settings import Settings

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


PRODUCT = {
    "product_id": "p1",
    "title": 'Sofa "Größe" 2, grau\nblau, mit vielen bunten Kissen',
    "attributes": [("colour", "grün"), ("legs", "4")],
    "price": 19.5,
    "updated_at": datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
    "landing_date": date(2026, 3, 1),
    "row": 7,
}
VECTORS = {"p1": [0.6, -0.8], "p2": [], "p3": None}


def fill(catalog, table, *rows):
    """Append rows and return the snapshot that holds them; a column left out is null."""
    loaded = catalog.load_table(local_name(table))
    loaded.append(pa.Table.from_pylist(list(rows), schema=TABLES[table].schema))
    return loaded.current_snapshot().snapshot_id


def release(catalog, number, **tables):
    """Releases the given snapshots, and of all other tables the empty one they began with."""
    released = Release(
        release=number,
        parent=number - 1,
        kind="night",
        run=f"run{number}",
        released_at=NOW,
        tables=base_snapshots(catalog, None) | {f"lake.shelf.{k}": v for k, v in tables.items()},
        digests={},
    )
    publish(catalog, released)


def two_releases(home):
    """Release 1 shows review a, release 2 shows a and b; c is written, but not released."""
    catalog = open_catalog(Settings(home=home))
    ensure_tables(catalog, {q.name: answers_spec(q.columns) for q in QUESTIONS.values()})
    products = [{"product_id": product, "vector": vector} for product, vector in VECTORS.items()]
    vectors = fill(catalog, PRODUCT_EMBEDDING, *products)
    for number, review in ((1, "a"), (2, "b")):
        labels = fill(catalog, REVIEW_SENTIMENT, {"review_id": review, "label": "neutral"})
        release(catalog, number, review_sentiment=labels, product_embedding=vectors)
    fill(catalog, REVIEW_SENTIMENT, {"review_id": "c", "label": "neutral"})
    return catalog


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """Two releases and a product; read by many tests, changed by none."""
    catalog = two_releases(tmp_path_factory.mktemp("home"))
    fill(catalog, PRODUCT_VERSIONS, PRODUCT)
    return catalog


# ------------------------------------------------------------------ which rows


@pytest.mark.parametrize("table", ["review_sentiment", "lake.shelf.review_sentiment"])
@pytest.mark.parametrize(
    ("number", "reviews", "shown"),
    [(1, ["a"], 1), (2, ["a", "b"], 2), (None, ["a", "b"], 2)],
)
def test_a_reader_sees_what_the_release_names(lake, table, number, reviews, shown):
    scan, where = read_table(lake, table, number)
    assert sorted(scan.to_arrow()["review_id"].to_pylist()) == reviews
    assert where == f"lake.shelf.review_sentiment, release {shown}"


def test_only_the_columns_asked_for_are_read(lake):
    scan, _ = read_table(lake, "review_sentiment", None, ("review_id", "label"))
    assert scan.to_arrow().column_names == ["review_id", "label"]


@pytest.mark.parametrize("table", UNPINNED)
def test_a_table_that_no_release_names_is_read_as_it_is_now(lake, table):
    rows = {RELEASES: 2, PRODUCT_VERSIONS: 1}.get(table, 0)
    for word in (table, table.rpartition(".")[2]):
        scan, where = read_table(lake, word, None)
        assert (scan.to_arrow().num_rows, where) == (rows, f"{table}, as it is now")
    with pytest.raises(NightshelfError, match=rf"no release names {table}; leave --release out"):
        read_table(lake, table, 1)


def test_every_table_can_be_read():
    assert {*TABLES, *(f"{names.ANSWERS}.{question}" for question in QUESTIONS)} == {
        *SHELF,
        *UNPINNED,
    }


REFUSED = [
    ("review_sentiments", None, "there is no table 'review_sentiments'; tables: review_s"),
    ("lake.shop.review_sentiment", None, "there is no table 'lake.shop.review_sentiment'"),
    ("", None, "there is no table ''"),
    ("review_sentiment", 3, "there is no release 3; see `nightshelf releases`"),
    ("review_sentiment", 0, "there is no release 0"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "number", "message"), REFUSED)
def test_what_is_not_there_is_refused(lake, table, number, message):
    with pytest.raises(NightshelfError, match=message):
        read_table(lake, table, number)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("review_sentiment", "nothing was released yet; run `nightshelf night --date D` first"),
        ("rejected", "lake.shop.rejected is not there yet; run `nightshelf night"),
        ("releases", "lake.shelf.releases is not there yet; run `nightshelf night"),
    ],
)
def test_an_empty_home_says_what_to_do(tmp_path, table, message):
    with pytest.raises(NightshelfError, match=message):
        read_table(open_catalog(Settings(home=tmp_path)), table, None)


def test_an_expired_release_is_told_from_a_kept_one(tmp_path):
    catalog = two_releases(tmp_path)
    first = releases(catalog)[0].tables[REVIEW_SENTIMENT]
    table = catalog.load_table(local_name(REVIEW_SENTIMENT))
    table.maintenance.expire_snapshots().by_id(first).commit()
    with pytest.raises(NightshelfError, match=r"release 1 is no longer kept: lake\.shelf\.review"):
        read_table(catalog, "review_sentiment", 1)
    scan, _ = read_table(catalog, "review_sentiment", 2)
    assert scan.to_arrow().num_rows == 2


# ------------------------------------------------------------------ to a file


def written(catalog, table, out, number=None):
    scan, _ = read_table(catalog, table, number)
    rows = write_rows(scan, out)
    if out.suffix == ".parquet":
        return rows, pq.read_table(out)
    with out.open(newline="") as file:
        return rows, list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("product_id", "p1"),
        ("title", PRODUCT["title"]),
        ("attributes", '{"colour": "grün", "legs": "4"}'),
        ("price", "19.5"),
        ("updated_at", "2026-03-01 12:30:00.000000Z"),
        ("landing_date", "2026-03-01"),
        ("row", "7"),
        ("brand", ""),
    ],
)
def test_csv_holds_every_kind_of_value(lake, tmp_path, column, text):
    rows, found = written(lake, "product_versions", tmp_path / "out.csv")
    assert (rows, len(found)) == (1, 1)
    assert found[0][column] == text


def test_csv_holds_vectors_and_maps_as_json(lake, tmp_path):
    rows, found = written(lake, "product_embedding", tmp_path / "out.csv")
    read = {one["product_id"]: one["vector"] for one in found}
    assert (rows, read["p2"], read["p3"]) == (3, "[]", "")
    assert json.loads(read["p1"]) == pytest.approx(VECTORS["p1"])

    _, found = written(lake, "releases", tmp_path / "releases.csv")
    tables = {one["release"]: json.loads(one["tables"]) for one in found}
    assert tables == {str(one.release): dict(one.tables) for one in releases(lake)}
    assert {(one["dates"], one["digests"]) for one in found} == {("[]", "{}")}


def test_parquet_holds_the_rows_as_they_are(lake, tmp_path):
    rows, found = written(lake, "product_versions", tmp_path / "out.parquet")
    [row] = found.to_pylist()
    assert rows == 1
    assert {name: row[name] for name in PRODUCT} == PRODUCT
    _, found = written(lake, "product_embedding", tmp_path / "vectors.parquet")
    read = dict(zip(*(found[name].to_pylist() for name in ("product_id", "vector")), strict=True))
    assert read == VECTORS | {"p1": pytest.approx(VECTORS["p1"])}


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("table", [PRODUCT_INSIGHT, REJECTED])
def test_a_table_of_no_rows_is_a_file_of_no_rows(lake, tmp_path, table, ending):
    out = tmp_path / f"out.{ending}"
    rows, found = written(lake, table, out)
    assert (rows, len(found)) == (0, 0)
    is_csv = ending == "csv"
    columns = next(csv.reader(out.read_text().splitlines())) if is_csv else found.column_names
    assert columns == list(TABLES[table].columns)


def test_a_file_of_the_same_name_is_replaced(lake, tmp_path):
    out = tmp_path / "out.csv"
    for number, reviews in ((2, 2), (1, 1)):
        rows, found = written(lake, "review_sentiment", out, number)
        assert (rows, len(found)) == (reviews, reviews)


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("out.xlsx", "out.xlsx: the name must end in .parquet or .csv"),
        ("out", "out: the name must end in .parquet or .csv"),
        ("no/such/out.csv", "no/such is not a folder"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_before_a_row_is_read(
    lake, tmp_path, out, message
):
    scan, _ = read_table(lake, "review_sentiment", None)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(NightshelfError, match=message):
        write_rows(scan, tmp_path / out)
    assert sorted(tmp_path.iterdir()) == before


# ------------------------------------------------------------------ to the screen


@pytest.mark.parametrize(
    ("limit", "lines", "more"),
    [(20, 2, ""), (2, 2, ""), (1, 1, "… and 1 more rows"), (0, 0, "… and 2 more rows")],
)
def test_as_many_rows_are_printed_as_asked_for(lake, limit, lines, more):
    scan, _ = read_table(lake, "review_sentiment", None, ("review_id", "label"))
    printed = list(print_rows(scan, limit))
    rows = [line for line in printed if not line.startswith("…")]
    assert len(rows) == lines
    assert set(rows) <= {"review_id=a  label=neutral", "review_id=b  label=neutral"}
    assert [line.partition(";")[0] for line in printed[lines:]] == ([more] if more else [])


def test_printed_values_are_short(lake):
    columns = ("title", "brand", "attributes", "price")
    [line] = print_rows(read_table(lake, "product_versions", None, columns)[0], 20)
    assert set(line.split("  ")) == {
        f"title={PRODUCT['title'][:39]}…",
        "brand=None",
        "attributes={'colour': 'grün', 'legs': '4'}",
        "price=19.5000",
    }
