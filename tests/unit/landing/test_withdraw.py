from datetime import date

import pytest

from nightshelf.errors import ContractError
from nightshelf.landing.land import land
from nightshelf.landing.ready import Ready, landed_files, landing_mode, readiness
from nightshelf.landing.withdraw import withdraw

DAY = date(2026, 2, 3)


@pytest.fixture
def landing(tmp_path):
    return tmp_path / "landing"


@pytest.fixture
def folder(tmp_path, landing):
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for file in files:
        file.write_text("product_id,title\np,x\n")
    return land(landing, "catalog", files, DAY, rename={}, mode="snapshot").folder


def names(folder):
    return [file.name for file in landed_files(folder)]


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        (["a.parquet"], ["b.parquet"]),
        (["b.parquet", "b.parquet"], ["a.parquet"]),
        (["b.parquet", "a.parquet"], []),
    ],
)
def test_a_withdrawn_file_is_gone_and_the_folder_is_closed_as_before(landing, folder, taken, left):
    withdraw(landing, "catalog", taken, DAY)
    assert names(folder) == left
    assert readiness(folder) == Ready()
    assert landing_mode(folder, "delta") == "snapshot"


def test_a_folder_that_spark_closed_is_closed_by_a_list(landing, folder):
    (folder / "_SUCCESS").write_text("")
    withdraw(landing, "catalog", ["a.parquet"], DAY)
    assert readiness(folder) == Ready()
    assert landing_mode(folder, "delta") == "delta"
    (folder / "b.parquet").unlink()
    assert readiness(folder) != Ready()


REFUSED = [
    (["a.parquet", "c.parquet"], r"does not hold c.parquet; it holds a.parquet, b"),
    (["_SUCCESS"], "does not hold _SUCCESS"),
    (["../date=2026-02-03/a.parquet"], "does not hold ../"),
]


@pytest.mark.parametrize(("taken", "message"), REFUSED)
def test_a_name_that_is_not_there_removes_nothing(landing, folder, taken, message):
    with pytest.raises(ContractError, match=message):
        withdraw(landing, "catalog", taken, DAY)
    assert names(folder) == ["a.parquet", "b.parquet"]
    assert readiness(folder) == Ready()


@pytest.mark.parametrize(
    ("success", "message"),
    [(None, "is not closed, it is still being delivered"), ("{", "write it again")],
)
def test_a_folder_that_is_not_closed_is_left_as_it_is(landing, folder, success, message):
    (folder / "_SUCCESS").unlink()
    if success:
        (folder / "_SUCCESS").write_text(success)
    with pytest.raises(ContractError, match=message):
        withdraw(landing, "catalog", ["a.parquet"], DAY)
    assert names(folder) == ["a.parquet", "b.parquet"]
    assert (folder / "_SUCCESS").exists() == bool(success)


def test_a_date_on_which_nothing_landed_stays_without_a_folder(landing):
    with pytest.raises(ContractError, match=r"does not hold a\.parquet; it holds nothing"):
        withdraw(landing, "reviews", ["a.parquet"], DAY)
    assert not landing.exists()
