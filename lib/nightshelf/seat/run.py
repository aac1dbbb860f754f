"""One run as its own page tells it."""

from collections.abc import Mapping, Sequence
from typing import Any

from nightshelf.errors import NightshelfError
from nightshelf.names import NIGHTLY
from nightshelf.ops import runs
from nightshelf.seat.calendar import day, state_of
from nightshelf.seat.nights import held_leases, took, waves_of, whole_runs
from nightshelf.seat.sources import Json, Sources, in_utc, shortened
from nightshelf.seat.tonight import planned, questions
from nightshelf.seat.wording import evidence, may_be_approved

_MOST_WAVES = 100


class Unknown(NightshelfError):
    """No run is called so."""


def run_of_origin(sources: Sources, dag: str, origin: str) -> str:
    """The run that an Airflow run of `dag` has begun; raise `Unknown` while it has not."""
    start = "n" if dag == NIGHTLY else "r"
    if found := runs.run_named(sources.ops, start, runs.mark_of(origin)):
        return found
    raise Unknown("this run has not begun: it is noted when its first step after `ready` starts")


def whole_run(sources: Sources, name: str) -> runs.Row:
    """Raise `Unknown` where there is none."""
    row = whole_runs(sources.ops, [name]).get(name)
    if row is None:
        raise Unknown(f"no run is called {name[:80]}; `nightshelf runs` lists them")
    return row


def run_detail(sources: Sources, name: str) -> Json:
    """What the run came to, was planned to, was audited to, and who decided on it."""
    row = whole_run(sources, name)
    spent = took(sources, [name])[name]
    assembled: Mapping[str, Any] = row["assembled"]
    return {
        **day(sources, row, spent),
        "state": state_of(row, held_leases(sources)),
        "currency": sources.settings.currency,
        "dates": [{"date": date, "why": why} for date, why in sorted(row["dates"].items())],
        "plan": planned(sources, row) if row["estimate"] else None,
        "questions": questions(row["plan"]),
        "failures": spent.usage.failures,
        "ends": [{"table": table, **ends} for table, ends in assembled.get("ends", {}).items()],
        "rows": assembled.get("rows", {}),
        "evidence": evidence(row),
        "may_be_approved": may_be_approved(row),
        "models": row["models"],
        "decision": _decision(row["decision"]),
        "waves": _waves(waves_of(sources.ops, [name])),
        "usage": {
            "seconds": spent.seconds,
            "padding_share": spent.usage.padding_share,
            "busy_share": spent.usage.busy_share,
            "restarts": spent.usage.restarts,
        },
    }


def _decision(known: Mapping[str, Any] | None) -> Json | None:
    if not known:
        return None
    said = {name: shortened(known.get(name)) for name in ("who", "reason")}
    return {"approved": bool(known.get("approved")), "at": in_utc(known.get("at")), **said}


def _waves(found: Sequence[runs.Row]) -> list[Json]:
    return [
        {
            "wave": one["wave"],
            "started_at": in_utc(one["started_at"]),
            "seconds": one["seconds"],
            "texts": one["texts"],
            "tokens": one["tokens"],
            "answers": one["answers"],
        }
        for one in found[:_MOST_WAVES]
    ]
