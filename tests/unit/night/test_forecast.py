import pytest

from nightshelf.night.estimate import Part
from nightshelf.night.forecast import forecast, prices_of
from nightshelf.night.pace import Pace
from nightshelf.settings import Settings

PACE = Pace(wave_seconds=20.0, token_seconds=0.01, waves=7, most_tokens=1_000_000)


def part(texts, tokens):
    return Part(questions=("q",), texts=texts, tokens=tokens, counted=texts)


@pytest.mark.parametrize(
    ("settings", "pace", "texts", "waves", "seconds"),
    [
        ({}, None, 100_001, 3, None),
        ({"wave_rows": 10}, None, 100, 10, None),
        # 280 of 300 seconds are 28,000 tokens, 10 a text.
        ({"wave_rows": 10}, PACE, 28_000, 10, 3_000.0),
        ({"wave_rows": 10, "wave_minutes": 0.5}, PACE, 28_000, 280, 8_400.0),
        # Never fewer than that.
        ({"wave_rows": 20_000, "wave_minutes": 0.5}, PACE, 28_000, 2, 2_840.0),
        ({"wave_rows": 10, "wave_minutes": 0.0}, PACE, 100, 10, 210.0),
        ({}, PACE, 0, 0, 0.0),
    ],
)
def test_waves_and_time(settings, pace, texts, waves, seconds):
    found = forecast(part(texts, 10 * texts), pace, Settings(**settings), devices=2)
    assert (found.waves, found.seconds) == (waves, seconds)


@pytest.mark.parametrize(
    ("prices", "pace", "cost", "is_whole"),
    [
        ({}, PACE, 0.0, True),
        ({"price_per_million_tokens": 4.0}, None, 0.04, True),
        ({"price_per_device_hour": 9.0}, None, 0.0, False),
        # 120 seconds on two devices.
        ({"price_per_device_hour": 9.0}, PACE, 0.6, True),
        ({"price_per_device_hour": 9.0, "price_per_million_tokens": 4.0}, PACE, 0.64, True),
    ],
)
def test_cost(prices, pace, cost, is_whole):
    found = forecast(part(1_000, 10_000), pace, Settings(**prices), devices=2)
    assert (found.cost, found.is_whole) == (pytest.approx(cost), is_whole)


def test_the_prices_of_a_plan_are_kept_with_it():
    settings = Settings(price_per_million_tokens=4.0, price_per_device_hour=9.0, currency="EUR")
    kept = {"million_tokens": 4.0, "device_hour": 9.0, "devices": 2, "currency": "EUR"}
    assert prices_of(settings, 2) == kept
