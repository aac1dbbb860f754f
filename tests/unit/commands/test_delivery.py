import json

import pyarrow.parquet as pq
import pytest

DAY = ("--date", "2026-03-01")
FOLDER = "landing/reviews/date=2026-03-01"


@pytest.fixture
def file(tmp_path):
    """Two reviews under column names of the shop's own."""
    path = tmp_path / "march.csv"
    path.write_text("id,product_id,text,shoe size\nr1,p1,good,41\nr2,p1,bad,42\n")
    return path


RENAME = ("--rename", "review_id=id", "body=text")


def test_landed_files_lie_closed_in_the_folder_of_their_date(nightshelf, home, file):
    said = nightshelf("land", "reviews", file, *DAY, *RENAME)
    landed = home / FOLDER / "march.parquet"
    line = f"{landed}: 2 rows (columns left out: shoe size)\n"
    assert (said.code, said.out, said.err) == (0, line, "")
    assert pq.read_table(landed, partitioning=None)["body"].to_pylist() == ["good", "bad"]
    listed = json.loads((home / FOLDER / "_SUCCESS").read_text())["files"]
    assert listed == [{"name": "march.parquet", "bytes": landed.stat().st_size}]


def test_what_cannot_be_used_is_warned_of_and_kept_for_the_night(nightshelf, home, file, tmp_path):
    broken = tmp_path / "broken.parquet"
    broken.write_text("not Parquet")
    said = nightshelf("land", "reviews", file, broken, *DAY, *RENAME)
    assert said.code == 0
    assert said.err == (
        "nightshelf: warning: broken.parquet is not Parquet that can be read; deliver it again.\n"
    )
    kept = f"{home / FOLDER / 'broken.parquet'}: as it is, for the night to reject"
    assert said.out.splitlines()[1:] == [kept]


@pytest.mark.parametrize("mode", ["snapshot", "delta"])
def test_a_catalog_says_what_it_is(nightshelf, home, tmp_path, mode):
    file = tmp_path / "catalog.csv"
    file.write_text("product_id,title\np1,a sofa\n")
    assert nightshelf("land", "catalog", file, *DAY, f"--{mode}").code == 0
    success = home / "landing/catalog/date=2026-03-01/_SUCCESS"
    assert json.loads(success.read_text())["mode"] == mode


# ------------------------------------------------------------------ what is refused

BAD_DATES = [
    ("yesterday", "'yesterday' is not a date; write YYYY-MM-DD"),
    ("2026-3-1", "'2026-3-1' is not a date"),
    ("20260301", "'20260301' is not a date"),
    ("2026-03-01T00", "'2026-03-01T00' is not a date"),
    ("../2026-03-01", "'../2026-03-01' is not a date"),
    ("", "'' is not a date"),
    ("2026-02-30", "'2026-02-30' is not in the calendar"),
    ("1999-12-31", "'1999-12-31' lies outside 2000 to 2199"),
]


@pytest.mark.parametrize(("date", "message"), BAD_DATES)
@pytest.mark.parametrize(
    "words",
    [
        ("land", "reviews", "FILE"),
        ("withdraw", "reviews", "march.parquet"),
        ("night",),
        ("ready", "--origin", "x"),
        ("step", "ingest", "--origin", "x"),
    ],
    ids=lambda words: words[0],
)
def test_a_date_is_checked_before_anything_is_done(nightshelf, home, file, words, date, message):
    words = [file if word == "FILE" else word for word in words]
    said = nightshelf(*words, "--date", date)
    assert (said.code, said.out) == (11, "")
    assert said.err.startswith(f"nightshelf: {message}")
    assert not home.exists()


BAD_RENAMES = [
    (["body"], "--rename body: write FIELD=COLUMN, such as body=review_text"),
    (["=text"], "--rename =text: write FIELD=COLUMN"),
    (["body="], "--rename body=: write FIELD=COLUMN"),
    (["=", "body=text"], "--rename =: write FIELD=COLUMN"),
    (["body=text", "body=text"], "--rename names the field body twice"),
    (["body=text", "shoe=shoe size"], "--rename shoe=…: reviews have no such field; fields: rev"),
    (["body=words"], "--rename body=words: no file has a column 'words'; columns found: id,"),
]


@pytest.mark.parametrize(("pairs", "message"), BAD_RENAMES)
def test_a_rename_that_cannot_be_meant_is_refused(nightshelf, home, file, pairs, message):
    said = nightshelf("land", "reviews", file, *DAY, "--rename", *pairs)
    assert (said.code, said.out) == (11, "")
    assert said.err.startswith(f"nightshelf: {message}")
    assert not home.exists()


def test_a_column_may_have_an_equals_sign_in_its_name(nightshelf, home, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("review_id,product_id,a=b\nr1,p1,good\n")
    assert nightshelf("land", "reviews", file, *DAY, "--rename", "body=a=b").code == 0
    landed = pq.read_table(home / FOLDER / "a.parquet", partitioning=None)
    assert landed["body"].to_pylist() == ["good"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["reviews", "no.csv"], "no.csv: there is no such file"),
        (["catalog", "no.csv"], "say what a catalog is: --snapshot"),
        (["reviews", "no.csv", "--delta"], "--delta is for the catalog; reviews land without it"),
    ],
)
def test_what_cannot_be_landed_is_refused(nightshelf, words, message):
    said = nightshelf("land", *words, *DAY)
    assert (said.code, said.out) == (11, "")
    assert said.err.startswith(f"nightshelf: {message}")


# ------------------------------------------------------------------ withdraw


def test_withdrawn_files_are_gone_and_a_person_knows_what_follows(nightshelf, home, file):
    nightshelf("land", "reviews", file, *DAY, *RENAME)
    said = nightshelf("withdraw", "reviews", "march.parquet", *DAY)
    assert (said.code, said.err) == (0, "")
    assert said.out == (
        "withdrawn: march.parquet; the next night, or `nightshelf night --date 2026-03-01`,"
        " takes their rows back\n"
    )
    assert json.loads((home / FOLDER / "_SUCCESS").read_text())["files"] == []
    assert [path.name for path in (home / FOLDER).iterdir()] == ["_SUCCESS"]


def test_what_was_not_landed_cannot_be_withdrawn(nightshelf, home):
    said = nightshelf("withdraw", "reviews", "march.parquet", *DAY)
    assert (said.code, said.out) == (11, "")
    assert said.err == (
        f"nightshelf: {home / FOLDER} does not hold march.parquet; it holds nothing\n"
    )
    assert not home.exists()
