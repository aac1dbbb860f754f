from datetime import date

import pyarrow as pa
import pytest

from nightshelf import names
from nightshelf.lakehouse.catalog import ensure_tables, local_name, open_catalog
from nightshelf.lakehouse.tables import TABLES
from nightshelf.models.choice import ModelChoice
from nightshelf.models.fidelity import Fidelity
from nightshelf.models.versions import model_versions
from nightshelf.night import fidelity
from nightshelf.ops.database import open_ops
from nightshelf.ops.verdicts import newest_verdict
from nightshelf.settings import Settings

SECRET = "a secret word"  # noqa: S105


@pytest.fixture
def settings(settings, monkeypatch):
    for name, value in {"ENCODER": "fake:8", "SENTIMENT_HEAD": "fake", "PRECISION": "int8"}.items():
        monkeypatch.setenv(f"NIGHTSHELF_{name}", value)
    return Settings.from_environ()


@pytest.fixture
def verdict(settings):
    versions = model_versions(ModelChoice.from_settings(settings))
    models = {question: version.id for question, version in versions.items()}
    return lambda: newest_verdict(open_ops(settings.ops_database), models)


def write(path, lines):
    path.write_text("\n".join(lines), "utf-8")
    return str(path)


def numbered(count):
    return [f"{SECRET} {n}" for n in range(count)]


def test_what_is_let_through_is_said_and_written_down(run, tmp_path, verdict):
    lines = [*numbered(300), "", "  ", *numbered(300), " cafe\u0301", "café "]
    code, printed, complaint = run("fidelity", "--texts", write(tmp_path / "t.txt", lines))
    assert (code, complaint) == (0, "")
    said = printed.splitlines()
    assert said[:-1] == [
        "fake:8 at int8 beside fp32, 301 distinct texts",
        "  mean cosine             1.0000  at least 0.995",
        "  1st percentile of it    1.0000  at least 0.98",
        "  labels that flip         0.00%  at most 0.50%",
    ]
    found = verdict()
    assert said[-1].startswith("int8 is let through for these models: embedding ")
    assert found.models["embedding"] in said[-1]
    assert (found.refusals, found.texts, found.flips, found.precision) == ([], 301, 0, "int8")


def test_what_is_refused_is_said_and_written_down(run, tmp_path, verdict, monkeypatch):
    far_off = Fidelity(texts=250, mean_cosine=0.9986, low_cosine=0.9977, flips=0.013)
    monkeypatch.setattr(fidelity, "measure", lambda choice, texts: far_off)
    code, printed, complaint = run("fidelity", "--texts", write(tmp_path / "t", numbered(250)))
    assert code == 17
    assert "  mean cosine             0.9986  at least 0.995\n" in printed
    assert "  labels that flip         1.30%  at most 0.50%\n" in printed
    assert complaint == (
        "nightshelf: int8 is refused: 1.30% of the sentiment labels flip, and at most 0.50% may;"
        " set NIGHTSHELF_PRECISION=fp32\n"
    )
    assert verdict().refusals == far_off.refusals


@pytest.fixture
def reviews(settings):
    catalog = open_catalog(settings)
    ensure_tables(catalog, {})
    rows = [
        {
            "landing_date": date(2026, 3, 1),
            "content_key": f"k{n:04}",
            "op": "upsert",
            "title": "Head" if n % 2 else None,
            "body": f"{SECRET} {n}",
        }
        for n in range(300)
    ]
    schema = TABLES[names.REVIEW_VERSIONS].schema
    table = catalog.load_table(local_name(names.REVIEW_VERSIONS))
    table.append(pa.Table.from_pylist(rows, schema=schema))


@pytest.mark.usefixtures("reviews")
@pytest.mark.parametrize(("words", "texts"), [((), 300), (("--most", "250"), 250)])
def test_without_a_file_the_reviews_of_the_lake_are_read(run, verdict, words, texts):
    code, printed, _ = run("fidelity", *words)
    assert code == 0
    assert printed.startswith(f"fake:8 at int8 beside fp32, {texts} distinct texts\n")
    assert verdict().texts == texts


@pytest.mark.usefixtures("reviews")
def test_reviews_are_read_as_a_night_reads_them(run, monkeypatch):
    seen = []

    def measure(choice, texts):
        seen.extend(texts)
        return Fidelity(texts=300, mean_cosine=1, low_cosine=1, flips=0)

    monkeypatch.setattr(fidelity, "measure", measure)
    assert run("fidelity")[0] == 0
    assert seen[:2] == [f"{SECRET} 0", f"Head. {SECRET} 1"]


def test_fp32_has_nothing_to_be_measured_against(run, monkeypatch, tmp_path):
    monkeypatch.setenv("NIGHTSHELF_PRECISION", "fp32")
    code, printed, complaint = run("fidelity", "--texts", write(tmp_path / "t", numbered(300)))
    assert (code, printed) == (10, "")
    assert complaint.startswith("nightshelf: NIGHTSHELF_PRECISION=fp32: there is nothing to")


TOO_FEW = "distinct texts are too few to measure fidelity on: it takes 200, better 1000; give more"


def missing(path):
    return str(path / "missing.txt")


def not_utf8(path):
    (path / "latin.txt").write_bytes(b"fine\n" + SECRET.encode() + b" \xe9\n")
    return str(path / "latin.txt")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (lambda path: (), f"0 {TOO_FEW}"),
        (lambda path: ("--texts", write(path / "t", numbered(199))), f"199 {TOO_FEW}"),
        (
            lambda path: ("--texts", write(path / "t", numbered(300)), "--most", "20"),
            f"20 {TOO_FEW}",
        ),
        (lambda path: ("--texts", missing(path)), "missing.txt: No such file or directory; name a"),
        (lambda path: ("--texts", str(path)), "Is a directory; name a file with one text a line"),
        (lambda path: ("--texts", not_utf8(path)), "latin.txt: not UTF-8 at byte 19; save it as"),
    ],
)
def test_texts_that_cannot_be_measured_on_are_an_error(run, tmp_path, verdict, words, message):
    code, printed, complaint = run("fidelity", *words(tmp_path))
    assert (code, printed) == (11, "")
    assert message in complaint
    assert SECRET not in complaint
    assert verdict() is None
