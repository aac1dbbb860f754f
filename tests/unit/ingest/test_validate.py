from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from nightshelf.contracts import CATALOG, CONTRACTS, REVIEWS
from nightshelf.ingest.rules import rules_of
from nightshelf.ingest.validate import REJECTED, validate

LANDED = date(2026, 2, 3)
ROW = pa.field("row", pa.int64())


def accepted(columns: dict, dataset: str = "reviews", first_row: int = 1) -> list[dict]:
    table = pa.table(columns)
    required = {"reviews": ("review_id", "product_id", "body"), "catalog": ("product_id", "title")}
    for name in required[dataset]:
        if name not in columns:
            table = table.append_column(name, pa.array(["x"] * table.num_rows))
    found = validate(table, contract=CONTRACTS[dataset], landing_date=LANDED, first_row=first_row)
    assert found.rejected.to_pylist() == []
    assert found.accepted.schema == CONTRACTS[dataset].schema.append(ROW)
    return found.accepted.to_pylist()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NOON = at("2026-02-01T12:00:00")
READ = [
    # field, cell, type of the column, what it is read as
    ("rating", "4", None, 4.0),
    ("rating", " 4.5 ", None, 4.5),
    ("rating", "+5.", None, 5.0),
    ("rating", "4e0", None, 4.0),
    ("rating", "", None, None),
    ("rating", 3, pa.int8(), 3.0),
    ("rating", 3, pa.uint64(), 3.0),
    ("rating", Decimal("4.50"), pa.decimal128(4, 2), 4.5),
    ("rating", 2.0, pa.float32(), 2.0),
    ("rating", "2", pa.large_string(), 2.0),
    ("rating", "2", pa.string_view(), 2.0),
    ("rating", "2", pa.dictionary(pa.int32(), pa.string()), 2.0),
    ("rating", None, pa.null(), None),
    ("created_at", "2026-02-01", None, at("2026-02-01")),
    ("created_at", "2026-02-01T12:00:00", None, NOON),
    ("created_at", "2026-02-01 12:00", None, NOON),
    ("created_at", "2026-02-01T12:00:00Z", None, NOON),
    ("created_at", "2026-02-01 12:00:00 Z", None, NOON),
    ("created_at", "2026-02-01T13:30:00+01:30", None, NOON),
    ("created_at", "2026-02-01T13:00:00 +0100", None, NOON),
    ("created_at", "2026-02-01T12:00:00.123456789", None, NOON.replace(microsecond=123456)),
    ("created_at", "1769947200000", None, NOON),
    ("created_at", 1_769_947_200_000, pa.int64(), NOON),
    ("created_at", date(2026, 2, 1), pa.date32(), at("2026-02-01")),
    ("created_at", date(2026, 2, 1), pa.date64(), at("2026-02-01")),
    ("created_at", datetime(2026, 2, 1, 12), pa.timestamp("ns"), NOON),  # noqa: DTZ001
    ("created_at", NOON, pa.timestamp("s", "UTC"), NOON),
    ("created_at", NOON, pa.timestamp("ms", "Europe/Berlin"), NOON),
    ("created_at", "2026-02-04T23:59:59Z", None, at("2026-02-04T23:59:59")),
    ("created_at", " ", None, None),
    ("review_id", " r1 ", None, "r1"),
    ("product_id", 1080, pa.int64(), "1080"),
    ("body", "  kept as it is \n", None, "  kept as it is \n"),
    ("title", "\u200b", None, None),
    ("language", "en_GB", None, "en-GB"),
    ("language", "zh-Hant-TW", None, "zh-Hant-TW"),
    ("op", None, None, "upsert"),
    ("op", " UPSERT ", None, "upsert"),
]


@pytest.mark.parametrize(("field", "cell", "kind", "expected"), READ)
def test_cells_are_read_leniently(field, cell, kind, expected):
    (row,) = accepted({field: pa.array([cell], kind or pa.string())})
    assert row[field] == expected


