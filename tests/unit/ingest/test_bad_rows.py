"""Every kind of bad row with the reason it gets; `docs/input.md` shows the same table."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from nightshelf.contracts import CATALOG, CONTRACTS, MALFORMED, REVIEWS
from nightshelf.ingest.rules import rules_of
from nightshelf.ingest.validate import validate

LANDED = date(2026, 2, 3)
DOCS = Path(__file__).parents[3] / "docs" / "input.md"

GOOD = {
    "reviews": {"review_id": "r1", "product_id": "p1", "body": "Warm and soft."},
    "catalog": {"product_id": "p1", "title": "Scarf"},
}


@dataclass(frozen=True)
class Bad:
    """A good row but for `cells`; `kind` is the type of the changed column, if not text."""

    what: str
    cells: dict
    field: str
    reason: str
    dataset: str = "reviews"
    kind: pa.DataType | None = None


def utf8(data: bytes) -> pa.Array:
    """A text column that is not checked, as Parquet of strangers may hold it."""
    return pa.array([data], pa.binary()).view(pa.string())


TABLE = [
    Bad("no `review_id`", {"review_id": None}, "review_id", "missing_review_id"),
    Bad("a blank `review_id`", {"review_id": " \t"}, "review_id", "missing_review_id"),
    Bad("no `product_id`", {"product_id": None}, "product_id", "missing_product_id"),
    Bad("a `review_id` of 257 characters", {"review_id": "x" * 257}, "review_id", "id_too_long"),
    Bad("a `product_id` of 257 characters", {"product_id": "é" * 257}, "product_id", "id_too_long"),
    Bad("no `body`", {"body": None}, "body", "empty_body"),
    Bad("a `body` of white space", {"body": " \n\t\u00a0\u3000"}, "body", "empty_body"),
    Bad("a `body` of zero-width characters", {"body": "\u200b\ufeff\u2060"}, "body", "empty_body"),
    Bad("a `body` of 200,001 characters", {"body": "ö" * 200_001}, "body", "body_too_long"),
    Bad("U+0000 in the `body`", {"body": "so\0ft"}, "body", "invalid_text"),
    Bad("half a surrogate pair in the `body`", {"body": utf8(b"a\xed\xa0\x80")},
        "body", "invalid_text"),
    Bad("bytes in the `title` that are no UTF-8", {"title": utf8(b"caf\xe9")},
        "title", "invalid_text"),
    Bad("a `body` that is a list", {"body": ["a", "b"]}, "body", "wrong_type_body",
        kind=pa.list_(pa.string())),
    Bad("a `body` that is an object", {"body": {"text": "a"}}, "body", "wrong_type_body",
        kind=pa.struct({"text": pa.string()})),
    Bad("a `body` of raw bytes", {"body": b"abc"}, "body", "wrong_type_body", kind=pa.binary()),
    Bad("`rating` in words: five", {"rating": "five"}, "rating", "wrong_type_rating"),
    Bad("`rating` with a comma: 4,5", {"rating": "4,5"}, "rating", "wrong_type_rating"),
    Bad("`rating` that is true or false", {"rating": True}, "rating", "wrong_type_rating",
        kind=pa.bool_()),
    Bad("`rating` 0", {"rating": 0}, "rating", "impossible_rating", kind=pa.int64()),
    Bad("`rating` 5.5", {"rating": Decimal("5.5")}, "rating", "impossible_rating",
        kind=pa.decimal128(5, 2)),
    Bad("`rating` NaN", {"rating": float("nan")}, "rating", "impossible_rating",
        kind=pa.float32()),
    Bad("`rating` infinite", {"rating": "inf"}, "rating", "impossible_rating"),
    Bad("`rating` 1e400", {"rating": "1e400"}, "rating", "impossible_rating"),
    Bad("`created_at` in month 13", {"created_at": "2026-13-45"},
        "created_at", "wrong_type_created_at"),
    Bad("`created_at` on 30 February", {"created_at": "2026-02-30"},
        "created_at", "wrong_type_created_at"),
    Bad("`created_at` as 03/02/2026", {"created_at": "03/02/2026"},
        "created_at", "wrong_type_created_at"),
    Bad("`created_at` in the year 292277", {"created_at": 2**63 - 1}, "created_at",
        "wrong_type_created_at", kind=pa.timestamp("ms")),
    Bad("`created_at` two days after the landing date", {"created_at": "2026-02-05T00:00:01Z"},
        "created_at", "created_in_future"),
    Bad("`created_at` in 1994", {"created_at": date(1994, 12, 31)}, "created_at",
        "created_too_early", kind=pa.date32()),
    Bad("`created_at` in seconds instead of milliseconds", {"created_at": 1_770_076_800},
        "created_at", "created_too_early", kind=pa.int64()),
    Bad("`op` replace", {"op": "replace"}, "op", "unknown_op"),
    Bad("`language` english", {"language": "english"}, "language", "bad_language"),
    Bad("a delete without its id", {"op": "delete", "review_id": None},
        "review_id", "missing_review_id"),
    Bad("no `title`", {"title": None}, "title", "missing_title", "catalog"),
    Bad("`price` 12,x", {"price": "12,x"}, "price", "wrong_type_price", "catalog"),
    Bad("`price` NaN", {"price": float("nan")}, "price", "wrong_type_price", "catalog",
        pa.float64()),
    Bad("`price` -1", {"price": "-1"}, "price", "negative_price", "catalog"),
    Bad("`currency` euro", {"currency": "euro"}, "currency", "bad_currency", "catalog"),
    Bad("`updated_at` in 2030", {"updated_at": datetime(2030, 1, 1, tzinfo=UTC)}, "updated_at",
        "updated_in_future", "catalog", pa.timestamp("ns", "UTC")),
    Bad("`attributes` that are no JSON", {"attributes": "{colour: red"}, "attributes",
        "wrong_type_attributes", "catalog"),
    Bad("`attributes` that are a JSON list", {"attributes": '["red"]'}, "attributes",
        "wrong_type_attributes", "catalog"),
    Bad("`attributes` with an object within", {"attributes": '{"size": {"cm": 3}}'}, "attributes",
        "wrong_type_attributes", "catalog"),
    Bad("`attributes` with a list within", {"attributes": {"sizes": ["S", "M"]}}, "attributes",
        "wrong_type_attributes", "catalog", pa.struct({"sizes": pa.list_(pa.string())})),
    Bad("`attributes` with half a surrogate pair", {"attributes": '{"a": "\\ud800"}'}, "attributes",
        "invalid_text", "catalog"),
    Bad("a CSV line with too many or too few cells", {MALFORMED: "wrong_cell_count"},
        "wrong_cell_count", "malformed_line"),
    Bad("a CSV line with broken quotes", {MALFORMED: "not_csv"}, "not_csv", "malformed_line"),
    Bad("a line that is no JSON", {MALFORMED: "invalid_json"}, "invalid_json", "malformed_line"),
    Bad("a line of JSON that is no object", {MALFORMED: "not_an_object"}, "not_an_object",
        "malformed_line"),
    Bad("a line of more than 4 MiB", {MALFORMED: "line_too_long"}, "line_too_long",
        "malformed_line"),
    Bad("a line that is no UTF-8", {MALFORMED: "invalid_utf8"}, "invalid_utf8", "invalid_text"),
    Bad("half a surrogate pair in a line of JSON", {MALFORMED: "invalid_text"}, "invalid_text",
        "invalid_text"),
    Bad("a list where JSON Lines should have text", {MALFORMED: "wrong_type_body"}, "body",
        "wrong_type_body"),
    Bad("a `_malformed` column of the shop's own", {MALFORMED: "what ever"}, MALFORMED,
        "malformed_line"),
]  # fmt: skip


def batch_of(dataset: str, rows: list[dict], kind: pa.DataType | None = None) -> pa.Table:
    """A table with a text column for each cell named; what is an array already is taken."""
    columns = {}
    for name in dict.fromkeys(name for row in rows for name in row):
        cells = [row.get(name) for row in rows]
        given = [cell for cell in cells if isinstance(cell, pa.Array)]
        typed = kind if kind and name not in GOOD[dataset] else None
        if given:
            columns[name] = pa.concat_arrays(
                [c if isinstance(c, pa.Array) else pa.array([c], pa.string()) for c in cells]
            )
        else:
            columns[name] = pa.array(cells, typed or pa.string())
    return pa.table(columns)


def bad_batch(bad: Bad) -> tuple[pa.Table, int]:
    """The bad row between two good ones, if its column has a type in which they can be good."""
    good = GOOD[bad.dataset]
    if bad.kind and set(bad.cells) & set(good):
        (name,) = bad.cells
        table = batch_of(bad.dataset, [good])
        index = table.schema.get_field_index(name)
        return table.set_column(index, name, pa.array([bad.cells[name]], bad.kind)), 1
    before, after = (good | {key: good[key] + end for key in good if "id" in key} for end in "ab")
    return batch_of(bad.dataset, [before, good | bad.cells, after], bad.kind), 2


@pytest.mark.parametrize("bad", TABLE, ids=lambda bad: bad.what)
def test_a_bad_row_gets_its_reason_and_leaves_its_neighbours_alone(bad):
    batch, place = bad_batch(bad)
    contract = CONTRACTS[bad.dataset]
    found = validate(batch, contract=contract, landing_date=LANDED, first_row=1)
    assert found.rejected.to_pylist() == [{"row": place, "field": bad.field, "reason": bad.reason}]
    assert found.accepted["row"].to_pylist() == [n + 1 for n in range(len(batch)) if n + 1 != place]
    if place == 2:
        ids = found.accepted[contract.id_field].to_pylist()
        assert ids == [GOOD[bad.dataset][contract.id_field] + end for end in "ab"]


def test_there_are_many_kinds():
    assert len(TABLE) >= 30


@pytest.mark.parametrize("contract", [REVIEWS, CATALOG], ids=lambda contract: contract.dataset)
def test_every_rule_that_a_shop_can_break_has_an_example(contract):
    shown = {bad.reason for bad in TABLE}
    never = {
        f"wrong_type_{f.name}"
        for f in contract.schema
        if pa.types.is_string(f.type) and f.name != "body"
    }
    never |= {"wrong_type_updated_at"}  # as wrong_type_created_at
    assert {rule.reason for rule in rules_of(contract)} - never <= shown


def test_the_manual_shows_this_table():
    manual = DOCS.read_text()
    missing = [line for line in map(line_of, TABLE) if line not in manual]
    assert not missing, "put these lines into docs/input.md:\n" + "\n".join(missing)


def line_of(bad: Bad) -> str:
    return f"| {bad.dataset} | {bad.what} | `{bad.field}` | `{bad.reason}` |"
