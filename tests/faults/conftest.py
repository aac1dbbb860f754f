"""Nights as real processes that real signals end."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from nightshelf.host.folder import HostFolder
from nightshelf.host.start import stop_hosts
from nightshelf.lakehouse.catalog import open_catalog
from nightshelf.lakehouse.read import read_table
from nightshelf.lakehouse.release import releases
from nightshelf.landing.dates import parse_date
from nightshelf.landing.land import land
from nightshelf.night.submit import MARK
from nightshelf.ops.database import open_ops
from nightshelf.sample_shop.shop import DELIVERIES, NIGHT_ONE
from nightshelf.settings import Settings

NIGHTSHELF = Path(sys.executable).with_name("nightshelf")
FAKE = {
    "NIGHTSHELF_ENCODER": "fake:8",
    "NIGHTSHELF_SENTIMENT_HEAD": "fake",
    "NIGHTSHELF_GENERATOR": "off",
}


@dataclass
class Place:
    """A home with the sample shop's first night landed in it."""

    home: Path
    variables: Mapping[str, str]
    started: list[subprocess.Popen] = field(default_factory=list)

    @property
    def environ(self):
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("NIGHTSHELF_")}
        jars = {k: v for k, v in os.environ.items() if k == "NIGHTSHELF_JARS"}
        return {**inherited, **jars, **self.variables, "NIGHTSHELF_HOME": str(self.home)}

    @property
    def settings(self):
        return Settings.from_environ(
            {k: v for k, v in self.environ.items() if k.startswith("NIGHTSHELF_")}
        )

    def run(self, *words):
        done = subprocess.run(
            [NIGHTSHELF, *words], env=self.environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, *words):
        process = subprocess.Popen(
            [NIGHTSHELF, *words],
            env=self.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(process)
        return process

    def end(self):
        """Nothing that was started here lives on, nor do the pipes to it."""
        for process in self.jobs():
            process.kill()
        for process in self.started:
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()
        stop_hosts(HostFolder.of(self.home))

    def jobs(self):
        """The living processes of this home's jobs: JVM, driver and workers."""
        found = []
        for process in psutil.process_iter():
            try:
                mark = process.environ().get(MARK, "")
                alive = process.status() != psutil.STATUS_ZOMBIE
            except (psutil.NoSuchProcess, psutil.AccessDenied, OSError):
                continue
            if alive and mark.startswith(f"{self.home}|"):
                found.append(process)
        return found

    @staticmethod
    def until(holds: Callable[[], object], seconds=60.0):
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.1)

    @staticmethod
    def read_until(process, text):
        """Read the process's lines up to the first that has `text` in it."""
        lines = []
        for line in process.stdout:
            lines.append(line)
            if text in line:
                return
        raise AssertionError(f"{text!r} was never said:\n{''.join(lines)}")

    @property
    def catalog(self):
        return open_catalog(self.settings)

    @property
    def ops(self):
        return open_ops(self.settings.ops_database)

    def table(self, name):
        rows = read_table(self.catalog, name, None)[0].to_arrow()
        return rows.drop_columns([c for c in ("run", "wave") if c in rows.column_names])

    def content(self):
        """All that readers see, but for who computed it when."""
        tables = releases(self.catalog)[-1].tables
        return {name: sorted(map(repr, self.table(name).to_pylist())) for name in tables}


@pytest.fixture(scope="module")
def new_place(tmp_path_factory):
    places = []

    def make(name, **variables):
        place = Place(tmp_path_factory.mktemp(name) / "home", {**FAKE, **variables})
        (place.home / "lake").mkdir(parents=True)
        # One secret for all, so that their keys are the same.
        (place.home / "lake" / "secret").write_text("5e" * 32)
        for one in DELIVERIES:
            if one.date == NIGHT_ONE:
                land(
                    place.settings.landing,
                    one.dataset,
                    [one.file],
                    parse_date(one.date),
                    rename=one.rename,
                    mode=one.mode,
                )
        places.append(place)
        return place

    yield make
    for place in places:
        place.end()


def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))
