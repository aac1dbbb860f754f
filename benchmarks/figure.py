"""One figure: what was measured, what was aimed at, and whether it holds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """`least` says whether the bound is the smallest value that is good enough, or the largest."""

    bound: float
    least: bool = False

    def holds(self, value: float) -> bool:
        return value >= self.bound if self.least else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.bound:g}"


def at_least(bound: float) -> Goal:
    return Goal(bound, least=True)


def at_most(bound: float) -> Goal:
    return Goal(bound)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`values` has one a repetition; none where it could not be measured, and `what` says why."""

    name: str
    what: str
    goal: Goal | None = None
    values: tuple[float, ...] = ()

    @property
    def value(self) -> float | None:
        """
        The median of the repetitions.

        >>> Figure(name="n", what="", values=(3.0, 1.0, 2.0)).value
        2.0
        """
        ordered = sorted(self.values)
        if not ordered:
            return None
        below, above = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
        return (below + above) / 2

    @property
    def spread(self) -> str:
        if len(self.values) < 2:
            return ""
        return f"{number(min(self.values))} to {number(max(self.values))}"

    @property
    def verdict(self) -> str:
        if self.goal is None or self.value is None:
            return ""
        return "yes" if self.goal.holds(self.value) else "**no**"

    @property
    def line(self) -> str:
        """
        >>> Figure(name="over_naive", what="", values=(6.25,)).line
        'FIGURE over_naive 6.25'
        >>> Figure(name="int8_over_bf16", what="").line
        'FIGURE int8_over_bf16 absent'
        """
        return f"FIGURE {self.name} {'absent' if self.value is None else number(self.value)}"


def number(value: float) -> str:
    """
    Three digits, and never in powers of ten.

    >>> number(0.97123), number(12345.6), number(-0.0004), number(99999)
    ('0.971', '12346', '-0.0004', '99999')
    """
    if abs(value) >= 100 or value == int(value):
        return f"{value:.0f}"
    return f"{value:.4f}" if abs(value) < 0.1 else f"{value:.3g}"


def short(rows: int) -> str:
    """
    >>> short(5_000), short(65_000), short(500), short(1_000_000)
    ('5k', '65k', '500', '1M')
    """
    return re.sub(r"000k$", "M", re.sub(r"000$", "k", str(rows)))


def in_words(figures: Sequence[Figure]) -> str:
    """The last lines of the command."""
    return "\n".join(figure.line for figure in figures)
