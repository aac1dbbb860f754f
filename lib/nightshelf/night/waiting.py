"""What waits for a person: held releases, and dates that a rollback has withdrawn."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from nightshelf.lakehouse.release import Release
from nightshelf.lakehouse.withdrawn import withdrawn_dates
from nightshelf.ops import decisions


def waiting(ops: sa.Engine, found: Sequence[Release]) -> Iterator[str]:
    """A line each, with what can be done; `found` are all releases."""
    for row in decisions.held_runs(ops):
        violations = "; ".join(row["assembled"].get("violations", ())) or row["error"] or ""
        days = ", ".join(sorted(row["dates"] or [row["date"]]))
        advice = f"nightshelf approve {row['run']} | dismiss {row['run']} --reason …"
        yield f" held  {row['run']} of {days}: {violations}  ({advice})"
    for row in decisions.held_plans(ops):
        advice = f"nightshelf caps {row['run']} --take | --ignore, then night --run {row['run']}"
        yield f" held  {row['run']} of {row['date']}: {row['error'] or ''}  ({advice})"
    for day, by in sorted(decisions.not_dismissed(ops, withdrawn_dates(found)).items()):
        advice = f"nightshelf night --date {day} | dismiss {day} --reason …"
        yield f" withdrawn  {day} by release {by}  ({advice})"
