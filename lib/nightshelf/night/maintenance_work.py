"""What one maintenance works on, and the report of what it has done."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pyspark.sql import SparkSession

from nightshelf.names import ANSWERS, BESIDE_ANSWERS, RELEASES
from nightshelf.night.context import Context
from nightshelf.spark.upkeep import Size


@dataclass
class Work:
    """`done` counts by table; `left` are sentences on what the next maintenance has to do."""

    session: SparkSession
    context: Context
    run: str
    dry_run: bool
    now: datetime
    tables: list[str]
    done: dict[str, Counter[str]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    @property
    def shelf(self) -> list[str]:
        """The tables whose snapshots releases name."""
        return [t for t in self.tables if t.startswith("lake.shelf.") and t != RELEASES]

    @property
    def questions(self) -> list[str]:
        answers = [table for table in self.tables if table.startswith(f"{ANSWERS}.")]
        found = [table for table in answers if table not in BESIDE_ANSWERS]
        return [table.rpartition(".")[2] for table in found]

    def before(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def note(self, table: str, what: str, count: int) -> None:
        self.done.setdefault(table, Counter())[what] += count

    def report(self, before: Mapping[str, Size], after: Mapping[str, Size]) -> dict[str, object]:
        """
        As the operations database keeps it: `tables`, each with files and bytes `before` and
        `after` and counts of what was done; `left`; `bytes_freed` of tables that became smaller.
        """
        tables = {
            table: {"before": before[table]._asdict(), "after": after[table]._asdict()}
            | dict(self.done.get(table, {}))
            for table in self.tables
        }
        freed = sum(max(0, before[table].bytes - after[table].bytes) for table in self.tables)
        return {"tables": tables, "left": self.left, "bytes_freed": freed}
