"""The task that lets a trained model answer, and asks a person where figures speak against it."""

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from common.alerts import tell
from common.steps import NightshelfCommand, judge
from common.training import folder_of
from nightshelf.settings import Settings

#: An audit's answer: figures speak against it.
_WORSE = 12
_PROMOTE, _LEAVE = "Promote", "Leave"
#: Not `reason`, which is a parameter of the run: a person who is asked gives their own.
_FORM = {"why": Param("", type="string", title="Why?")}


class Promote(HITLOperator, NightshelfCommand):
    """Lets the new model answer; where figures speak against it, a person is asked for a reason."""

    def __init__(self, *, params: Any = None, **kwargs: Any) -> None:
        # Those of the run, which Airflow gives to each task, are no part of the form.
        del params
        hours = Settings.from_environ().approval_hours
        super().__init__(
            subject="The new model is not better",
            options=[_PROMOTE, _LEAVE],
            params=_FORM,
            # No time at all is no waiting: see `execute`.
            response_timeout=timedelta(hours=hours or 1),
            **kwargs,
        )

    def execute(self, context: Any) -> Any:
        if not context["params"]["promote"]:
            raise AirflowSkipException("not asked for: the log of `compare` has the figures")
        who = context["dag_run"].triggering_user_name or "airflow"
        code = self._promote(context, who, context["params"]["reason"])
        body = evidence_of(context) if code == _WORSE else None
        if body is None:
            judge("promote", code)
            return None
        self.body = body
        tell(context, "waits for a person", "the new model is not better than the active one")
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        if "error" in event:
            raise AirflowFailException(
                f"nobody answered within {self.response_timeout}: the active model stays; clear"
                " this task to be asked again"
            )
        # Raises for what is no answer.
        super().execute_complete(context, event)
        [chosen] = event["chosen_options"]
        reason, who = event["params_input"]["why"], event["responded_by_user"]["name"]
        if chosen == _LEAVE:
            raise AirflowSkipException(f"left by {who}: the active model stays")
        if not reason.strip():
            raise AirflowFailException(
                f"{chosen} by {who}, without a reason: clear this task to be asked again"
            )
        judge("promote", self._promote(context, who, reason))
        return None

    def on_kill(self) -> None:
        self.stop()

    def _promote(self, context: Any, who: str, reason: str | None) -> int:
        why = [f"--reason={reason}"] if reason else []
        question = f"--question={context['params']['question']}"
        words = ["models", "promote", folder_of(context), question, f"--by={who}", *why]
        return self.run_command([*words, "--lifeline"])


def evidence_of(context: Any) -> str | None:
    """As Markdown; None where no person may promote it, or the settings give them no time."""
    # Imported here: reading the DAGs is faster without the night's code.
    from nightshelf.night.promotion import evidence_for_a_person

    if not Settings.from_environ().approval_hours:
        return None
    return evidence_for_a_person(context["params"]["question"], folder_of(context))
