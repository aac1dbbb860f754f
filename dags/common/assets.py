"""The published tables, as Airflow's assets, and what their events say."""

from collections.abc import Iterable
from typing import Any

from airflow.sdk import Asset

from common.steps import run_of
from nightshelf.names import SHELF
from nightshelf.ops import runs
from nightshelf.ops.database import open_ops
from nightshelf.settings import Settings

SHELF_TABLES = [Asset(name=table, uri=f"nightshelf://{table.replace('.', '/')}") for table in SHELF]


def tell_assets(context: Any, tables: Iterable[Asset]) -> None:
    """Each table's event says by which run and release it is, and how many rows it has."""
    tables = list(tables)
    if not tables:
        return
    row = runs.read_run(open_ops(Settings.from_environ().ops_database), run_of(context))
    said = {"run": row["run"], "date": row["date"], "release": row["release"]}
    for table in tables:
        # None: no question of this night fills the table.
        rows = row["assembled"]["rows"].get(table.name)
        context["outlet_events"][table].extra = {**said, "rows": rows}
