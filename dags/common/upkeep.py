"""Maintenance as an Airflow task: one command, its output in the task's log."""

from typing import Any

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from common.steps import FINAL, NightshelfCommand


class Maintenance(BaseOperator, NightshelfCommand):
    """Runs `nightshelf maintenance`, with the DAG run's parameters."""

    def execute(self, context: Any) -> None:
        dry_run = ["--dry-run"] if context["params"]["dry_run"] else []
        code = self.run_command(["maintenance", "--lifeline", *dry_run])
        if code in FINAL:
            raise AirflowFailException(f"maintenance stopped (exit {code}); the log says why")
        if code:
            raise AirflowException(f"maintenance failed (exit {code}); the log says why")

    def on_kill(self) -> None:
        self.stop()
