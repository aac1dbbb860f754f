from datetime import date

import pytest

from nightshelf.errors import ContractError
from nightshelf.landing.land import land
from nightshelf.landing.ready import Ready, landed_files, landing_mode, readiness
from nightshelf.landing.withdraw import withdraw

DAY = date(2026, 2, 3)


@pytest.fixture
def folder(tmp_path):
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for file in files:
        file.write_text("product_id,title\np,x\n")
    landing = tmp_path / "landing"
    return land(landing, "catalog", files, DAY, rename={}, mode="snapshot").folder


def test_a_withdrawn_file_is_gone_and_the_folder_is_closed_as_before(tmp_path, folder):
    withdraw(tmp_path / "landing", "catalog", ["a.parquet"], DAY)
    assert [file.name for file in landed_files(folder)] == ["b.parquet"]
    assert readiness(folder) == Ready()
    assert landing_mode(folder, "delta") == "snapshot"


def test_a_name_that_is_not_there_removes_nothing(tmp_path, folder):
    with pytest.raises(ContractError, match=r"does not hold c.parquet; it holds a.parquet, b"):
        withdraw(tmp_path / "landing", "catalog", ["a.parquet", "c.parquet"], DAY)
    assert len(landed_files(folder)) == 2
