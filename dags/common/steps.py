"""A step of a night as an Airflow task: one command, its output in the task's log."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from airflow.sdk import BaseOperator, BaseSensorOperator
from airflow.sdk.exceptions import AirflowException, AirflowFailException

# Exit codes of lib/nightshelf/errors.py.
NOT_READY = 14
# Trying again cannot help: settings, contract, a held release, missing input, a wrong model, a plan
# over a cap.
FINAL = {10, 11, 12, 13, 17, 19}
# A person may let it pass: a release that the audit holds, a plan over a cap.
HELD = {12, 19}
_TERM_SECONDS = 60
# Of the parameter `over_cap`: what NIGHTSHELF_OVER_CAP says.
AS_SET = "as set"


def resolve_date(dag_run: Any, params: dict[str, Any]) -> str:
    """The partition key; `dag.test()` cannot set one and gives the parameter `date` instead."""
    date = dag_run.partition_key or params.get("date")
    if not date:
        raise AirflowFailException(
            "This run has no date. Trigger it with Advanced Options > Partition Key = YYYY-MM-DD,"
            " or use Backfill."
        )
    return str(date)


def run_of(context: Any) -> str:
    """The name of the night's run."""
    # Imported here: reading the DAGs is faster without the night's code.
    from nightshelf.night.step import run_name

    return run_name(resolve_date(context["dag_run"], context["params"]), context["run_id"])


class NightshelfCommand:
    """Runs `nightshelf WORD…`, a night's with its date; the child ends when the task does."""

    process: "subprocess.Popen[str] | None" = None

    def call(self, words: list[str], context: Any) -> int:
        date = resolve_date(context["dag_run"], context["params"])
        return self.run_command([*words, "--date", date, "--origin", context["run_id"]])

    def run_command(self, words: list[str]) -> int:
        """Its exit code."""
        command = [_program(), *words]
        print(f"$ nightshelf {' '.join(command[1:])}")
        with subprocess.Popen(
            command,
            # The read end of this pipe is the child's lifeline: it closes when we die.
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        ) as self.process:
            for line in self.process.stdout or ():
                print(line, end="")
            return self.process.wait()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(_TERM_SECONDS)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def night_step(self, step: str, context: Any) -> int:
        """Its exit code."""
        over_cap = context["params"].get("over_cap")
        # As the settings say, where nobody has said anything for this run.
        decided = ["--over-cap", over_cap] if over_cap not in (None, AS_SET) else []
        return self.call(["step", step, "--lifeline", *decided], context)


def judge(step: str, code: int) -> None:
    """Raise for any exit code but 0; an error that cannot heal by itself is not tried again."""
    if code in FINAL:
        raise AirflowFailException(f"{step} stopped (exit {code}); the log says why")
    if code:
        raise AirflowException(f"{step} failed (exit {code}); the log says why")


class NightStep(BaseOperator, NightshelfCommand):
    """One step of the night."""

    def __init__(self, *, step: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.step = step

    def execute(self, context: Any) -> None:
        judge(self.step, self.night_step(self.step, context))

    def on_kill(self) -> None:
        self.stop()


class NightReady(BaseSensorOperator, NightshelfCommand):
    """Waits for complete input and for the date to be free; gives its slot back between looks."""

    def poke(self, context: Any) -> bool:
        code = self.call(["ready", "--lifeline"], context)
        if code and code != NOT_READY:
            raise AirflowFailException(f"no night for this date (exit {code}); the log says why")
        return code == 0

    def on_kill(self) -> None:
        self.stop()


def _program() -> str:
    beside = Path(sys.executable).with_name("nightshelf")
    return str(beside) if beside.exists() else shutil.which("nightshelf") or "nightshelf"
