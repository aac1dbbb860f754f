"""What a report is made of: a run's row, its steps and waves, the lake; read, never written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from nightshelf.answers.status import FAILED
from nightshelf.lakehouse.catalog import open_catalog
from nightshelf.lakehouse.release import Release, releases
from nightshelf.ops import runs, steps
from nightshelf.settings import Settings

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog

#: Rows that a page of a sample may have.
MOST_ROWS = 200


@dataclass(frozen=True)
class Page:
    """Which of the rejected rows are shown: `rows` of them from `offset`, of one reason or file."""

    offset: int = 0
    rows: int = 20
    reason: str | None = None
    file: str | None = None

    @property
    def limit(self) -> int:
        return max(0, min(self.rows, MOST_ROWS))

    @property
    def start(self) -> int:
        return max(0, self.offset)

    @property
    def is_narrowed(self) -> bool:
        return self.reason is not None or self.file is not None


@dataclass(frozen=True)
class Source:
    """Of one run; what several sections need is read once."""

    settings: Settings
    ops: sa.Engine
    row: runs.Row
    page: Page = field(default_factory=Page)

    @property
    def run(self) -> str:
        return str(self.row["run"])

    @property
    def dates(self) -> list[str]:
        """Landing dates; none of a run that answers published rows again."""
        return sorted(self.row["dates"] or {})

    @property
    def assembled(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.row["assembled"] or {}
        return found

    @cached_property
    def catalog(self) -> "Catalog":
        return open_catalog(self.settings)

    @cached_property
    def releases(self) -> Sequence[Release]:
        return releases(self.catalog)

    @cached_property
    def steps(self) -> Sequence[runs.Row]:
        return steps.steps_of(self.ops, self.run)

    @cached_property
    def waves(self) -> Sequence[runs.Row]:
        return runs.waves_of(self.ops, self.run)

    @property
    def failed_rows(self) -> int:
        """Of the current rows that it has assembled, those that show a failure."""
        ends = self.assembled.get("ends") or {}
        return sum(int(one.get(FAILED) or 0) for one in ends.values())
