"""The commands, from a file to a model and to two models beside each other."""

import csv

import pytest

from nightshelf import cli

from .conftest import make_base, reviews

FEW = ("--epochs", "0.3", "--max-tokens", "16", "--precision", "fp32", "--frozen-layers", "-1")


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("NIGHTSHELF_HOME", str(tmp_path / "home"))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "reviews.csv"
    with path.open("w", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(["head", "text", "stars", "product"])
        rows.writerows([r.title, r.body, r.rating, r.product_id] for r in reviews(240))
    return path


def test_train_then_compare(tmp_path, file, capsys):
    base, out = make_base(tmp_path / "base"), tmp_path / "mine"
    data = ("--data", str(file), "--rename", "title=head")
    assert cli.main(["train", *data, "--out", str(out), "--base", f"folder:{base}", *FEW]) == 0
    said = capsys.readouterr().out
    for part in ("240 rows read; split by product", "temperature ", "macro_f1", f"folder:{out}"):
        assert part in said
    assert cli.main(["train", *data, "--out", str(out), *FEW]) == 10
    assert "exists already" in capsys.readouterr().err
    pair = ("models", "compare", str(out), str(out), *data, "--max-tokens", "16")
    assert cli.main(pair) == 0
    said = capsys.readouterr().out
    assert "was trained on this data: only its test part" in said
    assert "other label: 0 of " in said


def test_what_is_wrong_with_a_file_is_said_and_nothing_is_written(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("text,stars\nfine,5\n")
    out = tmp_path / "mine"
    assert cli.main(["train", "--data", str(tmp_path / "a.csv"), "--out", str(out)]) == 11
    assert "no row is negative or neutral by its stars" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


LANDED = ("2026-03-01", "2026-03-02")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 0, "480 rows read"),
        (("--from", LANDED[1]), 0, "240 rows read"),
        (("--most-rows", "300"), 0, "not_drawn 180"),
        (("--from", "2026-04-01"), 11, "no reviews have landed from 2026-04-01 to the last"),
        (("--to", "soon"), 11, "soon"),
    ],
)
def test_landed_dates_are_looked_at_and_nothing_is_written(
    tmp_path, file, capsys, words, code, said
):
    rows = file.read_text().splitlines()
    rows = [f"review_id,{rows[0]}", *(f"r{n},{row}" for n, row in enumerate(rows[1:]))]
    file.write_text("\n".join(rows) + "\n")
    named = ("--rename", "title=head", "body=text", "rating=stars", "product_id=product")
    for date in LANDED:
        assert cli.main(["land", "reviews", str(file), "--date", date, *named]) == 0
    out = tmp_path / "mine"
    assert cli.main(["train", "--out", str(out), "--check", *words]) == code
    printed = capsys.readouterr()
    assert said in printed.out + printed.err
    assert not out.exists()
