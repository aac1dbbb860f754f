"""What one process of a way took, and the sums that all figures are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.plan import INT8, RELOADING

#: A vector has 384 numbers of about 0.05; means over the same texts are the same to this.
_SAME = 1e-3


@dataclass(frozen=True, kw_only=True)
class Measured:
    """
    `cpu` and `wall` of its whole life in seconds, and of each of its `runs`, with `rows`, `tokens`.

    `trouble` says in one line why there are no runs.
    """

    part: str
    way: str
    repetition: int
    cpu: float = 0.0
    wall: float = 0.0
    runs: tuple[dict[str, Any], ...] = ()
    trouble: str = ""

    def run(self, name: str) -> dict[str, Any]:
        [found] = [run for run in self.runs if run["name"] == name]
        return found

    @property
    def rows(self) -> int:
        return int(self.run("all")["rows"])


def of_part(measured: Sequence[Measured], part: str, way: str = "ours") -> list[Measured]:
    """Those that have runs, in the order of repetitions."""
    found = [one for one in measured if (one.part, one.way) == (part, way) and one.runs]
    return sorted(found, key=lambda one: one.repetition)


def tokens_per_second(one: Measured, clock: str) -> float:
    """
    Of a way that is warm; 0 where so little was read that it cannot be told from its start.

    Of the job of a peer that stays loaded a job of few rows is taken away; all others are measured
    when they are loaded.
    """
    whole = one.run("all")
    tokens, seconds = whole["tokens"], whole[clock]
    if one.way not in ("roof", INT8, "ours", *RELOADING):
        few = one.run("few")
        tokens, seconds = tokens - few["tokens"], seconds - few[clock]
    return float(tokens / seconds) if seconds > 0 else 0.0


def rates(
    measured: Sequence[Measured], way: str, clock: str = "cpu", part: str = "speed"
) -> dict[int, float]:
    """Tokens per second of `clock` by repetition."""
    found = of_part(measured, part, way)
    told = {one.repetition: tokens_per_second(one, clock) for one in found}
    return {repetition: rate for repetition, rate in told.items() if rate}


def troubles(measured: Sequence[Measured]) -> list[str]:
    """Ways that did not run, and ways whose vectors are not those of the others."""
    found = {f"{one.way}: {one.trouble}" for one in measured if one.trouble}
    known: dict[int, float] = {}
    for one in measured:
        if one.part != "speed":
            continue
        for run in one.runs:
            apart = abs(run["first"] - known.setdefault(run["rows"], run["first"]))
            if not apart < _SAME:
                found.add(f"{one.way}: its vectors are not those of others, by {apart:.1e}")
    return sorted(found)
