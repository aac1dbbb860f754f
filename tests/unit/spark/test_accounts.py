from datetime import date
from pathlib import Path

import pytest

from nightshelf.spark import accounts as kept
from nightshelf.spark.accounts import Counted, accounts
from nightshelf.spark.landings import CheckedFile, Landing, Listing

DAY, OTHER = "2026-03-01", "2026-02-01"


def listing(*files):
    found = [
        CheckedFile(DAY, name, Path(name), rows, "body" if reason else None, reason)
        for name, rows, reason in files
    ]
    return Listing("reviews", [Landing("reviews", DAY, None, [])], found)


def counted(*rows):
    return [Counted(DAY, *row) for row in rows]


CASES = {
    "nothing": (listing(), [], (0, 0, 0, 0), {}, []),
    "all accepted": (
        listing(("a", 5, None)),
        counted(("a", None, 5)),
        (5, 5, 0, 0),
        {},
        [],
    ),
    "some turned away": (
        listing(("a", 9, None), ("b", 4, None)),
        counted(
            ("a", None, 5), ("a", "empty_body", 3), ("a", "duplicate_id", 1), ("b", "empty_body", 4)
        ),
        (13, 5, 7, 1),
        {"duplicate_id": 1, "empty_body": 7},
        [("b", "empty_body", 4), ("a", "empty_body", 3), ("a", "duplicate_id", 1)],
    ),
    "a file that breaks off, and one that cannot be opened": (
        listing(("a", 9, None), ("b", 4, None), ("c", 0, "missing_column")),
        counted(("a", None, 9), ("b", "unreadable_file", 1)),
        (9, 9, 0, 0),
        {"missing_column": 1, "unreadable_file": 1},
        [("b", "unreadable_file", 1), ("c", "missing_column", 1)],
    ),
    "rows of another date": (
        listing(("a", 1, None)),
        [*counted(("a", None, 1)), Counted(OTHER, "a", "empty_body", 7)],
        (1, 1, 0, 0),
        {},
        [],
    ),
}


@pytest.mark.parametrize(("found", "rows", "sums", "reasons", "files"), CASES.values(), ids=CASES)
def test_sums_and_why_rows_were_turned_away(found, rows, sums, reasons, files):
    [one] = accounts(rows, found, "n1")
    assert tuple(one[n] for n in ("rows_read", "accepted", "rejected", "duplicate")) == sums
    assert one["rows_read"] == one["accepted"] + one["rejected"] + one["duplicate"]
    assert (one["landing_date"], one["run"]) == (date.fromisoformat(DAY), "n1")
    assert one["refused"]["reasons"] == reasons
    assert [tuple(pair.values()) for pair in one["refused"]["files"]] == files
    assert sum(reasons.values()) == one["rejected"] + one["duplicate"] + one["files_rejected"]


def test_only_the_pairs_with_most_rows_are_listed(monkeypatch):
    monkeypatch.setattr(kept, "MOST_PAIRS", 2)
    rows = counted(*((f"f{n}", "empty_body", n) for n in (1, 2, 3, 4)))
    [one] = accounts(rows, listing(), "n1")
    assert [pair["file"] for pair in one["refused"]["files"]] == ["f4", "f3"]
    assert one["refused"]["more"] == 2
    assert one["refused"]["reasons"] == {"empty_body": 10}
