"""Failpoints: named places in a night, armed by wrapping the function that stands there."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Any

BEFORE, AFTER = "before", "after"


@dataclass(frozen=True)
class Place:
    """
    A function that a step of a night calls, `owner` being a module, or a class of one after `:`.

    `having` picks those calls that have this keyword; `most` is how often a step calls it.
    """

    step: str
    owner: str
    function: str
    having: str = ""
    most: int = 1


@dataclass(frozen=True)
class Failpoint:
    """Before or after the `occurrence`-th call at a place."""

    place: str
    moment: str
    occurrence: int = 1

    def __str__(self) -> str:
        return f"{self.place}:{self.moment}:{self.occurrence}"


_RUNS = "nightshelf.ops.runs"
_PYICEBERG = "pyiceberg.catalog.sql:SqlCatalog"

#: Every step of a night, and within it every commit: PyIceberg's, Spark's, the ops database's.
PLACES: Mapping[str, Place] = MappingProxyType(
    {
        "ingest.lease": Place("ingest", "nightshelf.night.step", "must_take", most=2),
        "ingest.tables": Place("ingest", "nightshelf.night.ingest", "ensure_tables"),
        "ingest.settle": Place("ingest", "nightshelf.night.ingest", "settle"),
        "ingest.models": Place("ingest", "nightshelf.night.ingest", "register_models"),
        "ingest.frozen": Place("ingest", _RUNS, "update_run", having="files"),
        "ingest.replace": Place("ingest", "nightshelf.spark.ingest", "_replace", most=4),
        "ingest.plan": Place("ingest", _RUNS, "update_run", having="plan"),
        "plan.decide": Place("plan", "nightshelf.night.step", "may_ask"),
        "ask.open_wave": Place("ask", _RUNS, "open_wave", most=3),
        "ask.append": Place("ask", "nightshelf.spark.ask", "_append", most=6),
        "ask.close_wave": Place("ask", _RUNS, "close_wave", most=3),
        "ask.asked": Place("ask", _RUNS, "update_run", having="asked"),
        "assemble.branches": Place("assemble", "nightshelf.night.assemble", "open_branches"),
        "assemble.branch": Place("assemble", _PYICEBERG, "commit_table", most=4),
        "assemble.merge": Place("assemble", "nightshelf.shelf.table", "assemble", most=3),
        "assemble.insight": Place("assemble", "nightshelf.spark.assemble", "_assemble_insight"),
        "assemble.digest": Place("assemble", "nightshelf.night.assemble", "digests"),
        "assemble.audit": Place("assemble", "nightshelf.night.assemble", "audit"),
        "assemble.assembled": Place("assemble", _RUNS, "update_run", having="assembled"),
        "release.publish": Place("release", "nightshelf.night.publish", "publish"),
        "release.commit": Place("release", _PYICEBERG, "commit_table", most=12),
        "release.settle": Place("release", "nightshelf.night.publish", "settle"),
        "release.drop": Place("release", "nightshelf.night.publish", "drop_branches"),
        "release.files": Place("release", _RUNS, "settle_files"),
        "release.ended": Place("release", _RUNS, "update_run", having="release"),
        "release.lease": Place("release", "nightshelf.night.step", "give_back"),
    }
)


def failpoints(step: str) -> list[Failpoint]:
    """Every place of the step, before and after each of its calls."""
    return [
        Failpoint(name, moment, occurrence)
        for name, place in PLACES.items()
        if place.step == step
        for occurrence in range(1, place.most + 1)
        for moment in (BEFORE, AFTER)
    ]


def arm(point: Failpoint, happen: Callable[[], None]) -> None:
    """
    Let `happen` be called at the failpoint, once, in this process and its children.

    Raise `LookupError` where the place is no longer there: a failpoint that cannot be reached
    would prove nothing.
    """
    place = PLACES[point.place]
    module, _, inner = place.owner.partition(":")
    owner: Any = import_module(module)
    owner = getattr(owner, inner, None) if inner else owner
    called = getattr(owner, place.function, None)
    if called is None:
        raise LookupError(
            f"failpoint {point.place}: there is no {place.owner}.{place.function} any more;"
            " mend benchmarks/faults/points.py"
        )
    calls = 0

    @functools.wraps(called)
    def armed(*args: object, **more: object) -> object:
        nonlocal calls
        if place.having and place.having not in more:
            return called(*args, **more)
        calls += 1
        mine = calls == point.occurrence
        if mine and point.moment == BEFORE:
            happen()
        done = called(*args, **more)
        if mine and point.moment == AFTER:
            happen()
        return done

    setattr(owner, place.function, armed)
