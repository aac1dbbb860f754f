"""A real Airflow with its own PostgreSQL: a backfill of two dates, then two runs of one at once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nightshelf.contracts import DELETE
from nightshelf.lakehouse.catalog import open_catalog
from nightshelf.lakehouse.read import read_table
from nightshelf.lakehouse.release import release_numbered, releases
from nightshelf.landing.dates import parse_date
from nightshelf.landing.land import land
from nightshelf.names import NIGHTLY
from nightshelf.ops import runs
from nightshelf.ops.database import open_ops
from nightshelf.sample_shop.planted import BROKEN
from nightshelf.sample_shop.shop import DELIVERIES, NIGHT_ONE, NIGHT_TWO
from nightshelf.services import airflow, processes
from nightshelf.services.ports import is_free
from nightshelf.settings import Settings, process_environ

REPO = Path(__file__).parents[2]
PATIENCE = 1200.0


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    port = next(port for port in range(18080, 18180) if is_free(port))
    fake = Settings(encoder="fake:8", sentiment_head="fake", generator="off", airflow_port=port)
    return replace(fake, home=home, jars=Settings.from_environ().jars)


@pytest.fixture(scope="module")
def client(settings):
    for one in DELIVERIES:
        day = parse_date(one.date)
        land(settings.landing, one.dataset, [one.file], day, rename=one.rename, mode=one.mode)
    environ: Mapping[str, str] = process_environ()
    running = airflow.up(settings, REPO, environ, lambda line: None)
    try:
        client = running.client()
        client.set_paused(NIGHTLY, paused=False)
        yield client
    finally:
        airflow.down(settings, lambda line: None)
    assert processes.marked(str(running.place.home)) == []


def content(settings):
    catalog = open_catalog(settings)
    found = {}
    for table in release_numbered(catalog, None).tables:
        rows = read_table(catalog, table, None)[0].to_arrow()
        kept = rows.drop_columns([c for c in ("run", "wave") if c in rows.column_names])
        found[table] = sorted(map(repr, kept.to_pylist()))
    return found


def version_order(row):
    end_of_day = f"{row['landing_date']}T23:59:59"
    at = row["created_at"].isoformat()[:19] if row["created_at"] else end_of_day
    return (at, row["landing_date"], row["row"])


def test_two_dates_in_one_backfill_end_green(client, settings):
    dates = (date.fromisoformat(NIGHT_ONE), date.fromisoformat(NIGHT_TWO))
    backfill = client.backfill(NIGHTLY, dates, max_active_runs=2)
    states = client.wait_for_backfill(backfill, PATIENCE)
    assert states == {NIGHT_ONE: "success", NIGHT_TWO: "success"}
    catalog = open_catalog(settings)
    released = {day for one in releases(catalog) for day in one.dates}
    assert released == {NIGHT_ONE, NIGHT_TWO}
    published = read_table(catalog, "review_sentiment", None)[0].to_arrow()["review_id"].to_pylist()
    accepted = read_table(catalog, "review_versions", None)[0].to_arrow().to_pylist()
    # The newest version of an id by its own time; the sample shop gives one in every row.
    newest = {row["review_id"]: row["op"] for row in sorted(accepted, key=version_order)}
    assert sorted(published) == sorted(key for key, op in newest.items() if op != DELETE)
    assert len(accepted) + sum(row.dataset == "reviews" for row in BROKEN) == 600


@pytest.mark.more
def test_two_runs_of_one_date_at_once_ask_nothing_and_change_nothing(client, settings):
    before = content(settings)
    started = [client.trigger(NIGHTLY, partition_key=NIGHT_TWO) for _ in range(2)]
    assert [client.wait(NIGHTLY, run, PATIENCE) for run in started] == ["success", "success"]
    assert content(settings) == before
    last_two = runs.recent_runs(open_ops(settings.ops_database), limit=2)
    assert [(row["state"], row["asked"]["texts"]) for row in last_two] == [("unchanged", 0)] * 2


def test_a_date_without_input_says_that_it_is_missing(client):
    run = client.trigger(NIGHTLY, partition_key="2026-02-01")
    assert client.wait(NIGHTLY, run, PATIENCE) == "failed"
    log = client.log(NIGHTLY, run, "ready")
    assert "input for 2026-02-01 is missing" in log
