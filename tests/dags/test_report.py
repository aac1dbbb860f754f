"""The DAG that writes the reports of nights down, by hand and as the scheduler starts it."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from nightshelf.lakehouse.catalog import ensure_tables, open_catalog
from nightshelf.names import NIGHTLY, REPORT, SHELF
from nightshelf.ops import runs
from nightshelf.ops.database import open_ops
from nightshelf.settings import Settings


@pytest.fixture
def dag(dags):
    found = dags[REPORT]
    for task in found.tasks:
        task.retries = 0
    return found


@pytest.fixture
def settings(monkeypatch, tmp_path):
    """A home of their own: nights of other tests are no concern of these."""
    monkeypatch.setenv("NIGHTSHELF_HOME", str(tmp_path / "nightshelf"))
    found = Settings.from_environ()
    ensure_tables(open_catalog(found), {})
    return found


def night(settings, date, run, hour, state=runs.RELEASED):
    ops = open_ops(settings.ops_database)
    runs.open_run(ops, run, date=date, step="release", now=datetime(2026, 3, 2, hour, tzinfo=UTC))
    runs.update_run(ops, run, state=state)


def kept(settings, date):
    return settings.home / "reports" / f"{date}.html"


def test_it_is_one_task_that_the_tables_of_a_night_start(dags, dag):
    assert list(dag.task_dict) == ["write"]
    waits_for = dag.schedule.asset_condition.objects
    assert sorted(one.name for one in waits_for) == sorted(SHELF)
    assert list(waits_for) == dags[NIGHTLY].get_task("release").outlets
    assert (dag.max_active_runs, dag.catchup, dag.is_paused_upon_creation) == (1, False, False)


@pytest.mark.parametrize(
    "word", ["Safe to run again", "if this fails", "Partition Key", "reports/DATE.html"]
)
def test_its_docstring_is_the_manual_of_operations(dag, word):
    assert word.lower() in dag.doc_md.lower()


def test_by_hand_it_takes_the_last_night_that_readers_see(dag, settings, capfd):
    night(settings, "2026-03-01", "n1", 1)
    night(settings, "2026-03-01", "n2", 2, runs.UNCHANGED)
    night(settings, "2026-03-01", "n3", 3, runs.HELD)
    assert dag.test(run_conf={"date": "2026-03-01"}).state == "success", "".join(capfd.readouterr())
    file = kept(settings, "2026-03-01")
    assert 'run <bdi class="id">n2</bdi>' in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_date_that_nobody_has_released_fails_in_words(dag, settings, capfd):
    night(settings, "2026-03-04", "n9", 1, runs.FAILED)
    assert dag.test(run_conf={"date": "2026-03-04"}).state == "failed"
    assert "no run has released 2026-03-04" in "".join(capfd.readouterr())
    assert not kept(settings, "2026-03-04").exists()


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ({}, {"rows": {}}),
        ({SHELF[0]: [("n1", 5), ("n2", 7)]}, {"run": "n2", "rows": {SHELF[0]: 7}}),
        (
            {SHELF[0]: [("n2", 7)], SHELF[1]: [("n2", None)]},
            {"run": "n2", "rows": {SHELF[0]: 7, SHELF[1]: None}},
        ),
    ],
)
def test_what_events_tell(dag, events, told):
    from common.assets import SHELF_TABLES
    from common.report import told_by

    by_name = {table.name: table for table in SHELF_TABLES}
    found = {
        by_name[name]: [SimpleNamespace(extra={"run": run, "rows": rows}) for run, rows in of_it]
        for name, of_it in events.items()
    }
    assert told_by({"triggering_asset_events": found}) == told


def tell(session, keys, run):
    """As the last task of `nightly` does: an event of each table."""
    from airflow.assets.manager import AssetManager
    from airflow.models.asset import AssetModel
    from sqlalchemy import select

    for asset in session.scalars(select(AssetModel).where(AssetModel.name.in_(SHELF))).all():
        extra = {"run": run, "date": keys[0], "release": 1, "rows": 12}
        AssetManager.register_asset_change(
            asset=asset, extra=extra, session=session, partition_key=keys[-1]
        )
    session.commit()


def started(session):
    """What the scheduler starts for the events that are there."""
    from airflow.jobs.job import Job
    from airflow.jobs.scheduler_job_runner import SchedulerJobRunner

    job = Job()
    session.add(job)
    session.flush()
    runner = SchedulerJobRunner(job)
    runner._create_dagruns_for_partitioned_asset_dags(session=session)
    session.commit()


def test_the_release_of_a_night_starts_one_run_for_its_date(dag, settings, capfd):
    from airflow.models.dagrun import DagRun
    from airflow.sdk.definitions.dag import _run_task
    from airflow.utils.session import create_session
    from sqlalchemy import select

    night(settings, "2026-03-06", "n6", 1)
    # Writes the DAGs and their assets into Airflow's database.
    dag.test(run_conf={"date": "2026-03-06"})
    night(settings, "2026-03-05", "n5", 1)
    night(settings, "2026-03-05", "later", 2)
    with create_session() as session:
        before = select(DagRun).where(DagRun.dag_id == REPORT, DagRun.partition_key.is_not(None))
        tell(session, ["2026-03-05"], "n5")
        # Of `reanswer`, whose runs have no date.
        tell(session, ["2026-03-05", None], "r1")
        started(session)
        [run] = session.scalars(before).all()
        assert (run.partition_key, len(run.consumed_asset_events)) == ("2026-03-05", len(SHELF))
        run.state = "running"
        session.commit()
        [task] = run.get_task_instances(session=session)
        result = _run_task(ti=task, task=dag.get_task("write"))
    printed = "".join(capfd.readouterr())
    assert result.ti.state == "success", printed
    assert f"{SHELF[0]}: 12 rows" in printed
    assert ">n5<" in kept(settings, "2026-03-05").read_text(encoding="utf-8")
