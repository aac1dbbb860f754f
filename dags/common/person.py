"""Steps that wait for a person where a night is held: its plan over a cap, its release."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param
from airflow.sdk.exceptions import AirflowFailException

from common.alerts import tell
from common.assets import tell_assets
from common.steps import HELD, NightshelfCommand, NightStep, judge, run_of
from nightshelf.ops.database import open_ops
from nightshelf.settings import Settings

if TYPE_CHECKING:
    from nightshelf.night.evidence import Held

#: What a person fills in. Its pages want some text; a least length would refuse the default too,
#: and with it every run of the task.
FORM = {"reason": Param("", type="string", title="Why?")}
#: What a person can choose, and the command that does it, without the run.
RELEASE = {"Approve": ("approve", "--lifeline"), "Reject": ("dismiss",)}
PLAN: Mapping[str, tuple[str, ...]] = {
    "Take": ("caps", "--take"),
    "Ignore": ("caps", "--ignore"),
    "Leave": (),
}


class PersonStep(HITLOperator, NightshelfCommand):
    """
    One step of the night, which asks a person where the run is held.

    Who has decided, when and why are kept in the operations database, beside what Airflow keeps. A
    decision on the command line counts as well: it is noticed when somebody answers here, or when
    nobody has within the time limit.
    """

    def __init__(self, *, step: str, choices: Mapping[str, tuple[str, ...]], **kwargs: Any) -> None:
        hours = Settings.from_environ().approval_hours
        super().__init__(
            subject=f"{step} is held",
            options=list(choices),
            # No time at all is no waiting: see `execute`.
            response_timeout=timedelta(hours=hours or 1),
            **kwargs,
        )
        self.step = step
        self.choices = choices

    def execute(self, context: Any) -> Any:
        # First of all, though it was held: somebody may have decided, and then cleared this task.
        held = self._attempt(context)
        if held is None:
            return None
        if not may_wait(held):
            raise AirflowFailException(f"run {held.run} is held; the log says why")
        self.subject = f"The night is held at {self.step}: run {held.run}"
        self.body = held.evidence
        print(f"run {held.run} is held: waiting for a person, {self.response_timeout} at most")
        tell(context, "waits for a person", f"run {held.run} is held")
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        held = held_by(context, self.step)
        if "error" not in event:
            # Raises for what is no answer.
            super().execute_complete(context, event)
            if held:
                self._decide(held.run, event)
        elif held:
            raise AirflowFailException(
                f"nobody answered within {self.response_timeout}: run {held.run} stays held;"
                " `nightshelf runs` says what can be done, then clear this task"
            )
        if held_again := self._attempt(context):
            raise AirflowFailException(f"run {held_again.run} is held anew; the log says why")
        return None

    def on_kill(self) -> None:
        self.stop()

    def _attempt(self, context: Any) -> "Held | None":
        """Do the step; what holds it, if it is held and not failed."""
        code = self.night_step(self.step, context)
        held = held_by(context, self.step) if code in HELD else None
        if held is None:
            judge(self.step, code)
            tell_assets(context, self.outlets)
        return held

    def _decide(self, run: str, event: dict[str, Any]) -> None:
        [chosen] = event["chosen_options"]
        reason, who = event["params_input"]["reason"], event["responded_by_user"]
        said = f"{chosen} by {who['name']}"
        if not reason.strip():
            raise AirflowFailException(
                f"{said}, without a reason: clear this task to be asked again"
            )
        if not self.choices[chosen]:
            raise AirflowFailException(f"{said}: run {run} ends here")
        word, *flags = self.choices[chosen]
        by = (f"--by={who['name']}", f"--reason={reason}")
        judge(word, self.run_command([word, run, *flags, *by]))
        if word == "dismiss":
            raise AirflowFailException(f"{said}: run {run} will not be released")


class AuditedStep(NightStep):
    """Assembles and audits; what the audit holds is left to the next step, which asks a person."""

    def execute(self, context: Any) -> None:
        code = self.night_step(self.step, context)
        held = held_by(context, self.step) if code in HELD else None
        if held and may_wait(held):
            print(f"run {held.run} is held: the next task asks a person")
            return
        judge(self.step, code)


def may_wait(held: "Held") -> bool:
    """Whether a person may let it pass, and the settings give them time."""
    return held.may_pass and Settings.from_environ().approval_hours > 0


def held_by(context: Any, step: str) -> "Held | None":
    """What the step's run is held for; None where it is not."""
    # Imported here: reading the DAGs is faster without the night's code.
    from nightshelf.night.evidence import held_plan, held_release

    settings = Settings.from_environ()
    engine, run = open_ops(settings.ops_database), run_of(context)
    return held_plan(engine, settings, run) if step == "plan" else held_release(engine, run)
