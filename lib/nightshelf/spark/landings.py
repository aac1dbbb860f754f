"""The files that a run reads, and those that cannot be read at all."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nightshelf.contracts import CONTRACTS
from nightshelf.ingest.file_check import check_file
from nightshelf.landing.ready import LandedFile


@dataclass(frozen=True)
class Landing:
    """One data set of one date: `date` as YYYY-MM-DD, `mode` for a catalog."""

    dataset: str
    date: str
    mode: str | None
    files: Sequence[LandedFile]


@dataclass(frozen=True)
class CheckedFile:
    """`reason` is null where the file can be read; `rows` as its footer says."""

    date: str
    name: str
    path: Path
    rows: int
    field: str | None
    reason: str | None


@dataclass(frozen=True)
class Listing:
    dataset: str
    landings: Sequence[Landing]
    files: Sequence[CheckedFile]

    @property
    def readable(self) -> list[CheckedFile]:
        return [file for file in self.files if file.reason is None]

    @property
    def refused(self) -> list[CheckedFile]:
        return [file for file in self.files if file.reason is not None]

    def account(self, landing: Landing, broken: Set[tuple[str, str]]) -> dict[str, object]:
        """What came, counted from the files alone; `broken` names (date, file) found damaged."""
        here = [file for file in self.files if file.date == landing.date]
        good = [f for f in here if f.reason is None and (f.date, f.name) not in broken]
        return {
            "dataset": self.dataset,
            "landing_date": date.fromisoformat(landing.date),
            "mode": landing.mode,
            "files": len(here),
            "files_rejected": len(here) - len(good),
            "rows_read": sum(file.rows for file in good),
        }


def list_files(landings: Sequence[Landing], dataset: str) -> Listing:
    """Open each file's footer; nothing of its rows is read."""
    checked = []
    for landing in landings:
        for file in landing.files:
            found = check_file(file.path, CONTRACTS[dataset])
            checked.append(
                CheckedFile(
                    date=landing.date,
                    name=file.name,
                    path=file.path,
                    rows=found.rows,
                    field=found.field,
                    reason=found.reason,
                )
            )
    return Listing(dataset, landings, checked)
