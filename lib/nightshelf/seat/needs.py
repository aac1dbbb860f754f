"""What waits for a person, with the evidence and what can be done."""

import math

from nightshelf.lakehouse.withdrawn import withdrawn_dates
from nightshelf.ops import actions, decisions, runs
from nightshelf.seat import lake
from nightshelf.seat.calendar import STOPPED, state_of
from nightshelf.seat.nights import held_leases, newest_of_dates
from nightshelf.seat.sources import Json, Sources, days_until, in_utc, shortened
from nightshelf.seat.tonight import planned
from nightshelf.seat.wording import evidence, may_be_approved

#: What can be done about an item; the page knows how to ask for each.
APPROVE, REJECT, TAKE, RAISE, DISMISS, OPEN = (
    *("approve", "reject", "take", "raise"),
    *("dismiss", "open"),
)
_MOST = 50
#: So many nights back, one that failed or that nobody goes on with still is news.
_RECENT = 7


def needs(sources: Sources) -> Json:
    """Held releases, plans over a cap, withdrawn dates, nights that failed or stand still."""
    found = [*_releases(sources), *_plans(sources), *_broken(sources), *_withdrawn(sources)]
    shown = found[:_MOST]
    decided = actions.newest_on(sources.ops, [one["run"] for one in shown if "run" in one])
    for one in shown:
        if row := decided.get(one.get("run", "")):
            one["decided"] = action(row)
    return {"items": shown, "more": max(len(found) - _MOST, 0)}


def action(row: runs.Row) -> Json:
    """Who decided what, when and why."""
    said = {name: shortened(row[name]) for name in ("who", "action", "subject", "reason")}
    return {"number": row["number"], "at": in_utc(row["at"]), **said}


def _releases(sources: Sources) -> list[Json]:
    found, held = [], decisions.held_runs(sources.ops)
    replaced = decisions.superseding(sources.ops, held)
    for row in held:
        newer = replaced.get(row["run"])
        actions = [REJECT] if newer or not may_be_approved(row) else [APPROVE, REJECT]
        found.append(
            {
                **_item("release", row),
                "evidence": evidence(row),
                "rows": row["assembled"].get("rows", {}),
                "replaced_by": newer,
                "actions": [*actions, OPEN],
            }
        )
    return found


def _plans(sources: Sources) -> list[Json]:
    return [
        {
            **_item("plan", row),
            "plan": planned(sources, row),
            "raised": raised(sources, row),
            "actions": [TAKE, RAISE, OPEN],
        }
        for row in decisions.held_plans(sources.ops)
        if row["estimate"]
    ]


def raised(sources: Sources, row: runs.Row) -> dict[str, float]:
    """The caps that the plan is over, each raised to what it comes to."""
    over = [one for one in planned(sources, row)["caps"] if one["over"]]
    return {
        one["name"]: math.ceil(one["planned"] * 10_000) / 10_000
        if one["name"] == "cost"
        else int(one["planned"])
        for one in over
    }


def _broken(sources: Sources) -> list[Json]:
    dates = days_until(sources.last_night, _RECENT)
    newest, alive = newest_of_dates(sources.ops, dates[0], "9999"), held_leases(sources)
    found = []
    for _, row in sorted(newest.items(), reverse=True):
        state = state_of(row, alive)
        if state in (runs.FAILED, STOPPED):
            found.append({**_item(state, row), "actions": [OPEN]})
    return found


def _withdrawn(sources: Sources) -> list[Json]:
    dates = decisions.not_dismissed(sources.ops, withdrawn_dates(lake.all_releases(sources)))
    return [
        {"kind": "withdrawn", "date": date, "release": release, "actions": [DISMISS]}
        for date, release in sorted(dates.items())
    ]


def _item(kind: str, row: runs.Row) -> Json:
    return {
        "kind": kind,
        "run": row["run"],
        "date": row["date"],
        "step": row["step"],
        "since": in_utc(row["ended_at"] or row["started_at"]),
        "error": shortened(row["error"]),
    }
