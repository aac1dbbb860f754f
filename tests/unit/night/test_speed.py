from datetime import UTC, datetime, timedelta

import pytest

from nightshelf.engine.usage import Usage
from nightshelf.night.speed import Speed


class Clock:
    now = datetime(2026, 3, 2, tzinfo=UTC)

    def __call__(self):
        return self.now

    def go(self, seconds):
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def speed(clock):
    return Speed(total=300, wave_texts=100, clock=clock)


USED = Usage(
    texts=100,
    tokens=900,
    padded_tokens=1000,
    batches=4,
    ahead=6,
    seconds=8,
    busy_seconds=6,
    peak_kb=307_200,
)


def test_what_waves_came_to(speed, clock):
    clock.go(5)
    assert speed.end_wave(USED) == 5
    assert speed.line() == (
        "100 of 300 texts, 20 texts/s, 180 tokens/s, 10% padding, devices 75% busy,"
        " 1.5 batches in flight, hosts 300 MB, 10 s to go"
    )
    clock.go(15)
    assert speed.end_wave(Usage(texts=100, failures={"OutOfMemory": 2})) == 15
    assert speed.line().startswith("200 of 300 texts, 10 texts/s")
    totals = speed.totals()
    assert (totals["waves"], totals["wall_seconds"], totals["texts"]) == (2, 20, 200)
    assert totals["failures"] == {"OutOfMemory": 2}


@pytest.mark.parametrize(
    ("done", "running", "line"),
    [
        (0, 0, "0 of 300 texts, 10 s"),
        (0, 20, "about 20 of 300 texts, 2 texts/s, 140 s to go"),
        (1, 0, "about 50 of 300 texts, 5 texts/s, 50 s to go"),
        (1, 10, "about 60 of 300 texts, 6 texts/s, 40 s to go"),
    ],
)
def test_how_far_the_first_wave_is(speed, clock, done, running, line):
    clock.go(10)
    assert speed.line_within(done, 2, Usage(texts=running)) == line


def test_how_far_a_later_wave_is(speed, clock):
    clock.go(10)
    speed.end_wave(USED)
    clock.go(5)
    assert speed.line_within(1, 2, Usage()) == "about 150 of 300 texts, 10 texts/s, 15 s to go"
    # Tasks are equal but for a few texts: it never says more than there are.
    assert speed.line_within(2, 2, Usage(texts=900)).startswith("about 300 of 300 texts")
