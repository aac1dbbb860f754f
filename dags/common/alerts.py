"""What is told when a task has failed for good or waits for a person, or a night is late."""

from datetime import timedelta
from typing import Any

from airflow.sdk import AsyncCallback, DeadlineAlert, DeadlineReference

from nightshelf.names import NIGHTLY
from nightshelf.services.alerts import alert, late
from nightshelf.settings import Settings


def tell_failed(context: Any) -> None:
    """Airflow calls it in the task's process, after the last try."""
    tell(context, "failed", str(context.get("exception") or ""))


def tell(context: Any, state: str, why: str) -> None:
    """Of one task; `why` is one of our own sentences, never a row's text."""
    task, run = context["ti"], context["dag_run"]
    date = run.partition_key or ""
    text = " ".join(filter(None, (task.dag_id, "of" * bool(date), date, state, "in", task.task_id)))
    about = {"dag": task.dag_id, "run": task.run_id, "task": task.task_id}
    print(alert(f"{text}: {why}" if why else text, **about, date=date, state=state))


#: What the tasks of all our DAGs have in common.
OURS = {"owner": "nightshelf", "on_failure_callback": tell_failed}


def night_deadline() -> DeadlineAlert | None:
    """Shown as missed on the run's page, and told."""
    hours = Settings.from_environ().night_deadline_hours
    if not hours:
        return None
    said = {"text": f"a run of {NIGHTLY} is not done {hours:g} hours after it was due"}
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(hours=hours),
        callback=AsyncCallback(late, kwargs=said),
    )
