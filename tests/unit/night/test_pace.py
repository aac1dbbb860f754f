import pytest

from nightshelf.night.pace import Measured, Pace, pace_of


def wave(tokens, *, fixed=10.0, rate=100.0, busy=None):
    seconds = fixed + tokens / rate
    return Measured(tokens, seconds, seconds if busy is None else busy)


@pytest.mark.parametrize(
    ("waves", "expected"),
    [
        ([], None),
        ([Measured(0, 3.0, 0.0), Measured(9, 0.0, 0.0)], None),
        ([wave(1000), wave(4000), wave(9000)], (10.0, 0.01)),
        # Of one size: two devices computed 16 of 20 seconds each.
        ([Measured(1000, 20.0, 32.0)] * 3, (4.0, 0.016)),
        # They never compute longer than the wave takes.
        ([Measured(1000, 20.0, 90.0)], (0.0, 0.02)),
        # A larger wave that was quicker: all is by the wave.
        ([Measured(1000, 20.0, 1.0), Measured(4000, 10.0, 1.0)], (12.14, 0.0)),
        # A small wave that was quicker than in proportion: all is by the token.
        ([Measured(1000, 5.0, 1.0), Measured(4000, 40.0, 1.0)], (0.0, 0.008913)),
    ],
)
def test_what_a_wave_and_a_token_take(waves, expected):
    found = pace_of(waves, devices=2)
    if expected is None:
        assert found is None
    else:
        assert (found.wave_seconds, found.token_seconds) == pytest.approx(expected, rel=0.01)
        assert (found.waves, found.most_tokens) == (len(waves), max(one.tokens for one in waves))


def test_newer_waves_count_for_more():
    slow, fast = Measured(1000, 20.0, 40.0), Measured(1000, 10.0, 20.0)
    assert pace_of([slow, fast], 2).token_seconds > pace_of([fast, slow], 2).token_seconds


def test_seconds_of_waves():
    assert Pace(10.0, 0.01, waves=3, most_tokens=9).seconds(1000, waves=2) == 30.0
