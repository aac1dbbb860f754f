"""Is there input for the date, and may this run have the date?"""

from datetime import UTC, date, datetime, timedelta

from nightshelf.contracts import CONTRACTS
from nightshelf.errors import InputMissing, NotReady, SettingsError
from nightshelf.landing.ready import Waiting, readiness
from nightshelf.night.context import Context
from nightshelf.night.lease import date_lease, try_take
from nightshelf.ops.leases import Claim


def must_be_ready(context: Context, day: date) -> None:
    """
    Raise `NotReady` while input is awaited, and `InputMissing` once its deadline has passed.

    Input that is missing is not input that is empty: an empty delivery has its `_SUCCESS`.
    """
    waiting = [why for dataset in CONTRACTS if (why := _awaited(context, dataset, day))]
    if not waiting:
        return
    end_of_day = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    deadline = end_of_day + timedelta(hours=context.settings.input_deadline_hours)
    if context.clock() > deadline:
        raise InputMissing(
            f"input for {day} is missing, its deadline was {deadline:%Y-%m-%d %H:%M} UTC:"
            f" {'; '.join(waiting)}. Deliver it, then start the night of {day} again"
        )
    raise NotReady(f"waiting until {deadline:%Y-%m-%d %H:%M} UTC: {'; '.join(waiting)}")


def must_be_free(context: Context, run: str, day: date) -> None:
    """Take the date for the run; raise `NotReady` while another run has it."""
    if holder := try_take(context, date_lease(day.isoformat()), Claim(run)):
        raise NotReady(f"run {holder} works on {day}; this one begins when that has ended")


def _awaited(context: Context, dataset: str, day: date) -> str:
    """Why the night has to wait for the data set; empty where it need not."""
    expected = [name.strip() for name in context.settings.expected.split(",") if name.strip()]
    if unknown := set(expected) - set(CONTRACTS):
        raise SettingsError(f"NIGHTSHELF_EXPECTED: unknown data set {', '.join(sorted(unknown))}")
    folder = context.settings.landing / dataset / f"date={day}"
    if dataset not in expected and not folder.exists():
        return ""
    found = readiness(folder)
    return found.why if isinstance(found, Waiting) else ""
