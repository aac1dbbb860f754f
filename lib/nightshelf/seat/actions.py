"""What a person can do from the page; each calls what the command of the same name calls."""

from dataclasses import dataclass
from typing import Any, Protocol

from nightshelf.errors import NightshelfError
from nightshelf.lakehouse.rollback import rollback
from nightshelf.names import APPROVE, NIGHTLY, STEPS
from nightshelf.night.context import Context
from nightshelf.night.deciding import PLAN, decide
from nightshelf.night.step import run_name
from nightshelf.ops import actions
from nightshelf.ops.decisions import Decision
from nightshelf.ops.runs import find_run, read_run
from nightshelf.seat.sources import Json


class Airflow(Protocol):
    """Airflow in the name of whoever asks; a refusal is a `NightshelfError`."""

    def trigger(self, dag: str, conf: Json) -> str:
        """Start a run; return its id."""

    def runs_of(self, dag: str, partition_key: str) -> list[str]:
        """The ids of a partition's runs, newest first."""

    def is_waiting(self, dag: str, run: str, task: str) -> bool:
        """Whether the task asks a person."""

    def answer(self, dag: str, run: str, task: str, chosen: str, reason: str) -> None:
        """What the task was asking."""

    def clear(self, dag: str, run: str, task: str) -> None:
        """Let the task run again, and all that come after it."""


_RELEASE = STEPS[-1]


@dataclass(frozen=True)
class Desk:
    """Where somebody (`who`) decides."""

    context: Context
    airflow: Airflow
    who: str

    def decision(self, reason: str) -> Decision:
        return Decision(self.who, reason, self.context.clock())

    def note(self, action: str, subject: str, reason: str) -> None:
        actions.note(self.context.ops, action, subject, self.decision(reason))


def approve(desk: Desk, run: str, reason: str) -> Json:
    """
    Assemble the held run again and release what was audited: the task that waits for it does, else
    a DAG of its own.

    Raise `NightshelfError`, before anything starts, for what cannot be approved.
    """
    # Imported here: it brings Spark along, which nobody needs who only looks.
    from nightshelf.night.approve import must_be_approvable

    must_be_approvable(desk.context, run)
    said = f"Run {run} is being assembled again; it is released if it is what was audited."
    if asked := _answered(desk, run, "Approve", reason):
        desk.note(actions.APPROVE, run, reason)
        return {"said": said, "dag": NIGHTLY, "dag_run": asked}
    started = desk.airflow.trigger(APPROVE, {"run": run, "reason": reason})
    desk.note(actions.APPROVE, run, reason)
    return {"said": said, "dag": APPROVE, "dag_run": started}


def reject(desk: Desk, run: str, reason: str) -> Json:
    """The held release will not be published; its branch goes, its answers stay."""
    from nightshelf.night.approve import dismiss_run

    # The task that waits for it does it, and ends its own run by that.
    if not _answered(desk, run, "Reject", reason):
        dismiss_run(desk.context, run, desk.decision(reason))
    desk.note(actions.REJECT, run, reason)
    return {"said": f"Run {run} will not be released; readers see the last release."}


def dismiss(desk: Desk, date: str, reason: str) -> Json:
    """A date that a rollback withdrew stays withdrawn."""
    from nightshelf.night.approve import dismiss_date

    dismiss_date(desk.context, date, desk.decision(reason))
    desk.note(actions.REJECT, date, reason)
    return {"said": f"{date} stays withdrawn."}


def caps(desk: Desk, run: str, chosen: dict[str, Any], reason: str) -> Json:
    """
    Decide what the run may ask (`rows`, `tokens`, `cost`, `over_cap`), and let it go on from its
    plan where Airflow knows it.
    """
    if not chosen:
        raise NightshelfError("say what the run may ask: a cap, or what happens over one")
    decide(desk.context, run, desk.decision(reason), **chosen)
    desk.note(actions.CAPS, run, reason)
    if origin := _origin(desk, run):
        desk.airflow.clear(NIGHTLY, origin, PLAN)
        said = f"Noted; run {run} goes on from its plan."
        return {"said": said, "dag": NIGHTLY, "dag_run": origin}
    date = read_run(desk.context.ops, run)["date"]
    return {
        "said": f"Noted. Airflow has no such run, so it goes on by hand:"
        f" nightshelf night --date {date} --run {run}"
    }


def _answered(desk: Desk, run: str, chosen: str, reason: str) -> str | None:
    """The Airflow run whose release was waiting for this; None where none was."""
    origin = _origin(desk, run)
    if origin is None or not desk.airflow.is_waiting(NIGHTLY, origin, _RELEASE):
        return None
    desk.airflow.answer(NIGHTLY, origin, _RELEASE, chosen, reason)
    return origin


def _origin(desk: Desk, run: str) -> str | None:
    """The Airflow run that it is of, where Airflow still knows it."""
    row = find_run(desk.context.ops, run)
    date = row["date"] if row else ""
    found = desk.airflow.runs_of(NIGHTLY, date) if date else []
    return next((origin for origin in found if run_name(date, origin) == run), None)


def roll_back(desk: Desk, release: int, reason: str) -> Json:
    """Let readers see the release again, as a new one."""
    done = rollback(desk.context.catalog, release, reason=reason, now=desk.context.clock())
    desk.note(actions.ROLLBACK, str(done.release), reason)
    said = f"Readers see release {release} again, as release {done.release}."
    if done.withdrawn:
        said += f" Withdrawn until their nights are run again: {', '.join(done.withdrawn)}."
    return {"said": said, "release": done.release}
