"""What is told when a task has failed for good, or waits for a person."""

from typing import Any

from nightshelf.services.alerts import alert


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
