"""One Spark session for all tests here; each test has a lake of its own."""

import json
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nightshelf.contracts import CONTRACTS
from nightshelf.errors import AuditError
from nightshelf.lakehouse.read import read_table
from nightshelf.lakehouse.release import releases
from nightshelf.landing.dates import parse_date
from nightshelf.landing.land import land
from nightshelf.landing.withdraw import withdraw
from nightshelf.names import SHELF
from nightshelf.night.ask import ask
from nightshelf.night.assemble import assemble_and_audit
from nightshelf.night.context import Context
from nightshelf.night.ingest import ingest_and_plan
from nightshelf.night.lease import date_lease, give_back
from nightshelf.night.publish import publish_run
from nightshelf.ops import runs
from nightshelf.services.jars import jar_paths
from nightshelf.settings import Settings
from nightshelf.spark.conf import CATALOG, spark_conf
from nightshelf.spark.session import open_session


def pytest_collection_modifyitems(items):
    for item in items:
        # py4j leaves its sockets to the garbage collector.
        item.add_marker(pytest.mark.filterwarnings("ignore:.*unclosed:ResourceWarning"))
        item.add_marker(
            pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
        )
        item.add_marker(pytest.mark.spark)


FAKE = Settings(encoder="fake:8", sentiment_head="fake")


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    home = tmp_path_factory.mktemp("spark")
    settings = replace(Settings.from_environ(), home=home)
    conf = spark_conf(settings, jar_paths(settings.jars))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        with open_session("nightshelf tests", conf) as session:
            yield session


@dataclass
class Shop:
    """A lake and a landing folder; nights run in this process, as the jobs would run them."""

    session: object
    settings: Settings
    now: datetime = datetime(2026, 3, 10, tzinfo=UTC)
    lines: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.session = self.session.newSession()
        for key, value in spark_conf(self.settings, []).items():
            if key.startswith(CATALOG):
                self.session.conf.set(key, value)
        self.context = Context(self.settings, self.clock, self.lines.append)

    def clock(self):
        self.now += timedelta(seconds=1)
        return self.now

    def land(self, dataset, rows, date, *, name="f", mode=None):
        """Rows as JSON Lines, a dict a row; text is taken as a line of the file."""
        source = self.settings.home / "delivered" / f"{name}.jsonl"
        source.parent.mkdir(parents=True, exist_ok=True)
        fields = CONTRACTS[dataset].schema.names
        # A first row that is dropped would cost a row number; every column is named in each row.
        lines = [r if isinstance(r, str) else json.dumps(dict.fromkeys(fields) | r) for r in rows]
        source.write_text("".join(f"{line}\n" for line in lines))
        mode = mode or ("snapshot" if dataset == "catalog" else None)
        land(self.settings.landing, dataset, [source], parse_date(date), rename={}, mode=mode)

    def withdraw(self, dataset, date, name="f"):
        withdraw(self.settings.landing, dataset, [f"{name}.parquet"], parse_date(date))

    def start(self, date, run):
        runs.open_run(self.context.ops, run, date=date, step="ingest", now=self.clock())
        ingest_and_plan(self.session, self.context, run)

    def ask(self, run):
        ask(self.session, self.context, run)

    def finish(self, run):
        assemble_and_audit(self.session, self.context, run)
        publish_run(self.context, run)
        self.give_back(run)

    def give_back(self, run):
        dates = runs.read_run(self.context.ops, run)["dates"]
        give_back(self.context, run, [date_lease(day) for day in dates])

    def night(self, date, run=None):
        """The run's row in the operations database, once it has ended."""
        run = run or f"n{date[-2:]}_{len(runs.recent_runs(self.context.ops))}"
        self.start(date, run)
        self.ask(run)
        try:
            self.finish(run)
        except AuditError:
            runs.settle_files(self.context.ops, run)
            self.give_back(run)
            raise
        return runs.read_run(self.context.ops, run)

    def rows(self, table, release=None):
        return read_table(self.context.catalog, table, release)[0].to_arrow()

    def content(self):
        """All that readers see, but for who computed it when."""
        found = {}
        for table in SHELF:
            rows = self.rows(table)
            kept = rows.drop_columns([c for c in ("run", "wave") if c in rows.column_names])
            found[table] = sorted(map(repr, kept.to_pylist()))
        return found

    def sentiment(self):
        """review id -> (label, landing day), as published."""
        rows = self.rows("review_sentiment").to_pylist()
        assert len(rows) == len({row["review_id"] for row in rows})
        return {row["review_id"]: (row["label"], row["landing_date"].day) for row in rows}

    def releases(self):
        return releases(self.context.catalog)


@pytest.fixture
def new_shop(spark, tmp_path):
    """Makes shops that share one secret, so that their keys can be compared."""

    def make(name="shop", **changed):
        home: Path = tmp_path / name
        (home / "lake").mkdir(parents=True)
        (home / "lake" / "secret").write_text("5e" * 32)
        return Shop(spark, replace(FAKE, home=home, **changed))

    return make


@pytest.fixture
def shop(new_shop):
    return new_shop()
