"""Numbers as they are written: digits, words, Chinese numerals, fractions."""

import re
from dataclasses import dataclass
from fractions import Fraction

from nightshelf.grounding.units import Unit, scale

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
#: What each English number word adds.
WORDS = {word: value for value, word in enumerate(_SMALL)}
WORDS |= {word: 10 * (tens + 2) for tens, word in enumerate(_TENS)} | {"dozen": 12}
TIMES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}

_HAN_DIGITS = {"零": 0, "〇": 0, "两": 2} | {c: n + 1 for n, c in enumerate("一二三四五六七八九")}
_HAN_TIMES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
HAN_NUMBER = re.compile(f"[{''.join(_HAN_DIGITS)}{''.join(_HAN_TIMES)}]+")

_FRACTION = r"[1-9]\d?/(?:2|3|4|5|8|10|16|32)(?![\d/x])"
DIGITS = re.compile(
    rf"(?P<mixed>\d{{1,3}}[ -]{_FRACTION})|(?P<fraction>{_FRACTION})"
    r"|(?P<thousands>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d))|(?P<plain>\d+(?:[.,]\d+)?)"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` as written, `step` of its last digit, and its unit, if any."""

    value: float
    step: float
    unit: Unit | None = None

    @property
    def family(self) -> str:
        return self.unit.family if self.unit else ""

    def within(self, other: "Quantity", *, loosely: bool = False) -> bool:
        """
        Whether this, rounded as it is written, is what `other` says.

        Rounding may not move a value by more than a twentieth; `loosely` (`about 100`) takes the
        zeros at the end for rounded, too.

        >>> Quantity(24, 1, Unit("length", "inch")).within(Quantity(60, 1, Unit("length", "cm")))
        True
        """
        if self.family != other.family:
            return False
        if self.unit == other.unit and self.value == other.value:
            return True
        factor, offset = scale(self.unit) if self.unit else (1.0, 0.0)
        theirs, their_offset = scale(other.unit) if other.unit else (1.0, 0.0)
        meant = other.value * theirs + their_offset - offset
        half = self.step / 2
        if loosely and self.step == 1:
            half = max(half, _zeros(self.value) / 2)
        allowed = min(half * factor, abs(meant) / 20 if not offset else half * factor)
        return abs(self.value * factor - meant) <= allowed + 1e-6 * abs(meant)


def _zeros(value: float) -> int:
    """
    >>> _zeros(1500), _zeros(42)
    (100, 1)
    """
    step = 1
    while value and value % (step * 10) == 0:
        step *= 10
    return step


def quantity_of(match: re.Match[str]) -> Quantity:
    """Of a match of `DIGITS`."""
    written = match[0]
    if match["mixed"]:
        whole, part = re.split("[ -]", written)
        exact = int(whole) + _ratio(part)
        return Quantity(float(exact), _exact(exact))
    if match["fraction"]:
        exact = _ratio(written)
        return Quantity(float(exact), _exact(exact))
    plain = written.replace(",", "" if match["thousands"] else ".")
    _, _, decimals = plain.partition(".")
    return Quantity(float(plain), 10.0 ** -len(decimals))


def _ratio(written: str) -> Fraction:
    above, _, below = written.partition("/")
    return Fraction(int(above), int(below))


def _exact(value: Fraction) -> float:
    # Carpenters round to the fraction they write.
    return 1 / value.denominator


def han_value(written: str) -> int:
    """
    >>> han_value("二十四"), han_value("两百"), han_value("十"), han_value("二〇二四")
    (24, 200, 10, 2024)
    """
    if not set(written) & set(_HAN_TIMES):
        return int("".join(str(_HAN_DIGITS[char]) for char in written))
    total = section = digit = 0
    for char in written:
        if char == "万":
            total, section, digit = total + (section + digit or 1) * 10_000, 0, 0
        elif char in _HAN_TIMES:
            section, digit = section + (digit or 1) * _HAN_TIMES[char], 0
        else:
            digit = _HAN_DIGITS[char]
    return total + section + digit


def word_value(words: list[str]) -> int | None:
    """
    Of English number words in a row; None where they are none.

    >>> word_value(["two", "hundred", "and", "five"]), word_value(["twenty", "four"])
    (205, 24)
    """
    total = current = 0
    for word in words:
        if word in WORDS:
            # `two dozen` is a product, all others add up.
            current = current * 12 if word == "dozen" and current else current + WORDS[word]
        elif word in TIMES:
            current = max(current, 1) * TIMES[word]
            if word != "hundred":
                total, current = total + current, 0
        elif word != "and":
            return None
    return total + current
