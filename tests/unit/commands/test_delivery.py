import json

import pytest

DATE = "2026-03-01"
D = ("--date", DATE)


@pytest.fixture
def folder(settings):
    return settings.landing / "reviews" / f"date={DATE}"


@pytest.fixture
def reviews(tmp_path):
    file = tmp_path / "reviews.csv"
    file.write_text("Id,Item,Text,Mood\na,p,Warm.,good\nb,q,Soft.,good\n")
    return str(file)


RENAMED = ("--rename", "review_id=Id", "product_id=Item", "body=Text")


def test_landed_files_are_named_with_their_rows(run, folder, reviews):
    code, printed, complaint = run("land", "reviews", reviews, *D, *RENAMED)
    assert (code, complaint) == (0, "")
    assert printed == f"{folder / 'reviews.parquet'}: 2 rows (columns left out: Mood)\n"
    listed = json.loads((folder / "_SUCCESS").read_text())["files"]
    assert [file["name"] for file in listed] == ["reviews.parquet"]


def test_a_file_that_cannot_be_used_goes_to_the_night_with_a_warning(
    run, folder, tmp_path, reviews
):
    (tmp_path / "cut.parquet").write_bytes(b"PAR1")
    code, printed, complaint = run("land", "reviews", reviews, "cut.parquet", *D, *RENAMED)
    assert code == 0
    assert printed.splitlines()[1:] == [
        f"{folder / 'cut.parquet'}: as it is, for the night to reject"
    ]
    assert complaint.startswith("nightshelf: warning: cut.parquet is not Parquet")


REFUSED = [
    ((*D, "--rename", "body"), "--rename body: write FIELD=COLUMN, such as body=review_text"),
    ((*D, "--rename", "=Text"), "--rename =Text: write FIELD=COLUMN"),
    ((*D, "--rename", "body="), "--rename body=: write FIELD=COLUMN"),
    ((*D, "--rename", "body=Text", "body=Mood"), "--rename names the field body twice"),
    ((*D, "--rename", "text=Text"), "--rename text=…: reviews have no such field; fields: "),
    ((*D, "--rename", "body=text=1"), "--rename body=text=1: no file has a column 'text=1'"),
    ((*D, *RENAMED, "--snapshot"), "--snapshot is for the catalog"),
    (("--date", "2026-02-30", *RENAMED), "'2026-02-30' is not in the calendar"),
    (("--date", "1.3.2026", *RENAMED), "'1.3.2026' is not a date; write YYYY-MM-DD"),
    (("--date", "0026-03-01", *RENAMED), "'0026-03-01' lies outside 2000 to 2199"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED, ids=[r[1] for r in REFUSED])
def test_what_cannot_be_landed_lands_nothing(run, settings, reviews, words, message):
    code, printed, complaint = run("land", "reviews", reviews, *words)
    assert (code, printed) == (11, "")
    assert complaint.startswith(f"nightshelf: {message}")
    assert not settings.home.exists()


def test_a_catalog_has_to_say_what_it_is(run, tmp_path):
    (tmp_path / "c.csv").write_text("product_id,title\np,Kettle\n")
    assert run("land", "catalog", "c.csv", *D)[0] == 11
    assert run("land", "catalog", "c.csv", *D, "--delta")[0] == 0


def test_a_file_is_withdrawn(run, folder, reviews):
    run("land", "reviews", reviews, *D, *RENAMED)
    code, printed, complaint = run("withdraw", "reviews", "reviews.parquet", *D)
    assert (code, complaint) == (0, "")
    assert printed.startswith("withdrawn: reviews.parquet; the next night, or `nightshelf night")
    assert [path.name for path in folder.iterdir()] == ["_SUCCESS"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("reviews.csv", *D), "does not hold reviews.csv; it holds reviews.parquet"),
        (("reviews.parquet", "--date", "2026-03-02"), "does not hold reviews.parquet; it holds no"),
        (("reviews.parquet", "--date", "March"), "'March' is not a date"),
    ],
)
def test_what_cannot_be_withdrawn_stays(run, folder, reviews, words, message):
    run("land", "reviews", reviews, *D, *RENAMED)
    code, printed, complaint = run("withdraw", "reviews", *words)
    assert (code, printed) == (11, "")
    assert message in complaint
    assert (folder / "reviews.parquet").exists()
