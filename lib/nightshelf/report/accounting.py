"""The accounting identity, term by term, and whether it holds."""

from collections.abc import Mapping
from typing import Any

from pyiceberg.expressions import EqualTo

from nightshelf.answers.status import DEFERRED, STATUSES
from nightshelf.lakehouse.catalog import local_name
from nightshelf.names import LANDINGS
from nightshelf.report.shape_rows import Accounting, Landing, Outcome
from nightshelf.report.source import Source


def accounting(source: Source) -> Accounting:
    landings = [_landing(one) for one in accounts_of(source)]
    ends = source.assembled.get("ends") or {}
    outcomes = [_outcome(table, one) for table, one in ends.items()]
    found = [one["holds"] for one in landings] + [one["holds"] for one in outcomes]
    holds = all(found) if found else None
    return {"landings": landings, "outcomes": outcomes, "holds": holds}


def accounts_of(source: Source) -> list[Mapping[str, Any]]:
    """As ingest has noted them; of a run that is older than that, as the lake still holds them."""
    if source.row["accounts"] is not None or not source.dates:
        return list(source.row["accounts"] or ())
    if not source.catalog.table_exists(local_name(LANDINGS)):
        return []
    own = EqualTo("run", source.run)  # type: ignore[call-arg,arg-type]
    rows = source.catalog.load_table(local_name(LANDINGS)).scan(own).to_arrow().to_pylist()
    return sorted(rows, key=lambda row: (str(row["landing_date"]), row["dataset"]))


def _landing(one: Mapping[str, Any]) -> Landing:
    counts = {name: int(one[name]) for name in ("accepted", "rejected", "duplicate")}
    return {
        "dataset": str(one["dataset"]),
        "date": str(one["landing_date"]),
        "mode": one["mode"],
        "files": int(one["files"]),
        "files_rejected": int(one["files_rejected"]),
        "read": int(one["rows_read"]),
        "accepted": counts["accepted"],
        "rejected": counts["rejected"],
        "duplicate": counts["duplicate"],
        "holds": int(one["rows_read"]) == sum(counts.values()),
    }


def _outcome(table: str, ends: Mapping[str, float | None]) -> Outcome:
    counts = {name: int(ends.get(name) or 0) for name in ("current", *STATUSES, DEFERRED)}
    return {
        "table": table,
        "current": counts["current"],
        "answered": counts["answered"],
        "abstained": counts["abstained"],
        "failed": counts["failed"],
        "deferred": counts["deferred"],
        "holds": counts["current"] == sum(counts[one] for one in (*STATUSES, DEFERRED)),
    }
