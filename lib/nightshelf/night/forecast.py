"""From tokens to waves, seconds and money."""

import math
from dataclasses import replace

from nightshelf.night.estimate import Part
from nightshelf.night.pace import Pace
from nightshelf.settings import Settings


def forecast(part: Part, pace: Pace | None, settings: Settings, devices: int) -> Part:
    """The part with its waves, its seconds as `pace` was measured, and its cost on `devices`."""
    size = wave_texts(part, pace, settings)
    waves = math.ceil(part.texts / size)
    seconds = pace.seconds(part.tokens, waves) if pace else None
    by_token = part.tokens * settings.price_per_million_tokens / 1e6
    by_hour = settings.price_per_device_hour * devices * (seconds or 0.0) / 3600
    return replace(
        part,
        wave_texts=size,
        waves=waves,
        measured_waves=pace.waves if pace else 0,
        seconds=seconds,
        cost=by_token + by_hour,
        is_whole=seconds is not None or not settings.price_per_device_hour,
    )


def prices_of(settings: Settings, devices: int) -> dict[str, float | str]:
    """Those that `forecast` has taken, so that what a run did cost is counted by the same."""
    return {
        "million_tokens": settings.price_per_million_tokens,
        "device_hour": settings.price_per_device_hour,
        "devices": devices,
        "currency": settings.currency,
    }


def wave_texts(part: Part, pace: Pace | None, settings: Settings) -> int:
    """So many texts take about `wave_minutes`; never fewer than `wave_rows`."""
    if not pace or not part.tokens:
        return settings.wave_rows
    tokens = pace.tokens_within(settings.wave_minutes * 60)
    return max(settings.wave_rows, int(tokens * part.texts / part.tokens))
