import csv
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from nightshelf.lakehouse.catalog import ensure_tables, local_name, open_catalog
from nightshelf.lakehouse.release import Release, base_snapshots, publish, releases
from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import REVIEW_SENTIMENT


@pytest.fixture
def catalog(settings):
    """Releases 1 and 2, of two dates; the first shows review a, the second a and b."""
    opened = open_catalog(settings)
    ensure_tables(opened, {})
    table = opened.load_table(local_name(REVIEW_SENTIMENT))
    for number, review in ((1, "a"), (2, "b")):
        row = {"review_id": review, "label": "positive"}
        table.append(pa.Table.from_pylist([row], schema=TABLES[REVIEW_SENTIMENT].schema))
        shown = {REVIEW_SENTIMENT: table.current_snapshot().snapshot_id}
        released = Release(
            release=number,
            parent=number - 1,
            kind="night",
            run=f"run{number}",
            released_at=datetime(2026, 3, number, 1, 2, 3, tzinfo=UTC),
            tables=base_snapshots(opened, None) | shown,
            digests={},
            dates=(f"2026-03-0{number}",),
        )
        publish(opened, released)
    return opened


FIRST = "    1  2026-03-01 01:02:03  night  of 2026-03-01  run1"
SECOND = "    2  2026-03-02 01:02:03  night  of 2026-03-02  run2"


def test_what_a_person_sees_of_two_releases_and_a_rollback(nightshelf, catalog):
    assert nightshelf("releases").out.splitlines() == [SECOND, FIRST]

    said = nightshelf("show", "review_sentiment", "--rows", "1")
    assert said.out.splitlines()[0] == "lake.shelf.review_sentiment, release 2"
    assert said.out.splitlines()[2:] == ["… and 1 more rows; --out FILE.parquet writes all of them"]
    said = nightshelf("show", "review_sentiment", "--release", "1")
    [_, row] = said.out.splitlines()
    assert row.startswith("review_id=a  ")

    said = nightshelf("rollback", "1", "--reason", "wrong prices")
    assert (said.code, said.err) == (0, "")
    assert said.out == (
        "release 3 shows what release 1 showed\n"
        "withdrawn until their nights are run again: 2026-03-02\n"
    )
    newest, *older = nightshelf("releases").out.splitlines()
    assert newest.endswith("rollback  withdraws 2026-03-02  run1  wrong prices")
    assert older == [SECOND, FIRST]
    assert "release 3" in nightshelf("show", "review_sentiment").out


def test_show_writes_a_file_of_all_rows(nightshelf, catalog, tmp_path):
    out = tmp_path / "labels.csv"
    said = nightshelf("show", "review_sentiment", "--out", out, "--rows", "1")
    assert said.out == f"{out}: 2 rows of lake.shelf.review_sentiment, release 2\n"
    with out.open(newline="") as file:
        assert sorted(row["review_id"] for row in csv.DictReader(file)) == ["a", "b"]


REFUSED = [
    (["show", "prices"], "there is no table 'prices'; tables: review_sentiment, "),
    (["show", "review_sentiment", "--release", "7"], "there is no release 7; see"),
    (["show", "rejected", "--release", "1"], "no release names lake.shop.rejected; leave"),
    (["show", "review_sentiment", "--out", "a.json"], "a.json: the name must end in"),
    (["rollback", "7"], "there is no release 7; see"),
    (["rollback", "2"], "release 2 shows what release 2 showed"),
]


def test_what_cannot_be_done_is_refused_and_changes_nothing(nightshelf, catalog):
    for words, message in REFUSED:
        said = nightshelf(*words)
        assert (said.code, said.out) == (1, ""), words
        assert said.err.startswith(f"nightshelf: {message}"), words
    assert len(releases(catalog)) == 2


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["releases"], 0, ""),
        (["show", "review_sentiment"], 1, "nothing was released yet; run `nightshelf night"),
        (["show", "rejected"], 1, "lake.shop.rejected is not there yet; run `nightshelf night"),
        (["rollback", "1"], 1, "nothing was released yet; run `nightshelf night"),
    ],
)
def test_an_empty_home_says_what_to_do(nightshelf, words, code, message):
    said = nightshelf(*words)
    assert (said.code, said.out) == (code, "")
    assert message in said.err
