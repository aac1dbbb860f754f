"""Every row is accepted or rejected on the record; nothing is lost, and no word leaks."""

from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq

from nightshelf.landing.dates import parse_date
from nightshelf.landing.land import land
from nightshelf.names import REJECTED, REVIEW_VERSIONS
from nightshelf.sample_shop.planted import BROKEN, PERSONAL_DATA
from nightshelf.sample_shop.shop import DELIVERIES

DAY = "2026-03-01"
GOOD = {"review_id": "good", "product_id": "p1", "body": "great"}


def table_of(**columns):
    return pa.table({"review_id": ["a"], "product_id": ["p"], "body": ["great"]} | columns)


def write_parquet(path, table, **options):
    pq.write_table(table, path, **options)


def truncated(path):
    write_parquet(path, table_of())
    path.write_bytes(path.read_bytes()[:-20])


def damaged_page(path):
    """Two row groups; the pages of the second are overwritten, its footer is whole."""
    rows = pa.table(
        {
            "review_id": [f"x{n}" for n in range(200_000)],
            "product_id": ["p"] * 200_000,
            "body": [f"text {n}" for n in range(200_000)],
        }
    )
    write_parquet(path, rows, row_group_size=100_000, use_dictionary=False)
    footer = pq.read_metadata(path)
    column = footer.row_group(1).column(2)
    with path.open("r+b") as file:
        # Behind the page's header, so that only who decompresses the page finds out.
        file.seek(column.data_page_offset + column.total_compressed_size // 2)
        file.write(b"\xa5" * (column.total_compressed_size // 4))


FILES = {
    "not_parquet": lambda path: path.write_text("review_id,body\n1,great\n"),
    "truncated": truncated,
    "empty_file": lambda path: path.write_bytes(b""),
    "missing_column": lambda path: write_parquet(path, table_of().drop_columns(["body"])),
    "wrong_schema": lambda path: write_parquet(
        path, table_of().set_column(2, "body", pa.array([b"\xff"], pa.binary()))
    ),
    "ambiguous_column": lambda path: write_parquet(path, table_of(BODY=["other"])),
    "unreadable_file": damaged_page,
}


def test_bad_files_are_rejected_whole_and_their_neighbour_goes_on(shop):
    shop.land("reviews", [GOOD], DAY)
    folder = shop.settings.landing / "reviews" / f"date={DAY}"
    for reason, write in FILES.items():
        write(folder / f"{reason}.parquet")
    (folder / "_SUCCESS").write_text("")
    shop.start(DAY, "r")
    rejected = shop.rows("rejected").to_pylist()
    assert sorted((row["file"], row["row"], row["reason"]) for row in rejected) == sorted(
        (f"{reason}.parquet", None, reason) for reason in FILES
    )
    assert shop.rows("review_versions")["review_id"].to_pylist() == ["good"]
    [reviews] = [r for r in shop.rows("landings").to_pylist() if r["dataset"] == "reviews"]
    assert (reviews["files"], reviews["files_rejected"]) == (1 + len(FILES), len(FILES))
    assert (reviews["rows_read"], reviews["accepted"]) == (1, 1)


def test_of_one_id_in_one_file_the_newest_row_stays(shop):
    rows = [
        {**GOOD, "review_id": "a", "body": "old", "created_at": "2026-02-01"},
        {**GOOD, "review_id": "b", "body": "first of two without a time"},
        {**GOOD, "review_id": "a", "body": "new", "created_at": "2026-02-03"},
        {**GOOD, "review_id": "b", "body": "last of two without a time"},
        {**GOOD, "review_id": "a", "body": "older", "created_at": "2026-01-01"},
    ]
    shop.land("reviews", rows, DAY)
    shop.start(DAY, "r")
    kept = shop.rows("review_versions").sort_by("review_id")
    assert kept["row"].to_pylist() == [3, 4]
    twice = [(r["row"], r["field"], r["reason"]) for r in shop.rows("rejected").to_pylist()]
    assert sorted(twice) == [(n, "review_id", "duplicate_id") for n in (1, 2, 5)]


def test_the_sample_shop_gets_the_reasons_it_was_planted_with(shop):
    for one in DELIVERIES:
        land(
            shop.settings.landing,
            one.dataset,
            [one.file],
            parse_date(one.date),
            rename=one.rename,
            mode=one.mode,
        )
    shop.start("2026-03-02", "r")
    found = Counter(
        (row["dataset"], str(row["landing_date"]), row["row"], row["reason"])
        for row in shop.rows("rejected").to_pylist()
        if row["reason"] != "duplicate_id"
    )
    planted = Counter(
        (row.dataset, str(row.file)[:10], row.row, row.reason)
        for row in BROKEN
        if row.reason != "duplicate_id"
    )
    assert found == planted
    duplicates = [r for r in shop.rows("rejected").to_pylist() if r["reason"] == "duplicate_id"]
    assert len(duplicates) == sum(row.reason == "duplicate_id" for row in BROKEN)
    for account in shop.rows("landings").to_pylist():
        fates = account["accepted"] + account["rejected"] + account["duplicate"]
        assert account["rows_read"] == fates


def test_no_planted_personal_data_is_in_any_file_of_the_lake(shop):
    for one in DELIVERIES:
        land(
            shop.settings.landing,
            one.dataset,
            [one.file],
            parse_date(one.date),
            rename=one.rename,
            mode=one.mode,
        )
    shop.night("2026-03-02")
    tables = [REJECTED, REVIEW_VERSIONS, "product_versions", "review_sentiment", "sentiment"]
    everything = "\n".join(
        repr(row) for table in tables for row in shop.rows(table.rpartition(".")[2]).to_pylist()
    )
    assert "[email]" in everything
    assert [secret for secret in PERSONAL_DATA if secret in everything] == []
    # Nor in what Iceberg writes beside the data: manifests, statistics, the catalog.
    for path in (shop.settings.home / "lake").rglob("*"):
        if path.is_file() and path.suffix != ".parquet":
            text = path.read_bytes().decode("utf-8", "replace")
            assert [secret for secret in PERSONAL_DATA if secret in text] == [], path.name
    for line in shop.lines:
        assert [secret for secret in PERSONAL_DATA if secret in line] == []
