"""The links of a night's task, as Airflow's own API tells them."""

import pytest
from tests.dags.test_seat import api, login  # noqa: F401  the fixtures

from nightshelf.names import NIGHTLY
from nightshelf.night.context import utc_now
from nightshelf.night.step import run_name
from nightshelf.ops import runs, steps
from nightshelf.ops.database import open_ops
from nightshelf.settings import Settings


@pytest.fixture
def links(api, login, dags):  # noqa: F811  the fixtures
    """A run that has no date: its first task fails at once."""
    for task in dags[NIGHTLY].tasks:
        task.retries = 0
    origin = dags[NIGHTLY].test(run_conf={"date": None}).run_id

    def ask(task):
        path = f"/api/v2/dags/{NIGHTLY}/dagRuns/{origin}/taskInstances/{task}/links"
        return api.get(path, headers=login("viewer")).json()["extra_links"]

    return origin, ask


def test_a_task_leads_to_the_report_and_to_spark_once_there_is_something_to_see(links):
    origin, ask = links
    assert ask("ingest") == {"Run report": None, "Spark UI": None}
    ops, run = open_ops(Settings.from_environ().ops_database), run_name("2026-03-01", origin)
    runs.open_run(ops, run, date="2026-03-01", step="ingest", now=utc_now())
    steps.open_step(ops, run, "ingest", now=utc_now())
    steps.note_spark_ui(ops, run, "http://127.0.0.1:4040")
    report = f"/nightshelf/runs/{run}/report"
    assert ask("ingest") == {"Run report": report, "Spark UI": "http://127.0.0.1:4040"}
    assert ask("ask") == {"Run report": report, "Spark UI": None}
