"""A short run of `make faults`, and the proof that it sees what it looks for."""

import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
_PATIENCE_SECONDS = 600


def faults(tmp_path, *words):
    command = [sys.executable, "-m", "benchmarks.faults", "--results", tmp_path / "trials.jsonl"]
    return subprocess.run(
        [*command, *words],
        cwd=REPO,
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )


def figures(output):
    lines = [line.split() for line in output.splitlines() if line.startswith("FIGURE ")]
    return {name: int(value) for _, name, value in lines}


@pytest.mark.parametrize(
    ("database", "kinds", "least"),
    [
        pytest.param("sqlite", "readers,publishers,orders,release", 13, id="publishing"),
        pytest.param("sqlite", "night,driver,host,worker", 7, id="nights", marks=pytest.mark.more),
        pytest.param("postgres", "release", 6, id="publishing on PostgreSQL"),
    ],
)
def test_nothing_is_lost_doubled_or_kept_from_people(tmp_path, database, kinds, least):
    done = faults(tmp_path, "--quick", "--databases", database, "--kinds", kinds)
    assert done.returncode == 0, done.stdout + done.stderr
    found = figures(done.stdout)
    assert found["trials"] >= least
    assert found["redone_waves"] <= 1
    zero = ("lost", "duplicated", "partial", "silent", "unequal", "mixed_reads")
    assert {name: found[name] for name in (*zero, "publish_anomalies")} == dict.fromkeys(
        (*zero, "publish_anomalies"), 0
    )


def test_deliberate_bugs_in_the_release_are_caught(tmp_path):
    done = faults(tmp_path, "--bugs", "--kinds", "orders,release")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("BUG ")]
    assert len(lines) == 4
    assert all("caught: " in line for line in lines)
