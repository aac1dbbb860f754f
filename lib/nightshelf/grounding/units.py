"""Units by their names in English and Chinese, and what a value in one is in another."""

import re
from dataclasses import dataclass
from functools import lru_cache

import pint

from nightshelf.grounding.lexicon import rows

#: Not known to pint: counted in themselves.
_OWN = "-"


@dataclass(frozen=True, slots=True)
class Unit:
    """`pint` is its name there; only units of one family are compared."""

    family: str
    pint: str


@lru_cache(maxsize=1)
def _registry() -> pint.UnitRegistry[float]:
    return pint.UnitRegistry(cache_folder=None)


@lru_cache(maxsize=256)
def scale(unit: Unit) -> tuple[float, float]:
    """
    Factor and offset to the family's own unit.

    >>> scale(Unit("length", "inch"))
    (0.0254, 0.0)
    """
    if unit.pint == _OWN:
        return 1.0, 0.0
    registry = _registry()
    factor, name = 1.0, unit.pint
    if name == "gram*500":
        factor, name = 500.0, "gram"
    zero = registry.Quantity(0.0, name).to_base_units().magnitude
    one = registry.Quantity(1.0, name).to_base_units().magnitude
    return factor * round(one - zero, 12 if one > 1 else 24), float(zero)


@dataclass(frozen=True)
class _Table:
    short: dict[str, Unit]
    long: dict[str, Unit]
    pattern: re.Pattern[str]


@lru_cache(maxsize=1)
def _table() -> _Table:
    short: dict[str, Unit] = {}
    long: dict[str, Unit] = {}
    for family, called, symbols, words, chinese in rows("units"):
        unit = Unit(family, called)
        short |= dict.fromkeys(filter(None, symbols.split("|")), unit)
        long |= dict.fromkeys(filter(None, words.split("|")), unit)
        short |= dict.fromkeys(filter(None, chinese.split("|")), unit)
    for name, unit in list(short.items()):
        if len(name) > 1 and name.isalpha() and name.isascii():
            for written in (name.lower(), name.upper(), name.capitalize()):
                short.setdefault(written, unit)
    by_length = sorted(long, key=len, reverse=True)
    latin = sorted((name for name in short if name[-1].isascii() and name[-1].isalnum()), key=len)
    other = sorted(set(short) - set(latin), key=len, reverse=True)
    pattern = re.compile(
        rf"[ -]?(?:(?P<long>(?i:{_any(by_length)}))(?![A-Za-z0-9])"
        rf"|(?P<latin>{_any(latin[::-1])})(?![A-Za-z0-9])|(?P<other>{_any(other)}))"
    )
    return _Table(short, long, pattern)


def _any(names: list[str]) -> str:
    return "|".join(re.escape(name).replace(r"\ ", " ") for name in names)


#: `in` after a number is a preposition before these.
_PREPOSITION = re.compile(
    r" in (?:a|an|the|one|1|total|all|each|height|width|depth|length|diameter|size|number|weight|"
    r"thickness|volume|capacity|colou?rs?|\d)\b",
    re.IGNORECASE,
)


def unit_at(text: str, start: int) -> tuple[Unit, int] | None:
    """
    The unit that is written at `start`, after at most a blank or a dash, and where it ends.

    >>> unit_at("60 cm wide", 2)
    (Unit(family='length', pint='centimeter'), 5)
    >>> unit_at("3 in 1", 1) is None
    True
    """
    table = _table()
    match = table.pattern.match(text, start)
    if match is None or _PREPOSITION.match(text, start):
        return None
    if match["long"]:
        return table.long[match["long"].lower()], match.end()
    return table.short[match["latin"] or match["other"]], match.end()
