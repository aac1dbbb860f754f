"""A home with a lake in it, on one database; states of it are kept and gone back to."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.faults.databases import Database, opened
from nightshelf.host.folder import HostFolder
from nightshelf.host.start import stop_hosts
from nightshelf.night.context import Context
from nightshelf.services.configuration import of_settings
from nightshelf.settings import Settings

#: The same for all: their keys can be compared.
_SECRET = "5e" * 32
#: The second date of the shop asks three waves of these.
WAVE_ROWS = 16


@dataclass
class Lake:
    """The home has one path for good, since Iceberg's metadata names files by their paths."""

    folder: Path
    database: Database
    changed: Mapping[str, object] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def settings(self) -> Settings:
        fake: dict[str, object] = {
            "encoder": "fake:8",
            "generator": "off",
            "sentiment_head": "fake",
            "wave_rows": WAVE_ROWS,
        }
        # A shop of so few rows drifts by chance.
        fake["max_label_drift"] = 1.0
        uri = self.database.uri
        return replace(
            Settings.from_environ(),
            home=self.home,
            catalog_uri=uri,
            ops_uri=uri,
            **{**fake, **self.changed},  # type: ignore[arg-type]
        )

    @property
    def environ(self) -> dict[str, str]:
        """For a real command."""
        return of_settings(self.settings)

    def context(self, clock: "Clock | None" = None, lines: list[str] | None = None) -> Context:
        """Opened anew by each child that works on the lake."""
        said = [] if lines is None else lines
        return Context(self.settings, clock or Clock(), said.append)

    def clear(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)
        (self.home / "lake").mkdir(parents=True)
        (self.home / "lake" / "secret").write_text(_SECRET)
        self.database.clear()

    def keep(self, state: str) -> None:
        kept = self._kept(state)
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(self.home, kept, symlinks=True)
        self.database.keep(state)

    def go_back(self, state: str) -> None:
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(self._kept(state), self.home, symlinks=True)
        self.database.go_back(state)

    def _kept(self, state: str) -> Path:
        return self.folder / "states" / state


@dataclass
class Clock:
    """A second on at each look; `step` moves it at the look `at`, as a clock that is set."""

    now: datetime = datetime(2026, 3, 10, tzinfo=UTC)
    step: timedelta = timedelta()
    at: int = 0
    looks: int = 0

    def __call__(self) -> datetime:
        self.looks += 1
        self.now += timedelta(seconds=1)
        return self.now + (self.step if self.at and self.looks >= self.at else timedelta())


@contextmanager
def lake_on(database: str, folder: Path, **changed: object) -> Iterator[Lake]:
    place = folder / database
    with opened(database, place) as running:
        lake = Lake(place, running, changed)
        lake.clear()
        try:
            yield lake
        finally:
            stop_hosts(HostFolder.of(lake.home))
            shutil.rmtree(place, ignore_errors=True)
