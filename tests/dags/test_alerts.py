"""Who is told what of a failed task."""

from types import SimpleNamespace

import pytest


@pytest.fixture
def alerts(dags):
    # Imported here: after the settings, from the folder of the DAGs.
    from common import alerts

    return alerts


def test_every_task_of_every_dag_tells(dags, alerts):
    tasks = [task for dag in dags.values() for task in dag.tasks]
    assert len(tasks) > 10
    assert {call for task in tasks for call in task.on_failure_callback} == {alerts.tell_failed}
    assert all(len(task.on_failure_callback) == 1 for task in tasks)


@pytest.mark.parametrize(
    ("key", "error", "text"),
    [
        ("2026-03-01", ValueError("it broke"), "nightly of 2026-03-01 failed in ask: it broke"),
        (None, None, "nightly failed in ask"),
    ],
)
def test_a_failed_task_is_named_with_its_date_and_reason(alerts, monkeypatch, key, error, text):
    told = []
    monkeypatch.setattr(alerts, "alert", lambda text, **about: told.append((text, about)) or "")
    task = SimpleNamespace(dag_id="nightly", run_id="manual__1", task_id="ask")
    run = SimpleNamespace(partition_key=key)
    alerts.tell_failed({"ti": task, "dag_run": run, "exception": error})
    about = {"dag": "nightly", "run": "manual__1", "task": "ask"}
    assert told == [(text, {**about, "date": key or "", "state": "failed"})]
