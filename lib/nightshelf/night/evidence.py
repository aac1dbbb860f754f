"""What a person has to see before they let a held night pass, as Markdown."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import sqlalchemy as sa

from nightshelf.night.estimate import Estimate
from nightshelf.night.sentences import fitting, of_estimate
from nightshelf.ops import decisions, runs
from nightshelf.settings import Settings


class Held(NamedTuple):
    """A run that waits; `may_pass` where a person may let it, with what `evidence` says."""

    run: str
    may_pass: bool
    evidence: str


def held_release(engine: sa.Engine, run: str) -> Held | None:
    """None for a run whose release is not held."""
    row = next((one for one in decisions.held_runs(engine) if one["run"] == run), None)
    if row is None:
        return None
    other = decisions.superseded_by(engine, row)
    may_pass = not decisions.beyond_judgement(row["assembled"]) and not other
    return Held(run, may_pass, "\n".join(_of_release(row, other)))


def held_plan(engine: sa.Engine, settings: Settings, run: str) -> Held | None:
    """None for a run whose plan is not held."""
    row = next((one for one in decisions.held_plans(engine) if one["run"] == run), None)
    if row is None:
        return None
    return Held(run, may_pass=True, evidence="\n".join(_of_plan(row, settings)))


def literal(text: str) -> str:
    """
    As code, on one line: nothing in it is Markdown, whoever wrote it.

    >>> literal("[a](javascript:b)`<c>")
    "`[a](javascript:b)'<c>`"
    """
    return f"`{' '.join(text.replace('`', chr(39)).split())}`"


def _of_release(row: runs.Row, other: str | None) -> Iterator[str]:
    days = ", ".join(sorted({row["date"], *row["dates"]}))
    yield (
        f"Run {literal(row['run'])} of {literal(days)} was audited and found unusual. Readers see"
        " the last release until somebody decides.\n"
    )
    yield from _listed(row["assembled"].get("violations", ()))
    yield (
        "\n**Approve** releases exactly what was audited; if the shelf has changed since, it is"
        " audited again first. **Reject** drops the release; its answers are kept, and nothing is"
        " bought again."
    )
    if other:
        yield f"\nRun {literal(other)} has worked on one of these dates since: what it did counts."


def _of_plan(row: runs.Row, settings: Settings) -> Iterator[str]:
    yield (
        f"Run {literal(row['run'])} of {literal(row['date'])} would cost more than its cap allows."
        " Nothing was asked yet.\n"
    )
    yield from _listed((row["error"] or "").splitlines()[:1])
    yield "\nWhat was planned:\n"
    lines = of_estimate(Estimate.from_dict(row["estimate"]), settings)
    yield from _listed(line.removeprefix("plan: ") for line in lines)
    if fits := row["estimate"].get("fits"):
        yield f"\n**Take** asks the part that fits: {literal(fitting(fits, settings))}. The rest is"
        yield "published as deferred and comes first in the next night's plan."
    yield "\n**Ignore** asks everything. **Leave** ends this run; readers see the last release."


def _listed(lines: Iterable[str]) -> Iterator[str]:
    return (f"- {literal(line)}" for line in lines)
