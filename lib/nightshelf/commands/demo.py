"""`nightshelf demo`: two nights of the sample shop through Airflow, and what they made."""

import argparse
from collections.abc import Callable

from nightshelf.commands.demo_report import report
from nightshelf.commands.services import REPO
from nightshelf.errors import JobError, SettingsError
from nightshelf.landing.dates import parse_date
from nightshelf.landing.land import land
from nightshelf.names import NIGHTLY
from nightshelf.night.context import Context, utc_now
from nightshelf.sample_shop.shop import DELIVERIES, NIGHT_ONE, NIGHT_TWO
from nightshelf.services import airflow
from nightshelf.services.progress import Progress
from nightshelf.services.rest import Client
from nightshelf.settings import Settings, process_environ

_NIGHT_SECONDS = 900.0


def demo(_: argparse.Namespace) -> None:
    settings, say = Settings.from_environ(), Progress()
    _must_be_its_own(settings)
    for delivery in DELIVERIES:
        landed = land(
            settings.landing,
            delivery.dataset,
            [delivery.file],
            parse_date(delivery.date),
            rename=delivery.rename,
            mode=delivery.mode,
        )
        for name, rows in landed.rows.items():
            say(f"Landed {delivery.dataset} of {delivery.date}: {rows} rows in {name}")
    running = airflow.up(settings, REPO, process_environ(), say)
    try:
        _run_nights(running.client(), say)
    finally:
        airflow.down(settings, say)
    for line in report(Context(settings, utc_now, say), (NIGHT_ONE, NIGHT_TWO)):
        say.plain(line)
    say(f"Done in {say.seconds:.0f} s. `make up` shows both nights in Airflow.")


def _must_be_its_own(settings: Settings) -> None:
    """Invented reviews have no place among a real shop's."""
    ours = {(one.dataset, one.date) for one in DELIVERIES}
    present = {
        (folder.parent.name, folder.name.removeprefix("date="))
        for folder in settings.landing.glob("*/date=*")
    }
    if others := sorted(present - ours):
        dataset, date = others[0]
        raise SettingsError(
            f"{settings.home} holds other input than the demo's ({dataset} of {date});"
            " give the demo a home of its own: NIGHTSHELF_HOME=FOLDER make demo"
        )


def _run_nights(client: Client, say: Callable[[str], None]) -> None:
    client.set_paused(NIGHTLY, paused=False)
    try:
        _trigger_nights(client, say)
    finally:
        client.set_paused(NIGHTLY, paused=True)
        # The scheduler took the chance to wait for yesterday's input, which this shop never sends.
        for run in client.runs(NIGHTLY, run_type="scheduled"):
            if run["state"] in ("queued", "running"):
                client.end_run(NIGHTLY, run["dag_run_id"])
            client.delete_run(NIGHTLY, run["dag_run_id"])


def _trigger_nights(client: Client, say: Callable[[str], None]) -> None:
    for date in (NIGHT_ONE, NIGHT_TWO):
        say(f"The night of {date} begins: Airflow runs the DAG `{NIGHTLY}`")
        run = client.trigger(NIGHTLY, partition_key=date)
        state = client.wait(NIGHTLY, run, _NIGHT_SECONDS)
        if state != "success":
            raise JobError(
                f"the night of {date} ended as {state}: {_why(client, run)}"
                f" Look at it with `make up`, DAG {NIGHTLY}."
            )
        say(f"The night of {date} has ended: {state}")


def _why(client: Client, run: str) -> str:
    for task in client.task_instances(NIGHTLY, run):
        if task["state"] == "failed":
            log = client.log(NIGHTLY, run, task["task_id"], task["try_number"])
            lines = [line for line in log.splitlines() if line.startswith("nightshelf:")]
            return f"task {task['task_id']} failed. {lines[-1] if lines else ''}"
    return "no task failed."
