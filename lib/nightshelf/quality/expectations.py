"""What must hold before a release."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Expectation:
    """One measured number and the range it must fall in; `measure` is a SQL aggregate."""

    name: str
    measure: str
    at_least: float = float("-inf")
    at_most: float = float("inf")
    is_judgement: bool = False
    """Whether a person may know better; all others say that something is broken."""


@dataclass(frozen=True)
class Check:
    """What was measured of one expectation; what could not be measured is None, and not held."""

    table: str
    expectation: Expectation
    measured: float | None

    @property
    def holds(self) -> bool:
        value = self.measured
        if value is None or math.isnan(value):
            return False
        return self.expectation.at_least <= value <= self.expectation.at_most

    def __str__(self) -> str:
        allowed = f"[{self.expectation.at_least}, {self.expectation.at_most}]"
        return f"{self.table}: {self.expectation.name} is {self.measured}, allowed {allowed}"

    def as_dict(self) -> dict[str, str | bool]:
        """What somebody has to judge, as the operations database keeps it."""
        name, may_pass = self.expectation.name, self.expectation.is_judgement
        return {"table": self.table, "expectation": name, "is_judgement": may_pass}

    def in_full(self) -> dict[str, str | bool | float | None]:
        """The same with its figures; None for no bound, and for what is no number."""
        bounds = {"at_least": self.expectation.at_least, "at_most": self.expectation.at_most}
        figures = {"measured": self.measured, **bounds}
        numbers = {name: _number(value) for name, value in figures.items()}
        return {**self.as_dict(), **numbers, "holds": self.holds}


def checks(
    table: str, measured: Mapping[str, float | None], suite: Sequence[Expectation]
) -> list[Check]:
    """Each expectation of the suite with its figure."""
    return [Check(table, one, measured.get(one.name)) for one in suite]


def violated(found: Sequence[Check]) -> list[Check]:
    """Those that do not hold. A number that could not be measured never passes."""
    return [one for one in found if not one.holds]


def _number(value: float | None) -> float | None:
    # JSON has neither infinity nor NaN.
    return value if value is not None and math.isfinite(value) else None
