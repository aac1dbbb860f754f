"""One Spark session for all tests here; each test has a lake of its own."""

import json
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from nightshelf.contracts import CONTRACTS
from nightshelf.errors import AuditError, NightshelfError
from nightshelf.lakehouse.read import read_table
from nightshelf.lakehouse.release import releases
from nightshelf.landing.dates import parse_date
from nightshelf.landing.land import land
from nightshelf.landing.withdraw import withdraw
from nightshelf.night import reanswer
from nightshelf.night.activation import carry_out, changes, preview
from nightshelf.night.ask import ask
from nightshelf.night.assemble import assemble_and_audit
from nightshelf.night.choose import choose
from nightshelf.night.context import Context
from nightshelf.night.ingest import ingest_and_plan
from nightshelf.night.lease import date_lease, give_back
from nightshelf.night.publish import publish_run
from nightshelf.night.reanswer import Order, run_order
from nightshelf.night.wanted import selection_of
from nightshelf.ops import runs
from nightshelf.services.jars import jar_paths
from nightshelf.settings import Settings
from nightshelf.spark.conf import CATALOG, spark_conf
from nightshelf.spark.session import open_session

#: Of files whose tests take an hour together, what every run looks at; `make test-more` runs the
#: others.
IN_EVERY_RUN = {
    "test_approve.py": {
        "test_what_was_audited_is_released_with_who_let_it_pass_and_why",
    },
    "test_asking.py": {
        "test_shards_are_equally_long",
        "test_a_killed_host_costs_one_text_and_the_wave_says_so",
        "test_a_broken_model_ends_the_run_with_the_reason",
    },
    "test_audit.py": {
        "test_broken_answers_hold_the_release_and_each_is_named",
        "test_breaches_of_the_accounting_identity_hold_the_release_and_are_named",
        "test_readers_see_the_last_release_while_one_is_held",
    },
    "test_classifiers.py": {"test_they_are_asked_published_and_signed"},
    "test_descriptions.py": {"test_a_description_costs_only_what_changed_and_is_proved"},
    "test_gpus.py": set(),
    "test_maintenance.py": {
        "test_kept_releases_read_as_before_and_the_lake_is_smaller",
        "test_conflicts_are_tried_again_and_other_errors_are_not",
    },
    "test_models.py": {"test_sentiment_mixes_and_each_row_says_who_answered"},
    "test_night.py": {
        "test_a_night_publishes_each_review_once_and_signs_every_row",
        "test_a_poison_row_ends_as_a_failure_and_its_neighbours_are_answered",
        "test_a_rerun_after_some_waves_asks_only_what_is_missing",
        "test_insight_counts_shares_and_trend",
        "test_the_same_night_again_asks_nothing_and_releases_nothing_new",
    },
    "test_plan.py": {
        "test_over_a_cap_no_model_starts_and_the_message_says_what_would_fit",
        "test_what_is_left_out_is_deferred_and_comes_first_in_the_next_night",
    },
    "test_reanswer.py": {"test_failures_are_asked_again_by_their_reason"},
    "test_remote_descriptions.py": {"test_a_server_s_drafts_are_judged_and_kept"},
    "test_retract.py": set(),
    "test_upkeep_on_postgres.py": set(),
    "test_versions.py": {
        "test_an_edited_review_is_published_once_and_a_deleted_one_is_gone",
        "test_the_next_night_runs_earlier_dates_whose_files_changed",
    },
}


def pytest_collection_modifyitems(items):
    for item in items:
        if item.function.__name__ not in IN_EVERY_RUN.get(item.path.name, {item.function.__name__}):
            item.add_marker(pytest.mark.more)
        # py4j leaves its sockets to the garbage collector.
        item.add_marker(pytest.mark.filterwarnings("ignore:.*unclosed:ResourceWarning"))
        item.add_marker(
            pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
        )
        item.add_marker(pytest.mark.spark)


FAKE = Settings(encoder="fake:8", sentiment_head="fake", generator="off")


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    home = tmp_path_factory.mktemp("spark")
    # These nights run for long enough for the best code to be worth compiling.
    java = "-XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC"
    settings = replace(Settings.from_environ(), home=home, spark_java_options=java)
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

    def named(self, **changed):
        """The same lake with other settings."""
        # Ahead of us, so that no two runs of both begin at one moment.
        self.now += timedelta(hours=1)
        return Shop(self.session, replace(self.settings, **changed), self.now, self.lines)

    @contextmanager
    def in_this_session(self):
        """Commands do their Spark parts here, with a job's exit codes."""
        works = {"choose": choose, "ask": ask, "assemble": assemble_and_audit}

        def job(run, step):
            try:
                works[step](self.session, self.context, run)
            except NightshelfError as error:
                runs.update_run(self.context.ops, run, error=str(error))
                return error.exit_code
            return 0

        @contextmanager
        def session(context, scope, run, environ):
            yield partial(job, run)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reanswer, "in_one_session", session)
            yield

    def reanswer(self, question, *, is_dry=False, **words):
        """The run's row, once it has ended; steps, leases and outcome as the command has them."""
        selection = selection_of(self.context, {"question": question, **words})
        origin = f"{question} {self.clock()}"
        order = Order(selection=selection, origin=origin, who="ann", is_dry=is_dry)
        with self.in_this_session():
            run = run_order(self.context, order, {})
        return runs.read_run(self.context.ops, run)

    def activate(self, question=None, version=None, *, yes=True):
        wanted = changes(self.context, question, version)
        with self.in_this_session():
            (carry_out if yes else preview)(self.context, wanted, "ann", {})

    def rows(self, table, release=None):
        return read_table(self.context.catalog, table, release)[0].to_arrow()

    def content(self):
        """All that readers see, but for who computed it when."""
        found = {}
        for table in self.releases()[-1].tables:
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
        (home / "lake").mkdir(parents=True, exist_ok=True)
        (home / "lake" / "secret").write_text("5e" * 32)
        return Shop(spark, replace(FAKE, home=home, **changed))

    return make


@pytest.fixture
def shop(new_shop):
    return new_shop()