ATTRIBUTES = [
    ('{"colour": "red", "cm": 120.50, "new": true, "none": null, " ": "x", "e": " "}', None,
     [("colour", "red"), ("cm", "120.50"), ("new", "true")]),
    ("{}", None, []),
    ("null", None, []),
    ("", None, None),
    ({"a": 1, "b": None, "c": 2.0, "d": False}, pa.struct(
        {"a": pa.int64(), "b": pa.string(), "c": pa.float64(), "d": pa.bool_()}),
     [("a", "1"), ("c", "2"), ("d", "false")]),
    ([("a", "x"), ("b", None), ("a", "y")], pa.map_(pa.string(), pa.string()), [("a", "y")]),
    ([("a", 3)], pa.map_(pa.large_string(), pa.int32()), [("a", "3")]),
    (None, pa.map_(pa.string(), pa.string()), None),
    ([], pa.map_(pa.string(), pa.string()), []),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "kind", "expected"), ATTRIBUTES)
def test_attributes_are_read_from_json_struct_and_map(cell, kind, expected):
    (row,) = accepted({"attributes": pa.array([cell], kind or pa.string())}, "catalog")
    assert row["attributes"] == expected


def test_prices_and_currencies():
    rows = accepted({"price": ["1 299.90", "0"], "currency": ["eur", None]}, "catalog")
    assert [(row["price"], row["currency"]) for row in rows] == [(1299.9, "EUR"), (0.0, None)]


def test_lacking_columns_are_null():
    (row,) = accepted({"review_id": ["r1"]})
    assert {row[name] for name in ("customer_id", "created_at", "rating", "title")} == {None}


def test_a_delete_needs_its_id_alone_and_nothing_more_of_it_is_kept():
    table = pa.table(
        {
            "review_id": ["r1", "r2"],
            "op": ["Delete", "delete"],
            "body": [None, "secret"],
            "rating": ["five", "1"],
            "created_at": ["2026-02-01", "2999-01-01"],
        }
    )
    found = validate(table, contract=REVIEWS, landing_date=LANDED, first_row=1)
    assert found.rejected.num_rows == 0
    kept = [{k: v for k, v in row.items() if v is not None} for row in found.accepted.to_pylist()]
    assert kept == [
        {"review_id": "r1", "created_at": at("2026-02-01"), "op": "delete", "row": 1},
        {"review_id": "r2", "op": "delete", "row": 2},
    ]


def test_rows_are_numbered_from_the_first_row_given():
    table = pa.table({"review_id": ["a", None, "c"], "product_id": ["p"] * 3, "body": ["b"] * 3})
    found = validate(table, contract=REVIEWS, landing_date=LANDED, first_row=50_001)
    assert found.accepted["row"].to_pylist() == [50_001, 50_003]
    assert found.rejected["row"].to_pylist() == [50_002]


def test_the_first_reason_wins():
    table = pa.table({"review_id": [None], "body": [""], "rating": ["9"], "op": ["upsert"]})
    found = validate(table, contract=REVIEWS, landing_date=LANDED, first_row=1)
    assert found.rejected["reason"].to_pylist() == ["missing_review_id"]


def test_a_table_of_several_chunks_is_one_batch():
    table = pa.table({"product_id": ["a"], "title": ["t"]})
    doubled = pa.concat_tables([table, table])
    found = validate(doubled, contract=CATALOG, landing_date=LANDED, first_row=1)
    assert found.accepted["row"].to_pylist() == [1, 2]


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
@pytest.mark.parametrize("batch", [pa.table({}), pa.table({"op": pa.array([], pa.string())})])
def test_no_rows_give_empty_tables(contract, batch):
    found = validate(batch, contract=contract, landing_date=LANDED, first_row=1)
    assert found.accepted.schema == contract.schema.append(ROW)
    assert found.rejected.schema == REJECTED
    assert found.accepted.num_rows == found.rejected.num_rows == 0


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_every_row_is_in_one_of_the_two(contract):
    # Whatever stands in a row, in whatever column, it comes out once.
    odd = ["", " ", "\0", "x" * 300, "5", "-1", "2026-02-01", "{}", "[1]", "delete", "\U0001f600"]
    columns = {
        name: pa.array([odd[(place * 7 + n) % len(odd)] for n in range(97)])
        for place, name in enumerate(contract.schema.names)
    }
    found = validate(pa.table(columns), contract=contract, landing_date=LANDED, first_row=1)
    rows = found.accepted["row"].to_pylist() + found.rejected["row"].to_pylist()
    assert sorted(rows) == list(range(1, 98))
    assert set(found.rejected["reason"].to_pylist()) <= {r.reason for r in rules_of(contract)}
