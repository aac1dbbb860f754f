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
class Violation:
    table: str
    expectation: Expectation
    measured: float | None

    def __str__(self) -> str:
        allowed = f"[{self.expectation.at_least}, {self.expectation.at_most}]"
        return f"{self.table}: {self.expectation.name} is {self.measured}, allowed {allowed}"

    def as_dict(self) -> dict[str, str | bool]:
        """As the operations database keeps it."""
        name, may_pass = self.expectation.name, self.expectation.is_judgement
        return {"table": self.table, "expectation": name, "is_judgement": may_pass}


def violations(
    table: str, measured: Mapping[str, float | None], suite: Sequence[Expectation]
) -> list[Violation]:
    """The expectations that do not hold. A number that could not be measured never passes."""
    return [
        Violation(table, expectation, value)
        for expectation in suite
        if (value := measured.get(expectation.name)) is None
        or math.isnan(value)
        or not expectation.at_least <= value <= expectation.at_most
    ]
