import hashlib
import json
import os
from pathlib import Path

import pytest

from nightshelf.errors import ContractError
from nightshelf.landing.changes import changed_dates
from nightshelf.landing.ready import (
    KnownFile,
    Ready,
    Waiting,
    landed_files,
    landing_mode,
    readiness,
)

A = {"name": "a.parquet", "bytes": 3}


def success(*files, **more):
    return json.dumps({"files": list(files), "version": 1} | more)


READY = [
    ("ours", {"a.parquet": "aaa", "_SUCCESS": success(A)}),
    ("ours, and a file that is not listed", {"a.parquet": "aaa", "b": "b", "_SUCCESS": success(A)}),
    ("ours, of no files", {"_SUCCESS": success()}),
    ("Spark's", {"part-0.parquet": "x", "_SUCCESS": ""}),
    ("Spark's, of no rows", {"_SUCCESS": ""}),
]


def fill(folder: Path, files: dict) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content)
    return folder


@pytest.mark.parametrize("files", [r[1] for r in READY], ids=[r[0] for r in READY])
def test_ready(tmp_path, files):
    assert readiness(fill(tmp_path, files)) == Ready()


WAITING = [
    ({"a.parquet": "aaa"}, "has no _SUCCESS"),
    ({"_SUCCESS": success(A)}, "a.parquet is listed in _SUCCESS but is not there"),
    ({"a.parquet": "aa", "_SUCCESS": success(A)}, "a.parquet has 2 bytes; _SUCCESS lists 3"),
    ({"_SUCCESS": "done"}, "neither empty nor the list"),
    ({"_SUCCESS": "[]"}, "neither empty nor the list"),
    ({"_SUCCESS": "{}"}, "neither empty nor the list"),
    ({"_SUCCESS": success(version=2)}, "neither empty nor the list"),
    ({"_SUCCESS": success(mode="all")}, "neither empty nor the list"),
    ({"_SUCCESS": success({"name": "../a", "bytes": 3})}, "neither empty nor the list"),
    ({"_SUCCESS": success({"name": "a", "bytes": "3"})}, "neither empty nor the list"),
    ({"_SUCCESS": success("a.parquet")}, "neither empty nor the list"),
]


@pytest.mark.parametrize(("files", "why"), WAITING)
def test_waiting_says_why(tmp_path, files, why):
    found = readiness(fill(tmp_path, files))
    assert isinstance(found, Waiting)
    assert why in found.why


def test_a_folder_that_is_not_there_is_waited_for(tmp_path):
    found = readiness(tmp_path / "date=2026-02-03")
    assert isinstance(found, Waiting)
    assert "does not exist" in found.why
    assert landed_files(tmp_path / "date=2026-02-03") == []


def test_landed_files_come_by_name_without_hidden_ones(tmp_path):
    files = {"b.parquet": "bb", "a.parquet": "aaa", ".c": "c", "_SUCCESS": "", "d.csv": "d"}
    fill(tmp_path, files)
    (tmp_path / "folder").mkdir()
    found = landed_files(tmp_path)
    assert [file.name for file in found] == ["a.parquet", "b.parquet", "d.csv"]
    assert (found[0].bytes, found[0].path) == (3, tmp_path / "a.parquet")
    assert found[0].sha256 == hashlib.sha256(b"aaa").hexdigest()
    assert found[0].mtime_ns == (tmp_path / "a.parquet").stat().st_mtime_ns


def test_a_file_is_hashed_again_only_if_its_size_or_time_differs(tmp_path):
    fill(tmp_path, {"a.parquet": "aaa"})
    stat = (tmp_path / "a.parquet").stat()
    same = KnownFile("as noted", 3, stat.st_mtime_ns)
    assert landed_files(tmp_path, {"a.parquet": same})[0].sha256 == "as noted"
    for other in (KnownFile("x", 4, stat.st_mtime_ns), KnownFile("x", 3, stat.st_mtime_ns - 1)):
        assert landed_files(tmp_path, {"a.parquet": other})[0].sha256 != "x"


@pytest.mark.parametrize(
    ("content", "mode"),
    [("", "delta"), (success(), "delta"), (success(mode="snapshot"), "snapshot")],
)
def test_the_mode_is_what_success_says(tmp_path, content, mode):
    assert landing_mode(fill(tmp_path, {"_SUCCESS": content}), "delta") == mode


def test_a_malformed_success_has_no_mode(tmp_path):
    with pytest.raises(ContractError, match="write it again"):
        landing_mode(fill(tmp_path, {"_SUCCESS": "{"}), "delta")


# ------------------------------------------------------------------ changes

DAY = "2026-02-03"


@pytest.fixture
def folder(tmp_path):
    return fill(
        tmp_path / "reviews" / f"date={DAY}",
        {"a.parquet": "aaa", "b.parquet": "b", "_SUCCESS": ""},
    )


def known(folder):
    return {
        file.name: KnownFile(file.sha256, file.bytes, file.mtime_ns)
        for file in landed_files(folder)
    }


def rewrite(path, content):
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(content)
    os.utime(path, ns=(before + 1_000_000_000, before + 1_000_000_000))


def remove_folder(folder):
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


CHANGES = [
    ("nothing", lambda folder: None, []),
    ("a late file", lambda folder: rewrite(folder / "c.parquet", "c"), ["new c.parquet"]),
    ("other content of the same size", lambda folder: rewrite(folder / "a.parquet", "aba"),
     ["changed a.parquet"]),
    ("the same content, written again", lambda folder: rewrite(folder / "a.parquet", "aaa"), []),
    ("a file that is gone", lambda folder: (folder / "b.parquet").unlink(), ["vanished b.parquet"]),
    ("a folder that is gone", remove_folder, ["vanished a.parquet", "vanished b.parquet"]),
    ("a folder that is being filled", lambda folder: (folder / "_SUCCESS").unlink(), []),
    ("a malformed _SUCCESS", lambda folder: (folder / "_SUCCESS").write_text("{"), []),
    ("a listed file that is gone", lambda folder: (
        (folder / "_SUCCESS").write_text(success(A, {"name": "b.parquet", "bytes": 1})),
        (folder / "b.parquet").unlink()), ["vanished b.parquet"]),
    ("a file that is not yet as long as listed", lambda folder: (
        (folder / "_SUCCESS").write_text(success({"name": "a.parquet", "bytes": 9})),
        rewrite(folder / "a.parquet", "aaaa")), []),
    ("a hidden file", lambda folder: (folder / ".c.parquet.landing").write_text("c"), []),
]  # fmt: skip


@pytest.mark.parametrize(("what", "change", "expected"), CHANGES, ids=[c[0] for c in CHANGES])
def test_changes_are_found_and_named(tmp_path, folder, what, change, expected):
    before = known(folder)
    change(folder)
    found = changed_dates(tmp_path, "reviews", {DAY: before})
    assert found == ({DAY: expected} if expected else {})


def test_a_date_that_was_never_read_is_new_and_dates_come_in_order(tmp_path, folder):
    fill(tmp_path / "reviews" / "date=2026-02-01", {"z.parquet": "z", "_SUCCESS": ""})
    found = changed_dates(tmp_path, "reviews", {"2026-01-01": {"q.parquet": KnownFile("", 0, 0)}})
    assert list(found) == ["2026-01-01", "2026-02-01", DAY]
    assert found[DAY] == ["new a.parquet", "new b.parquet"]
