"""The command line: a plan, a night over its cap, a decision, and the night that goes on."""

import subprocess
import sys

import pyarrow.csv
import pytest

from nightshelf.ops import runs
from nightshelf.ops.database import open_ops
from nightshelf.services.configuration import of_settings
from nightshelf.settings import Settings, process_environ

DAY = "2026-03-01"


@pytest.fixture
def settings(tmp_path):
    jars = Settings.from_environ().jars
    fake = {"encoder": "fake:8", "sentiment_head": "fake", "generator": "off"}
    return Settings(home=tmp_path / "home", jars=jars, **fake)


@pytest.fixture
def nightshelf(settings, tmp_path):
    plain = {k: v for k, v in process_environ().items() if not k.startswith("NIGHTSHELF_")}

    def call(*words, **variables):
        named = {f"NIGHTSHELF_{name.upper()}": value for name, value in variables.items()}
        environ = {**plain, **of_settings(settings), **named}
        command = [sys.executable, "-m", "nightshelf.cli", *words]
        return subprocess.run(
            command, env=environ, cwd=tmp_path, capture_output=True, text=True, timeout=400
        )

    return call


def deliver(nightshelf, tmp_path, date, numbers):
    source = tmp_path / "reviews.csv"
    rows = [f"r{n},p1,a good thing {n}" for n in numbers]
    source.write_text("\n".join(["review_id,product_id,body", *rows]) + "\n")
    assert nightshelf("land", "reviews", str(source), "--date", date).returncode == 0


def test_a_night_over_its_cap_waits_for_a_person(nightshelf, settings, tmp_path):
    deliver(nightshelf, tmp_path, DAY, range(6))
    refused = nightshelf("plan", "--date", DAY)
    assert refused.returncode == 14, refused.stderr
    assert "--ingest" in refused.stderr
    planned = nightshelf("plan", "--date", DAY, "--ingest")
    assert planned.returncode == 0, planned.stderr
    assert "6 texts to read, 24 tokens (counted), in 1 wave" in planned.stdout
    # The JVMs of the commands below map what this one has read.
    assert len(list(settings.home.glob("spark/classes-*.jsa"))) == 1

    held = nightshelf("night", "--date", DAY, cap_tokens="17")
    assert held.returncode == 19, held.stderr
    assert "24 tokens to ask, at most 17 tokens allowed, 7 tokens too many" in held.stderr
    assert "4 texts with 16 tokens" in held.stderr
    [row, *_] = runs.recent_runs(open_ops(settings.ops_database))
    assert (row["state"], row["step"]) == ("held", "plan")

    assert nightshelf("caps", row["run"], "--take").returncode == 0
    done = nightshelf("night", "--date", DAY, "--run", row["run"], cap_tokens="17")
    assert done.returncode == 0, done.stderr
    assert "6 current = 4 answered + 0 abstained + 0 failed + 2 deferred" in done.stdout

    # Nothing has landed since: the lake is enough to plan from, and stays as it is.
    lake = {path: path.stat().st_mtime_ns for path in warehouse_files(settings)}
    again = nightshelf("plan", "--date", DAY, "--question", "sentiment")
    assert again.returncode == 0, again.stderr
    assert "2 to ask (2 deferred)" in again.stdout
    assert "embedding: 6 rows" not in again.stdout
    assert {path: path.stat().st_mtime_ns for path in warehouse_files(settings)} == lake
    out = tmp_path / "shown.csv"
    assert nightshelf("show", "review_sentiment", "--out", str(out)).returncode == 0
    statuses = pyarrow.csv.read_csv(out)["status"].to_pylist()
    assert sorted(statuses) == ["answered"] * 4 + ["deferred"] * 2


def warehouse_files(settings):
    return [path for path in (settings.home / "lake" / "warehouse").rglob("*") if path.is_file()]
