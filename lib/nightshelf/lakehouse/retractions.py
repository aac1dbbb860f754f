"""Runs whose answers do not count any more: nothing is deleted, and no reader takes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyiceberg.expressions import And, BooleanExpression, EqualTo, LessThanOrEqual

from nightshelf.errors import NightshelfError
from nightshelf.lakehouse.catalog import ensure_tables, local_name, rows_of
from nightshelf.lakehouse.release import releases
from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import ANSWERS, BESIDE_ANSWERS, RETRACTIONS

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog


@dataclass(frozen=True)
class Affected:
    """Rows by table: answers that no longer count, and what readers see of them now."""

    answers: Mapping[str, int]
    published: Mapping[str, int]
    dates: tuple[str, ...]


def rows(shelf: str) -> str:
    """SQL: published rows that show an answer which was retracted."""
    return f"""SELECT s.* FROM {shelf} s LEFT SEMI JOIN {RETRACTIONS} r
        ON r.run = s.run AND s.wave <= r.last_wave"""


def affected(catalog: "Catalog", run: str, last_wave: int) -> Affected:
    """What retracting the run's waves up to `last_wave` touches; product_insight not counted."""
    ensure_tables(catalog, {})
    wanted = _of_run(run, last_wave)
    answers = {
        table: catalog.load_table(table).scan(wanted).count() for table in _answers_tables(catalog)
    }
    published: dict[str, int] = {}
    dates: set[str] = set()
    newest = releases(catalog)[-1:]
    for table, snapshot in newest[0].tables.items() if newest else ():
        loaded = catalog.load_table(local_name(table))
        columns = {field.name for field in loaded.schema().fields}
        if "wave" not in columns:
            continue
        scan = loaded.scan(wanted, selected_fields=("landing_date",), snapshot_id=snapshot)
        found = scan.to_arrow()["landing_date"].to_pylist()
        published[table] = len(found)
        dates |= {day.isoformat() for day in found}
    return Affected(_counted(answers), _counted(published), tuple(sorted(dates)))


def retract(catalog: "Catalog", row: Mapping[str, Any]) -> None:
    """Commit the retraction: `run`, `last_wave`, `who`, `reason`, `retracted_at`."""
    table = catalog.load_table(local_name(RETRACTIONS))
    table.append(pa.Table.from_pylist([dict(row)], schema=TABLES[RETRACTIONS].schema))


def unretract(catalog: "Catalog", run: str) -> datetime:
    """Let the run's answers count again; return when they were retracted."""
    ensure_tables(catalog, {})
    known = [one for one in rows_of(catalog, RETRACTIONS).to_pylist() if one["run"] == run]
    if not known:
        raise NightshelfError(f"no answers of a run {run} are retracted")
    catalog.load_table(local_name(RETRACTIONS)).delete(_equal("run", run))
    at: datetime = known[-1]["retracted_at"]
    return at


def _answers_tables(catalog: "Catalog") -> list[str]:
    found = [".".join(one) for one in catalog.list_tables(local_name(ANSWERS))]
    return sorted(set(found) - {local_name(one) for one in BESIDE_ANSWERS})


def _counted(counts: Mapping[str, int]) -> dict[str, int]:
    return {table: count for table, count in counts.items() if count}


def _of_run(run: str, last_wave: int) -> BooleanExpression:
    # Their signatures are only known when they run.
    until = LessThanOrEqual("wave", last_wave)  # type: ignore[call-arg,arg-type]
    return And(_equal("run", run), until)


def _equal(field: str, value: str) -> BooleanExpression:
    return EqualTo(field, value)  # type: ignore[call-arg,arg-type]
