"""The task that lets a held release pass, in the name of whoever triggered its run."""

from typing import Any

from airflow.sdk import BaseOperator

from common.steps import NightshelfCommand, judge


class Approve(BaseOperator, NightshelfCommand):
    """Runs `nightshelf approve`; Airflow itself has noted who triggered the run."""

    def execute(self, context: Any) -> None:
        run, reason = context["params"]["run"], context["params"]["reason"]
        who = context["dag_run"].triggering_user_name or "airflow"
        # One word each, so that no value is taken for a flag.
        words = ["approve", f"--reason={reason}", f"--by={who}", "--lifeline", "--", run]
        judge(f"approving {run}", self.run_command(words))

    def on_kill(self) -> None:
        self.stop()
