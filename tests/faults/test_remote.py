"""A short run of `make faults-remote`, and the proof that it sees what it looks for."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.remote.judging import play
from benchmarks.remote.scenarios import ALL
from nightshelf.models.remote import batch_lines, batch_submit, parse, tokens

REPO = Path(__file__).parents[2]
NAMED = {scenario.name: scenario for scenario in ALL}


def test_nothing_is_lost_wrong_or_paid_for_twice():
    command = [sys.executable, "-m", "benchmarks.remote", "--quick", "--seed", "7"]
    done = subprocess.run(
        command, cwd=REPO, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FIGURE misbehaviours 19" in done.stdout


async def _not_looked(_):
    return None


#: What is taken out of the product, and the trial that has to show it.
BUGS = [
    pytest.param(
        (parse, "without_echo", lambda content, code: content.partition('"text": "')[2][:-2]),
        ("ids rotated", "wrong"),
        id="no content echo",
    ),
    pytest.param(
        (batch_lines, "_one_of", lambda several: several[0]),
        ("rows twice, another content", "wrong"),
        id="first of two answers",
    ),
    pytest.param(
        (batch_submit.Submission, "_look", _not_looked),
        ("batch made, answer lost", "doubles"),
        id="nobody looks whether a batch is there",
    ),
    pytest.param(
        (tokens.Bounds, "allow", lambda *_: True),
        ("counts nothing", "undercounted"),
        id="whatever a server counts is believed",
    ),
]


@pytest.mark.parametrize(("bug", "shown"), BUGS)
def test_a_deliberate_bug_is_caught(monkeypatch, bug, shown):
    name, figure = shown
    assert not getattr(play(NAMED[name], 1), figure)
    monkeypatch.setattr(*bug)
    assert getattr(play(NAMED[name], 1), figure)
