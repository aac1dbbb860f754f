import csv
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nightshelf.lakehouse.catalog import ensure_tables, local_name, open_catalog
from nightshelf.lakehouse.release import Release, base_snapshots, publish, releases, settle
from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import REVIEW_SENTIMENT

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def catalog(settings):
    """Two nights have been released; each brought a review."""
    catalog = open_catalog(settings)
    ensure_tables(catalog, {})
    schema = TABLES[REVIEW_SENTIMENT].schema
    for number in (1, 2):
        newest = releases(catalog)[-1] if number > 1 else None
        table = catalog.load_table(local_name(REVIEW_SENTIMENT))
        table.append(pa.Table.from_pylist([{"review_id": f"r{number}", "rating": 2.0}], schema))
        tables = {**base_snapshots(catalog, newest)}
        tables[REVIEW_SENTIMENT] = table.current_snapshot().snapshot_id
        release = Release(
            release=number,
            parent=number - 1,
            kind="night",
            run=f"run{number}",
            released_at=NOW,
            tables=tables,
            digests={REVIEW_SENTIMENT: str(number)},
            dates=(f"2026-03-0{number}",),
        )
        publish(catalog, release)
    settle(catalog)
    return catalog


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ((), ["lake.shelf.review_sentiment, release 2", "review_id=r2", "review_id=r1"]),
        (("--release", "1"), ["lake.shelf.review_sentiment, release 1", "review_id=r1"]),
        (("--rows", "0"), ["lake.shelf.review_sentiment, release 2", "… and 2 more rows"]),
    ],
)
def test_show_prints_the_rows_of_a_release(run, catalog, words, printed):
    code, out, complaint = run("show", "review_sentiment", *words)
    lines = out.splitlines()
    assert (code, complaint, len(lines)) == (0, "", len(printed))
    assert lines[0] == printed[0]
    assert all(any(line.startswith(start) for line in lines) for start in printed)


def test_show_writes_files(run, catalog, tmp_path):
    words = ("show", "review_sentiment", "--release", "1", "--out")
    for out in ("one.csv", "one.parquet"):
        _, printed, _ = run(*words, out)
        assert printed == f"{out}: 1 rows of lake.shelf.review_sentiment, release 1\n"
    with (tmp_path / "one.csv").open(newline="") as file:
        assert [(row["review_id"], row["rating"]) for row in csv.DictReader(file)] == [("r1", "2")]
    assert pq.read_table(tmp_path / "one.parquet")["review_id"].to_pylist() == ["r1"]


def test_releases_are_listed_newest_first_and_rolled_back(run, catalog):
    nights = [
        "    2  2026-03-02 01:30:00  night  of 2026-03-02  run2",
        "    1  2026-03-02 01:30:00  night  of 2026-03-01  run1",
    ]
    assert run("releases")[1].splitlines() == nights
    code, printed, _ = run("rollback", "1", "--reason", "wrong prices")
    assert code == 0
    assert printed.splitlines() == [
        "release 3 shows what release 1 showed",
        "withdrawn until their nights are run again: 2026-03-02",
    ]
    waiting, newest, *others = run("releases")[1].splitlines()
    assert waiting.startswith(" withdrawn  2026-03-02 by release 3  (nightshelf night --date 2026-")
    assert others == nights
    assert newest.startswith("    3  20")
    assert newest.endswith("  rollback  withdraws 2026-03-02  run1  wrong prices")
    shown = run("show", "review_sentiment")[1].splitlines()
    assert [line.split()[0] for line in shown[1:]] == ["review_id=r1"]


def test_a_withdrawn_date_waits_until_somebody_dismisses_it(run, catalog):
    run("rollback", "1")
    assert run("runs")[1].startswith(" withdrawn  2026-03-02 by release 3")
    code, printed, _ = run("dismiss", "2026-03-02", "--reason", "spam")
    assert (code, printed) == (0, "2026-03-02 stays withdrawn: spam\n")
    assert "withdrawn " not in run("runs")[1]
    code, _, complaint = run("dismiss", "2026-03-02", "--reason", "spam")
    assert (code, complaint[:40]) == (1, "nightshelf: 2026-03-02 is not a date that"[:40])
    run("rollback", "2")
    run("rollback", "1")
    assert run("runs")[1].startswith(" withdrawn  2026-03-02 by release 5")


REFUSED = [
    (("approve", "n1"), "no release of a run n1 is held; see `nightshelf runs`"),
    (("dismiss", "n1", "--reason", "x"), "no release of a run n1 is held"),
    (("rollback", "2"), "release 2 shows what release 2 showed"),
    (("rollback", "9"), "there is no release 9; see `nightshelf releases`"),
    (("show", "review_sentiment", "--release", "9"), "there is no release 9"),
    (("show", "rejected", "--release", "1"), "no release names lake.shop.rejected"),
    (("show", "orders"), "there is no table 'orders'"),
    (("show", "rejected", "--out", "x.json"), "x.json: the name must end in .parquet or .csv"),
]


def test_what_cannot_be_done_is_said(run, catalog):
    for words, message in REFUSED:
        code, printed, complaint = run(*words)
        assert (code, printed) == (1, "")
        assert complaint.startswith(f"nightshelf: {message}")
    assert len(releases(catalog)) == 2


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        (("releases",), 0, ""),
        (("show", "review_sentiment"), 1, "nightshelf: nothing was released yet; run `nightshelf"),
        (("rollback", "1"), 1, "nightshelf: nothing was released yet; run `nightshelf"),
        (("show", "rejected"), 1, "nightshelf: lake.shop.rejected is not there yet; run `night"),
    ],
)
def test_a_home_without_a_night(run, words, code, complaint):
    found, printed, complained = run(*words)
    assert (found, printed) == (code, "")
    assert complained.startswith(complaint)
