"""How fast earlier waves were: so many seconds a wave, and so many a token."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

#: A wave counts for so much of what the one after it counts: machines change.
_FADING = 0.9
#: Waves that differ less in size do not tell what a wave costs from what a token does.
_TELLING = 2.0
#: A wave is not made larger than so many times the largest that was measured.
_STRETCH = 4.0


class Measured(NamedTuple):
    """One wave: `seconds` by the clock, `busy_seconds` of all devices together."""

    tokens: int
    seconds: float
    busy_seconds: float


@dataclass(frozen=True)
class Pace:
    """Measured over `waves` waves, the largest of which had `most_tokens`."""

    wave_seconds: float
    token_seconds: float
    waves: int
    most_tokens: int

    def seconds(self, tokens: float, waves: int) -> float:
        return self.wave_seconds * waves + self.token_seconds * tokens

    def tokens_within(self, seconds: float) -> float:
        """
        >>> Pace(10.0, 0.01, waves=3, most_tokens=9_000).tokens_within(300)
        29000.0
        >>> Pace(10.0, 0.01, waves=3, most_tokens=5_000).tokens_within(300)
        20000.0
        """
        fitting = max(0.0, seconds - self.wave_seconds) / max(self.token_seconds, 1e-12)
        return min(fitting, _STRETCH * self.most_tokens)


def pace_of(waves: Sequence[Measured], devices: int) -> Pace | None:
    """
    From `waves`, newest first, on `devices` at once; None where none was measured.

    Waves of several sizes tell by themselves what each costs at least. Of waves of one size, the
    time in which the devices computed is taken for that of the tokens.
    """
    waves = [one for one in waves if one.tokens > 0 and one.seconds > 0]
    if not waves:
        return None
    sizes = [one.tokens for one in waves]
    is_telling = max(sizes) >= _TELLING * min(sizes)
    wave, token = _fitted(waves) if is_telling else _split(waves, devices)
    return Pace(wave, token, len(waves), max(sizes))


def _fitted(waves: Sequence[Measured]) -> tuple[float, float]:
    """Least squares of what they miss by in proportion, so that short waves count as well."""
    weights = [_FADING**age / one.seconds**2 for age, one in enumerate(waves)]

    def total(values: Sequence[float]) -> float:
        return sum(w * v for w, v in zip(weights, values, strict=True))

    x = [float(one.tokens) for one in waves]
    y = [one.seconds for one in waves]
    count, sum_x, sum_y = sum(weights), total(x), total(y)
    spread = count * total([v * v for v in x]) - sum_x**2
    token = (count * total([a * b for a, b in zip(x, y, strict=True)]) - sum_x * sum_y) / spread
    wave = (sum_y - token * sum_x) / count
    if token <= 0:
        return sum_y / count, 0.0
    return (wave, token) if wave >= 0 else (0.0, _a_token(waves))


def _a_token(waves: Sequence[Measured]) -> float:
    faded = [(_FADING**age, one) for age, one in enumerate(waves)]
    return sum(w * one.seconds for w, one in faded) / sum(w * one.tokens for w, one in faded)


def _split(waves: Sequence[Measured], devices: int) -> tuple[float, float]:
    weights = [_FADING**age for age, _ in enumerate(waves)]
    seconds, busy, tokens = (
        sum(w * one[place] for w, one in zip(weights, waves, strict=True))
        for place in (
            Measured._fields.index("seconds"),
            Measured._fields.index("busy_seconds"),
            Measured._fields.index("tokens"),
        )
    )
    computing = min(busy / max(devices, 1), seconds)
    return (seconds - computing) / sum(weights), computing / tokens
