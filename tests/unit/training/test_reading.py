"""Reviews are read from any format and under any column names; what cannot be read is counted."""

import json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nightshelf.errors import ContractError
from nightshelf.training.prepare.reading import Review, read_reviews

ROWS = [
    {"text": "Good", "title": "T", "stars": 5, "product": "p", "date": "2026-01-02"},
    {"text": "Bad", "title": None, "stars": 1, "product": "q", "date": None},
]
READ = [
    Review(
        body="Good",
        title="T",
        rating=5.0,
        product_id="p",
        created_at=datetime(2026, 1, 2, tzinfo=UTC),
    ),
    Review(body="Bad", rating=1.0, product_id="q"),
]


def parquet(path, rows):
    pq.write_table(pa.Table.from_pylist(rows), path)


def csv(path, rows):
    cells = (",".join("" if cell is None else str(cell) for cell in row.values()) for row in rows)
    path.write_text("\n".join([",".join(rows[0]), *cells]) + "\n")


def json_lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.mark.parametrize(
    ("write", "name"), [(parquet, "r.parquet"), (csv, "r.csv"), (json_lines, "r.jsonl")]
)
def test_each_format_gives_the_same_reviews(tmp_path, write, name):
    write(tmp_path / name, ROWS)
    assert read_reviews([tmp_path / name]) == (READ, {})


def test_a_field_is_found_under_its_own_name_an_alias_or_as_told(tmp_path):
    parquet(tmp_path / "a.parquet", [{"body": "own", "text": "alias", "words": "told"}])
    assert read_reviews([tmp_path / "a.parquet"])[0][0].body == "own"
    [told] = read_reviews([tmp_path / "a.parquet"], {"body": "words"})[0]
    assert told.body == "told"


def test_what_cannot_be_read_is_counted(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"text,stars,op\nfine,5,\nshort\nbad \xff,1,\ngone,1,delete\n")
    reviews, left_out = read_reviews([tmp_path / "a.csv"])
    assert [review.body for review in reviews] == ["fine"]
    assert left_out == {"unreadable": 2, "deleted": 1}


@pytest.mark.parametrize(
    ("name", "content", "rename", "complaint"),
    [
        ("a.csv", "title,stars\nx,5\n", {}, "no column for body.*--rename body=COLUMN"),
        ("a.csv", "text\nx\n", {"words": "text"}, "--rename words=…: there is no such field"),
        ("a.parquet", "no parquet at all", {}, "is not Parquet that can be read"),
        ("a.txt", "text\nx\n", {}, "cannot tell the format"),
        ("a.csv", "", {}, r"is empty \(0 bytes\)"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path, name, content, rename, complaint):
    (tmp_path / name).write_text(content)
    with pytest.raises(ContractError, match=complaint):
        read_reviews([tmp_path / name], rename)
