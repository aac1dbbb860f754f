"""The tasks of a run that answers published rows again."""

from typing import Any

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowSkipException

from common.params import words_of
from common.steps import NightshelfCommand, judge

#: A parameter of the DAG, and the flag that it is on the command line.
FLAGS = {
    "question": "--question",
    "by": "--by",
    "model_is_not": "--model-is-not",
    "prompt_is_not": "--prompt-is-not",
    "date_from": "--from",
    "date_to": "--to",
    "category": "--category",
    "product_ids": "--product-id",
    "failed_with_reason": "--reason",
    "most_rows": "--most-rows",
    "most_tokens": "--most-tokens",
}


def flags(params: dict[str, Any]) -> list[str]:
    """
    What the parameters are on the command line, which is dry unless it is told otherwise.

    >>> flags({"question": "sentiment", "product_ids": ["p1", "--yes"], "dry_run": False})
    ['--question=sentiment', '--product-id=p1', '--product-id=--yes', '--yes']
    """
    words = words_of(params, FLAGS)
    return words if params["dry_run"] else [*words, "--yes"]


class ChooseRows(BaseOperator, NightshelfCommand):
    """Says which published rows are chosen; unless the run is dry, they are its from here on."""

    def execute(self, context: Any) -> None:
        words = ["reanswer", *flags(dict(context["params"])), "--origin", context["run_id"]]
        judge("choose", self.run_command([*words, "--lifeline"]))

    def on_kill(self) -> None:
        self.stop()


class AgainStep(BaseOperator, NightshelfCommand):
    """One step on the chosen rows; a dry run has none."""

    def __init__(self, *, step: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.step = step

    def execute(self, context: Any) -> None:
        if context["params"]["dry_run"]:
            raise AirflowSkipException("a dry run: the log of `choose` says what it would do")
        words = ["step", self.step, "--origin", context["run_id"], "--lifeline"]
        judge(self.step, self.run_command(words))

    def on_kill(self) -> None:
        self.stop()
