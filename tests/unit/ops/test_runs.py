from datetime import UTC, datetime

import pytest

from nightshelf.errors import SettingsError
from nightshelf.ops import runs
from nightshelf.ops.database import open_ops

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
FILE = {"dataset": "reviews", "bytes": 1, "mtime_ns": 2, "sha256": "s", "mode": None}


@pytest.fixture
def ops(tmp_path):
    return open_ops(f"sqlite:///{tmp_path / 'new folder' / 'ops.db'}")


def settle(ops, run, dates, files):
    runs.open_run(ops, run, date=dates[0], step="ingest", now=NOW)
    listed = [{**FILE, "date": date, "name": name} for date, name in files]
    runs.update_run(ops, run, dates=dict.fromkeys(dates, "why"), files={"files": listed})
    runs.settle_files(ops, run)


def known(ops):
    return sorted(
        (row["date"], row["name"], row["run"]) for row in runs.known_files(ops, "reviews")
    )


def test_a_run_that_goes_on_keeps_what_it_knows_and_forgets_its_error(ops):
    runs.open_run(ops, "r", date="2026-03-01", step="ingest", now=NOW)
    runs.update_run(ops, "r", plan={"sentiment": {"to_ask": 3}}, error="disk full")
    runs.open_run(ops, "r", date="2026-03-01", step="ask", now=NOW)
    row = runs.read_run(ops, "r")
    assert (row["step"], row["error"], row["plan"]) == ("ask", None, {"sentiment": {"to_ask": 3}})


@pytest.mark.parametrize(
    ("dates", "files", "expected"),
    [
        pytest.param(["2"], [("2", "b")], [("1", "a", "one"), ("2", "b", "two")], id="added"),
        pytest.param(["1"], [("1", "c")], [("1", "c", "two")], id="replaced"),
        pytest.param(["1"], [], [], id="vanished"),
    ],
)
def test_an_ended_run_settles_its_own_dates_only(ops, dates, files, expected):
    settle(ops, "one", ["1"], [("1", "a")])
    settle(ops, "two", dates, files)
    assert known(ops) == expected


def test_waves_are_numbered_over_all_runs(ops):
    numbers = [runs.open_wave(ops, run, now=NOW) for run in ("one", "two", "one")]
    assert numbers == [1, 2, 3]
    runs.close_wave(ops, 3, texts=5, tokens=50, seconds=1.0, answers={})
    assert [(w["wave"], w["state"]) for w in runs.waves_of(ops, "one")] == [
        (1, "running"),
        (3, "committed"),
    ]


def test_a_model_is_written_down_once(ops):
    version = {"question": "q", "id": "m", "name": "n", "revision": "r", "licence": "MIT"}
    for run in ("one", "two"):
        runs.register_model(ops, run, {**version, "identity": {}})
    assert [row["first_run"] for row in runs.model_ids(ops, "q")] == ["one"]


def test_a_database_that_cannot_be_opened_names_the_setting(tmp_path):
    with pytest.raises(SettingsError, match="NIGHTSHELF_OPS_URI"):
        open_ops(f"sqlite:///{tmp_path}")
