"""The shop's files hold what `shop` and `planted` say, and nothing is in them by accident."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean
from typing import Any

import phonenumbers
import pytest
from stdnum import iban, luhn

from nightshelf.contracts import CONTRACTS
from nightshelf.sample_shop import planted, shop

Row = dict[str, Any]
BY_FILE = {d.file.relative_to(shop.FOLDER).as_posix(): d for d in shop.DELIVERIES}
LANDED = {
    planted.CSV: datetime(2026, 3, 1, tzinfo=UTC),
    planted.JSONL: datetime(2026, 3, 2, tzinfo=UTC),
}
BROKEN_AT = {(row.file, row.row) for row in planted.BROKEN}


def csv_rows(path: Path) -> list[Row]:
    """Contract names; a row of too many cells is `{"_malformed": its cells}`."""
    with path.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines, strict=True)
    columns = {column: field for field, column in shop.CSV_COLUMNS.items()}
    return [
        {columns[name]: cell for name, cell in zip(header, cells, strict=True)}
        if len(cells) == len(header)
        else {"_malformed": len(cells)}
        for cells in rows
    ]


def jsonl_rows(path: Path, rename: Mapping[str, str]) -> list[Row]:
    """Contract names; a line that is no JSON is `{"_malformed": its length}`."""
    columns = {column: field for field, column in rename.items()}
    rows: list[Row] = []
    for line in path.read_text(encoding="utf-8").removesuffix("\n").split("\n"):
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            row = {"_malformed": len(line)}
        rows.append({columns.get(name, name): value for name, value in row.items()})
    return rows


def products(date: str) -> list[Row]:
    return jsonl_rows(shop.FOLDER / date / "catalog.jsonl", {})


REVIEWS = {
    planted.CSV: csv_rows(shop.FOLDER / planted.CSV),
    planted.JSONL: jsonl_rows(shop.FOLDER / planted.JSONL, shop.JSONL_COLUMNS),
}
FIRST, SECOND = products(shop.NIGHT_ONE), products(shop.NIGHT_TWO)
ACCEPTED = [
    (file, row)
    for file, rows in REVIEWS.items()
    for number, row in enumerate(rows, start=1)
    if (file, number) not in BROKEN_AT
]
WRITTEN = [(file, row) for file, row in ACCEPTED if row.get("op") != "delete"]
BY_ID = {(file, row["review_id"]): row for file, row in WRITTEN}


def when(row: Row) -> datetime:
    return datetime.fromisoformat(str(row["created_at"]))


def stars(product: str, file: str) -> list[float]:
    return [
        float(row["rating"])
        for of, row in WRITTEN
        if of == file and row["product_id"] == product and row["rating"]
    ]


def test_the_deliveries_are_the_files_of_two_nights() -> None:
    assert set(shop.FOLDER.glob("2026-*/*")) == {d.file for d in shop.DELIVERIES}
    assert [(d.dataset, d.date, d.mode) for d in shop.DELIVERIES] == [
        ("catalog", "2026-03-01", "snapshot"),
        ("reviews", "2026-03-01", None),
        ("catalog", "2026-03-02", "delta"),
        ("reviews", "2026-03-02", None),
    ]
    assert sum(d.file.stat().st_size for d in shop.DELIVERIES) < 1_000_000


@pytest.mark.parametrize("delivery", shop.DELIVERIES, ids=lambda d: f"{d.dataset}-{d.date}")
def test_a_delivery_renames_its_columns_to_fields_of_the_contract(delivery: shop.Delivery) -> None:
    contract = CONTRACTS[delivery.dataset]
    assert set(delivery.rename) <= set(contract.schema.names)
    if delivery.file.suffix == ".csv":
        with delivery.file.open(encoding="utf-8", newline="") as lines:
            columns = set(next(csv.reader(lines)))
    else:
        columns = set(json.loads(delivery.file.read_text(encoding="utf-8").split("\n")[0]))
    assert set(delivery.rename.values()) <= columns
    unnamed = columns - set(delivery.rename.values())
    assert unnamed <= set(contract.schema.names) - set(delivery.rename)


def test_600_reviews_and_61_products() -> None:
    assert {file: len(rows) for file, rows in REVIEWS.items()} == {
        planted.CSV: 360,
        planted.JSONL: 240,
    }
    ids = [row["product_id"] for row in FIRST]
    assert len(ids) == len(set(ids)) == 59
    assert len(SECOND) == 7
    assert len(set(ids) | {row["product_id"] for row in SECOND}) == 61
    assert len({row["category"] for row in FIRST}) == 8


@pytest.mark.parametrize("product", FIRST + SECOND, ids=lambda row: row["product_id"])
def test_a_product_is_complete_and_its_attributes_are_text(product: Row) -> None:
    assert set(product) == set(CONTRACTS["catalog"].schema.names) - {"op"}
    assert all(product.values())
    assert len(product["attributes"]) >= 4
    assert all(isinstance(value, str) and value for value in product["attributes"].values())
    assert isinstance(product["price"], float)
    assert when({"created_at": product["updated_at"]}) < LANDED[planted.JSONL] + timedelta(days=1)


def test_the_delta_changes_what_it_delivers() -> None:
    before = {row["product_id"]: row for row in FIRST}
    for row in SECOND:
        old = before.get(row["product_id"], {})
        assert {**row, "updated_at": ""} != {**old, "updated_at": ""}, row["product_id"]
        assert row["updated_at"] > old.get("updated_at", "")


def moment(row: Row) -> datetime | None:
    try:
        return when(row)
    except ValueError:
        return None


def number(row: Row) -> float | None:
    try:
        return float(str(row["rating"]))
    except ValueError:
        return None


DEFECTS: dict[str, Callable[[Row, set[object]], bool]] = {
    "missing_review_id": lambda row, _: not row["review_id"],
    "missing_product_id": lambda row, _: not row["product_id"],
    "empty_body": lambda row, _: not str(row["body"]).strip(),
    "wrong_type_body": lambda row, _: not isinstance(row["body"], str),
    "wrong_type_rating": lambda row, _: row["rating"] not in ("", None) and number(row) is None,
    "impossible_rating": lambda row, _: (n := number(row)) is not None and not 1 <= n <= 5,
    "unknown_op": lambda row, _: row.get("op", "upsert") not in ("upsert", "delete"),
    "wrong_type_created_at": lambda row, _: moment(row) is None,
    "created_in_future": lambda row, _: str(row["created_at"]) > "2026-03-03" and bool(moment(row)),
    "duplicate_id": lambda row, seen: row["review_id"] in seen,
    "malformed_line": lambda row, _: "_malformed" in row,
}


def defects(rows: list[Row], position: int) -> set[str]:
    """Every defect of the row at `position`, counted from 1, not only the planted one."""
    row = rows[position - 1]
    if "_malformed" in row:
        return {"malformed_line"}
    if row.get("op") == "delete":
        return set()
    seen = {before["review_id"] for before in rows[: position - 1] if before.get("review_id")}
    return {reason for reason, is_so in DEFECTS.items() if is_so(row, seen)}


@pytest.mark.parametrize("broken", planted.BROKEN, ids=lambda b: f"{b.file[:10]}-{b.row}")
def test_a_broken_row_stands_where_it_is_said_to_with_that_defect_alone(
    broken: planted.BrokenRow,
) -> None:
    assert BY_FILE[broken.file].dataset == broken.dataset
    assert defects(REVIEWS[broken.file], broken.row) == {broken.reason}


@pytest.mark.parametrize("file", list(REVIEWS))
def test_no_other_row_is_broken(file: str) -> None:
    rows = REVIEWS[file]
    found = {(file, place) for place in range(1, len(rows) + 1) if defects(rows, place)}
    assert found == {place for place in BROKEN_AT if place[0] == file}


def test_each_reason_is_planted() -> None:
    assert {row.reason for row in planted.BROKEN} == set(DEFECTS)
    assert len(planted.BROKEN) == 17


@pytest.mark.parametrize("file", list(REVIEWS))
def test_reviews_are_about_products_of_their_night_and_of_the_70_days_before(file: str) -> None:
    known = {row["product_id"] for row in FIRST}
    if file == planted.JSONL:
        known |= {row["product_id"] for row in SECOND}
    for _, row in (pair for pair in WRITTEN if pair[0] == file):
        assert row["product_id"] in known
        age = LANDED[file] + timedelta(days=1) - when(row)
        assert timedelta(0) < age <= timedelta(days=72), row["review_id"]


def test_texts_differ_but_for_those_planted() -> None:
    originals = [
        row["body"]
        for _, row in WRITTEN
        if not str(row["review_id"]).startswith(planted.COPY_PREFIX)
    ]
    counts = Counter(originals)
    assert {text for text, count in counts.items() if count > 1} == set(planted.COMMON_TEXTS)
    assert len(originals) == 541
    assert len(counts) == 522


def test_copies_say_what_night_one_said() -> None:
    said = {
        (r["product_id"], r["title"] or None, r["body"]) for f, r in WRITTEN if f == planted.CSV
    }
    copies = [r for _, r in WRITTEN if str(r["review_id"]).startswith(planted.COPY_PREFIX)]
    assert len(copies) == 40
    assert {(r["product_id"], r["title"], r["body"]) for r in copies} <= said


@pytest.mark.parametrize("review_id", planted.EDITED)
def test_an_edited_review_is_the_same_customers_in_new_words(review_id: str) -> None:
    old, new = BY_ID[planted.CSV, review_id], BY_ID[planted.JSONL, review_id]
    assert (old["product_id"], old["customer_id"]) == (new["product_id"], new["customer_id"])
    assert old["body"] != new["body"]
    assert when(old) < when(new)


def test_no_other_review_comes_twice() -> None:
    ids = Counter(row["review_id"] for _, row in WRITTEN)
    assert {name for name, count in ids.items() if count > 1} == set(planted.EDITED)


def test_deleted_reviews_were_written_on_night_one() -> None:
    deletes = [row for _, row in ACCEPTED if row.get("op") == "delete"]
    assert tuple(row["review_id"] for row in deletes) == planted.DELETED
    assert all(set(row) == {"review_id", "op"} for row in deletes)
    assert all((planted.CSV, name) in BY_ID for name in planted.DELETED)


HARD: dict[str, Callable[[str], bool]] = {
    "very_long": lambda text: 6_000 <= len(text.split()) <= 6_500,
    "zero_width": lambda text: "\u200b" in text and "\u0301" in text,
    "right_to_left": lambda text: "\u0645" in text and "\u202e" in text,
    "emoji_only": lambda text: not any(char.isalnum() for char in text),
    "prompt_injection": lambda text: "Ignore all previous instructions" in text,
    "html": lambda text: "<script>" in text and "&nbsp;" in text,
    "one_word": lambda text: len(text.split()) == 1 and len(text) > 1_800,
    "controls": lambda text: "\u0007" in text and "\u2028" in text and "\u0085" in text,
}


@pytest.mark.parametrize("name", HARD)
def test_poison(name: str) -> None:
    assert HARD[name](str(BY_ID[planted.JSONL, planted.POISON[name]]["body"]))
    assert set(HARD) == set(planted.POISON)


@pytest.mark.parametrize("literal", planted.PERSONAL_DATA)
def test_personal_data_is_planted_once_in_an_accepted_row(literal: str) -> None:
    fields = ("title", "body", "customer_id")
    holders = [r for _, r in WRITTEN if any(literal in str(r[field]) for field in fields)]
    assert len(holders) == 1


@pytest.mark.parametrize("literal", planted.PERSONAL_DATA)
def test_personal_data_is_of_a_valid_kind(literal: str) -> None:
    plain = literal.replace(" ", "").replace("-", "")
    kinds = {
        "email": literal.endswith("@example.org"),
        "phone": literal.startswith("+")
        and phonenumbers.is_valid_number(phonenumbers.parse(literal)),
        "card": plain.isdigit() and luhn.is_valid(plain),
        "iban": iban.is_valid(plain),
    }
    assert sum(kinds.values()) == 1, kinds


def test_no_other_address_is_in_the_files() -> None:
    texts = " ".join(str(row[f]) for _, row in WRITTEN for f in ("title", "body", "customer_id"))
    assert texts.count("@") == sum("@" in literal for literal in planted.PERSONAL_DATA)


def test_the_mix_is_a_shops() -> None:
    everyone: dict[object, int] = defaultdict(int)
    for _, row in WRITTEN:
        everyone[row["customer_id"]] += 1
    ratings = [float(row["rating"]) for _, row in WRITTEN if row["rating"]]
    lengths = sorted(len(str(row["body"]).split()) for _, row in WRITTEN)
    foreign = sum(row["language"] in ("de", "fr", "es", "zh") for _, row in WRITTEN)
    assert 0.55 <= mean(rating >= 4 for rating in ratings) <= 0.65
    assert 0.10 <= foreign / len(WRITTEN) <= 0.15
    assert lengths[0] <= 2
    assert sum(length > 100 for length in lengths) >= 7
    assert sum(count > 1 for count in everyone.values()) > 80


@pytest.mark.parametrize("product", planted.COMPLAINTS)
def test_a_bad_product_is_rated_badly(product: str) -> None:
    assert mean(stars(product, planted.CSV) + stars(product, planted.JSONL)) < 2.6


@pytest.mark.parametrize("product", planted.LOVED)
def test_a_loved_product_is_rated_well(product: str) -> None:
    assert mean(stars(product, planted.CSV) + stars(product, planted.JSONL)) > 4.2


def test_one_product_gets_worse_and_one_gets_better() -> None:
    worse, better = planted.GETS_WORSE, planted.GETS_BETTER
    assert mean(stars(worse, planted.CSV)) - mean(stars(worse, planted.JSONL)) > 2
    assert mean(stars(better, planted.JSONL)) - mean(stars(better, planted.CSV)) > 2
