"""Between plan and models, without Spark: may the run ask all that it has planned?"""

from typing import Any

from nightshelf.errors import NightshelfError
from nightshelf.night.caps import DECISIONS, Caps, to_take_within
from nightshelf.night.context import Context
from nightshelf.night.estimate import Estimate
from nightshelf.ops import runs
from nightshelf.ops.decisions import Decision

#: The step that may hold a run for it.
PLAN = "plan"


def may_ask(context: Context, run: str) -> Caps | None:
    """
    The caps within which the run has to choose; None where it may ask all. Both are said.

    Raise `OverCap` where a person has to decide.
    """
    row = runs.read_run(context.ops, run)
    if not row["estimate"]:
        raise NightshelfError(f"run {run} has no plan: start it from its ingest")
    caps = to_take_within(row, context.settings)
    estimate = Estimate.from_dict(row["estimate"])
    if caps:
        context.say("plan: over its caps; the most valuable part that fits will be asked")
    elif not estimate.texts:
        context.say("plan: nothing has to be asked")
    else:
        context.say(f"plan: all of {estimate.texts:,} texts may be asked")
    return caps


def decide(
    context: Context, run: str, decision: Decision | None = None, **chosen: float | str | None
) -> dict[str, Any]:
    """
    Note for the run what becomes of it over a cap (`over_cap`), and its own `rows`, `tokens` and
    `cost`; return all that was decided for it so far, and whose `decision` it was.

    Raise `NightshelfError` for a run that is not there or that has gone past its plan.
    """
    row = runs.find_run(context.ops, run)
    if row is None:
        raise NightshelfError(f"no run is called {run}; `nightshelf runs` lists them")
    if row["state"] in (runs.RELEASED, runs.UNCHANGED):
        raise NightshelfError(f"run {run} has ended as {row['state']}; its caps decide nothing now")
    wanted = {name: value for name, value in chosen.items() if value is not None}
    known = {**(row["caps"] or {}), **wanted}
    if wanted and decision:
        known |= {"by": decision.who, "reason": decision.reason, "at": decision.at.isoformat()}
    if wanted:
        runs.update_run(context.ops, run, caps=known)
    return known


def decide_once(context: Context, run: str, over_cap: str | None) -> None:
    """As whoever started the run wanted it, unless somebody has decided since."""
    row = runs.find_run(context.ops, run)
    if over_cap in DECISIONS and row and not (row["caps"] or {}).get("over_cap"):
        decide(context, run, over_cap=over_cap)
