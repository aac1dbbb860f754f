"""The tasks from a shop's reviews to a model with figures; each is one command."""

from typing import Any

from airflow.sdk import BaseOperator

from common.params import words_of
from common.steps import NightshelfCommand, judge
from nightshelf.ops.runs import mark_of
from nightshelf.settings import Settings

#: A parameter of the DAG, and its flag: of the reviews, and of the training.
DATA = {
    "data": "--data",
    "rename": "--rename",
    "date_from": "--from",
    "date_to": "--to",
    "max_rows": "--most-rows",
}
RECIPE = {
    "question": "--question",
    "base": "--base",
    "classes": "--classes",
    "epochs": "--epochs",
    "minutes": "--minutes",
    "seed": "--seed",
    "max_tokens": "--max-tokens",
    "frozen_layers": "--frozen-layers",
}


def folder_of(context: Any) -> str:
    """Where this run's model lies: its own, so that clearing a task finds it again."""
    name = f"{context['params']['question']}{mark_of(context['run_id'])}"
    return str(Settings.from_environ().home.absolute() / "models" / name)


class TrainModel(BaseOperator, NightshelfCommand):
    """Trains, or says that this run has done so, and registers what it made."""

    def execute(self, context: Any) -> None:
        params = dict(context["params"])
        words = ["train", *words_of(params, DATA), *words_of(params, RECIPE), *self.more()]
        judge(self.task_id, self.run_command([*words, f"--out={folder_of(context)}", "--lifeline"]))

    def more(self) -> list[str]:
        return ["--keep"]

    def on_kill(self) -> None:
        self.stop()


class Prepare(TrainModel):
    """Reads and cleans the reviews and finds the base, so that what is wrong is said at once."""

    def more(self) -> list[str]:
        return ["--keep", "--check"]


class CompareModels(BaseOperator, NightshelfCommand):
    """The active model, or the sentiment head where there is none, beside the new one."""

    def execute(self, context: Any) -> None:
        params = dict(context["params"])
        if params["golden"]:
            params = {"data": params["golden"], "rename": params["rename"]}
        question = f"--question={context['params']['question']}"
        words = ["models", "compare", "active", folder_of(context), question, "--lifeline"]
        judge("compare", self.run_command([*words, *words_of(params, DATA)]))

    def on_kill(self) -> None:
        self.stop()
