"""What a plan may come to at most, and what happens to one that comes to more."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from nightshelf.errors import OverCap
from nightshelf.night.estimate import Estimate
from nightshelf.night.sentences import amount, fitting
from nightshelf.ops.runs import Row
from nightshelf.settings import Settings

HOLD, TAKE, IGNORE = DECISIONS = ("hold", "take", "ignore")


@dataclass(frozen=True)
class Caps:
    """Of a whole run; 0 is no cap."""

    rows: int = 0
    tokens: int = 0
    cost: float = 0.0

    def exceeded(self, estimate: Estimate) -> dict[str, tuple[float, float]]:
        """Each cap that the estimate is over: what it comes to, and what it may."""
        planned = {
            "rows": estimate.texts,
            "tokens": estimate.tokens,
            "cost": estimate.cost,
        }
        return {
            name: (planned[name], most)
            for name, most in asdict(self).items()
            if most and planned[name] > most
        }


def caps_of(settings: Settings, chosen: Mapping[str, Any] | None) -> Caps:
    """Those of the settings, but for what was `chosen` for the run."""
    caps = Caps(settings.cap_rows, settings.cap_tokens, settings.cap_cost)
    own = {name: value for name, value in (chosen or {}).items() if name in asdict(caps)}
    return replace(caps, **own)


def to_take_within(run: Row, settings: Settings) -> Caps | None:
    """
    The caps within which the run has to choose what it asks; None where it may ask everything.

    `run` is its row in the operations database. Raise `OverCap` where a person has to decide.
    """
    if not run["estimate"]:
        return None
    estimate = Estimate.from_dict(run["estimate"])
    caps = caps_of(settings, run["caps"])
    over = caps.exceeded(estimate)
    decision = (run["caps"] or {}).get("over_cap") or settings.over_cap
    if not over or decision == IGNORE:
        return None
    if decision == TAKE:
        return caps
    raise OverCap(_held(run, over, settings))


def _held(run: Row, over: Mapping[str, tuple[float, float]], settings: Settings) -> str:
    told = "; ".join(
        f"{amount(name, planned, settings)} to ask, at most {amount(name, most, settings)} allowed,"
        f" {amount(name, planned - most, settings)} too many"
        for name, (planned, most) in over.items()
    )
    name = run["run"]
    fits = run["estimate"].get("fits")
    part = f" Within the caps fit {fitting(fits, settings)}." if fits else ""
    raised = " ".join(f"--{cap} {_rounded_up(planned)}" for cap, (planned, _) in over.items())
    return (
        f"the plan of run {name} is over its cap: {told}. Nothing was asked, readers see the last"
        f" release.{part} Three ways on: raise the cap for this run (`nightshelf caps {name}"
        f" {raised}`); take what fits (`nightshelf caps {name} --take`): the rest is"
        " published as deferred and comes first in the next night's plan; or let it be. After the"
        " first or second, clear the task `plan`, or run `nightshelf night"
        f" --date {run['date']} --run {name}`"
    )


def _rounded_up(value: float) -> str:
    """
    >>> _rounded_up(1200), _rounded_up(0.12341)
    ('1200', '0.1235')
    """
    return f"{math.ceil(value * 10_000) / 10_000:.4f}".rstrip("0").rstrip(".")
