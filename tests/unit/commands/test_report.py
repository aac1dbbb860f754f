from datetime import UTC, datetime

import pytest

from nightshelf.ops import runs
from nightshelf.ops.database import open_ops


@pytest.fixture
def ops(settings):
    ops = open_ops(settings.ops_database)
    for day in (1, 2):
        at = datetime(2026, 3, day, 1, tzinfo=UTC)
        runs.open_run(ops, f"run{day}", date=f"2026-03-0{day}", step="ask", now=at)
    runs.update_run(ops, "run1", state=runs.FAILED, error="disk full")
    return ops


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("run1", "run1 of 2026-03-01: failed"),
        ("2026-03-01", "run1 of 2026-03-01: failed"),
        ("last", "run2 of 2026-03-02: running"),
    ],
)
def test_a_report_on_the_terminal(run, ops, word, first):
    code, printed, complaint = run("report", word)
    assert (code, complaint, printed.splitlines()[0]) == (0, "", first)


def test_a_report_as_a_file(run, ops, tmp_path):
    code, printed, _ = run("report", "run1", "--out", "report.html")
    assert (code, printed) == (0, "report.html: the report of run run1\n")
    assert "disk full" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("word", ["run1", "2026-03-01"])
def test_a_report_that_is_kept_by_its_date(run, ops, settings, word):
    kept = settings.home / "reports" / "2026-03-01.html"
    for _ in range(2):
        code, printed, complaint = run("report", word, "--keep")
        assert (code, printed, complaint) == (0, f"{kept}: the report of run run1\n", "")
    assert "disk full" in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in kept.parent.iterdir()] == [kept.name]


def test_a_report_that_cannot_be_kept(run, ops, settings):
    at = datetime(2026, 3, 3, tzinfo=UTC)
    runs.open_run(ops, "r1", date="reanswer:sentiment", step="ask", now=at)
    said = "nightshelf: run r1 is no night, so it has no date: use --out FILE.html\n"
    assert run("report", "r1", "--keep") == (1, "", said)
    (settings.home / "reports").write_text("in the way")
    code, _, complaint = run("report", "run1", "--keep")
    assert (code, "2026-03-01.html cannot be written: File exists" in complaint) == (1, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run9",), "no run is called 'run9'; `nightshelf runs` lists them, `last` is the newest"),
        (("2031-01-01",), "no run is of 2031-01-01; `nightshelf runs` lists them"),
        (("run1", "--out", "report.pdf"), "report.pdf: the name must end in .html"),
        (("run1", "--out", "nowhere/report.html"), "nowhere is not a folder"),
        (("run1", "--out", "folder.html"), "folder.html cannot be written: Is a directory"),
    ],
)
def test_what_cannot_be_reported_is_said(run, ops, tmp_path, words, message):
    (tmp_path / "folder.html").mkdir()
    assert run("report", *words) == (1, "", f"nightshelf: {message}\n")


def test_a_home_without_a_run(run):
    code, _, complaint = run("report", "last")
    assert (code, complaint[:40]) == (1, "nightshelf: there is no run yet; `nights")
