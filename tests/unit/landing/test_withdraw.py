from datetime import date

import pytest

from nightshelf.errors import ContractError
from nightshelf.landing.land import land
from nightshelf.landing.ready import Ready, landed_files, landing_mode, readiness
from nightshelf.landing.success import read_success
from nightshelf.landing.withdraw import withdraw

DAY = date(2026, 2, 3)
A, B = "a.parquet", "b.parquet"


@pytest.fixture
def landing(tmp_path):
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for file in files:
        file.write_text("product_id,title\np,x\n")
    land(tmp_path / "landing", "catalog", files, DAY, rename={}, mode="snapshot")
    return tmp_path / "landing"


def folder_of(landing):
    return landing / "catalog" / "date=2026-02-03"


@pytest.mark.parametrize(
    ("names", "left"),
    [
        pytest.param([A], [B], id="one of two"),
        pytest.param([A, A], [B], id="one, named twice"),
        pytest.param([B, A], [], id="all"),
    ],
)
def test_withdrawn_files_are_gone_and_the_folder_is_closed_as_before(landing, names, left):
    withdraw(landing, "catalog", names, DAY)
    folder = folder_of(landing)
    assert [file.name for file in landed_files(folder)] == left
    assert list(read_success(folder).files) == left
    assert readiness(folder) == Ready()
    assert landing_mode(folder, "delta") == "snapshot"
    assert sorted(path.name for path in folder.iterdir()) == sorted(["_SUCCESS", *left])


def test_what_spark_closed_is_closed_again(tmp_path):
    folder = tmp_path / "reviews" / "date=2026-02-03"
    folder.mkdir(parents=True)
    for name in (A, B, "_SUCCESS"):
        (folder / name).touch()
    withdraw(tmp_path, "reviews", [A], DAY)
    assert (readiness(folder), list(read_success(folder).files)) == (Ready(), [B])


REFUSED = [
    ("a name that is not there", "", [A, "c.parquet"], "does not hold c.parquet; it holds a.parq"),
    ("the closing file", "", ["_SUCCESS"], "does not hold _SUCCESS; it holds a.parquet, b.parquet"),
    ("a file elsewhere", "", ["../date=2026-02-03/a.parquet"], "does not hold ../date=2026-02-03"),
    ("a folder that is not closed", None, [A], "is not closed, it is still being delivered"),
    ("a folder closed by who knows what", "{", [A], "neither empty nor the list"),
]


@pytest.mark.parametrize(
    ("success", "names", "message"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_what_is_refused_removes_nothing(landing, success, names, message):
    folder = folder_of(landing)
    closing = folder / "_SUCCESS"
    if success is None:
        closing.unlink()
    elif success:
        closing.write_text(success)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(ContractError, match=message):
        withdraw(landing, "catalog", names, DAY)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("dataset", ["reviews", "catalog"])
def test_a_date_that_was_never_landed_stays_so(tmp_path, dataset):
    with pytest.raises(ContractError, match=r"does not hold a\.parquet; it holds nothing"):
        withdraw(tmp_path / "landing", dataset, [A], DAY)
    assert list(tmp_path.iterdir()) == []
