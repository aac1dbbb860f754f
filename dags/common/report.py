"""The task that writes the report of a night down."""

from collections.abc import Mapping
from typing import Any

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowFailException

from common.assets import SHELF_TABLES
from common.steps import NightshelfCommand, judge, resolve_date
from nightshelf.ops import runs
from nightshelf.ops.database import open_ops
from nightshelf.settings import Settings

#: Nights that readers see the outcome of.
SEEN = (runs.RELEASED, runs.UNCHANGED)


class WriteReport(BaseOperator, NightshelfCommand):
    """Runs `nightshelf report` on the night that the events tell of, or that saw its date last."""

    def execute(self, context: Any) -> None:
        date = resolve_date(context["dag_run"], context["params"])
        told = told_by(context)
        for table, rows in sorted((told.get("rows") or {}).items()):
            print(f"{table}: {'not filled by this night' if rows is None else f'{rows:,} rows'}")
        run = told.get("run") or last_seen(date)
        judge("report", self.run_command(["report", "--keep", "--", str(run)]))

    def on_kill(self) -> None:
        self.stop()


def told_by(context: Any) -> Mapping[str, Any]:
    """
    The `run` whose release has started this, and by table its `rows`; nothing if started by hand.

    Of several nights of one date, the last one.
    """
    found: dict[str, Any] = {"rows": {}}
    events = context["triggering_asset_events"]
    for table in SHELF_TABLES:
        for event in events.get(table, ())[-1:]:
            extra = event.extra or {}
            found["run"] = extra.get("run", found.get("run"))
            found["rows"][table.name] = extra.get("rows")
    return found


def last_seen(date: str) -> str:
    """The last run that has released the date, or has found nothing new in it."""
    row = runs.newest_run(open_ops(Settings.from_environ().ops_database), date, SEEN)
    if row is None:
        raise AirflowFailException(
            f"no run has released {date}: its night is held, has failed or has not run yet"
        )
    return str(row["run"])
