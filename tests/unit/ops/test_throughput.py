from datetime import UTC, datetime, timedelta

import pytest

from nightshelf.ops import runs
from nightshelf.ops.database import open_ops
from nightshelf.ops.throughput import rest_of_nights, waves_by

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
PANEL = {"sentiment": "a", "embedding": "b"}


@pytest.fixture
def ops(tmp_path):
    return open_ops(f"sqlite:///{tmp_path / 'ops.db'}")


def add(ops, run, models, *, answers, tokens=100):
    if runs.find_run(ops, run) is None:
        runs.open_run(ops, run, date="2026-03-01", step="ask", now=NOW)
    runs.update_run(ops, run, models=models)
    wave = runs.open_wave(ops, run, now=NOW)
    if answers is not None:
        runs.close_wave(ops, wave, seconds=2.0, texts=9, tokens=tokens, answers=answers, usage={})
    return wave


BOTH = {"sentiment": {"answered": 1}, "embedding": {"answered": 1}}


@pytest.mark.parametrize(
    ("models", "answers", "tokens", "counts"),
    [
        (PANEL, BOTH, 100, True),
        (PANEL | {"tone": "c"}, BOTH, 100, True),
        # Products have no sentiment; the encoder has read them all the same.
        (PANEL, {"embedding": {"answered": 1}}, 100, True),
        (PANEL | {"tone": "c"}, {"tone": {"answered": 1}}, 100, False),
        (PANEL | {"embedding": "z"}, BOTH, 100, False),
        (PANEL, None, 100, False),
        (PANEL, BOTH, 0, False),
    ],
)
def test_waves_of_the_same_model_count(ops, models, answers, tokens, counts):
    wave = add(ops, "r", models, answers=answers, tokens=tokens)
    assert [one["wave"] for one in waves_by(ops, PANEL)] == ([wave] if counts else [])


def test_the_newest_waves_come_first_and_no_more_than_asked_for(ops):
    waves = [add(ops, f"r{n}", PANEL, answers=BOTH) for n in range(5)]
    assert [one["wave"] for one in waves_by(ops, PANEL, most=3)] == waves[:1:-1]


@pytest.mark.parametrize(
    ("state", "wall", "rest"),
    [("released", 60.0, [240.0]), ("released", 900.0, [0.0]), ("held", 60.0, [])],
)
def test_what_a_night_takes_besides_asking(ops, state, wall, rest):
    runs.open_run(ops, "r", date="2026-03-01", step="release", now=NOW)
    estimate = {"planned_at": (NOW + timedelta(minutes=1)).isoformat()}
    runs.update_run(ops, "r", state=state, estimate=estimate, asked={"wall_seconds": wall})
    runs.update_run(ops, "r", ended_at=NOW + timedelta(minutes=6))
    assert rest_of_nights(ops) == rest
