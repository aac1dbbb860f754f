"""Waits until Airflow's parts all say that they are well."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from nightshelf.errors import NightshelfError
from nightshelf.services.metadata import tail
from nightshelf.services.processes import Started
from nightshelf.services.rest import Client
from nightshelf.services.transport import NoAnswer

PARTS = {"scheduler": "scheduler", "triggerer": "triggerer", "dag_processor": "dag-processor"}
"""Airflow's name of each part that sends heartbeats, and the service that is it."""


def wait(
    client: Client,
    started: Mapping[str, Started],
    logs: Path,
    seconds: float,
    say: Callable[[str], None],
) -> None:
    """Return when the database and every service of `started` are healthy.

    Raise `NightshelfError` with the end of a log when one died or `seconds` have passed.
    """
    deadline = time.monotonic() + seconds
    waiting: list[str] = []
    while (still := missing(client, started)) and time.monotonic() < deadline:
        if still != waiting:
            say(f"  … waiting for {', '.join(still)}")
            waiting = still
        _must_live(started, logs)
        time.sleep(0.5)
    if still:
        ends = "\n".join(f"{logs / name}.log:\n{tail(logs / f'{name}.log')}" for name in still)
        raise NightshelfError(f"Not healthy after {seconds:.0f} s: {', '.join(still)}\n{ends}")
    _must_live(started, logs)


def missing(client: Client, started: Mapping[str, Started]) -> list[str]:
    """The services that do not say, since they were started, that they are well."""
    try:
        said = client.health()
    except NoAnswer:
        return list(started)
    if said["metadatabase"]["status"] != "healthy":
        return ["api-server"]
    return [
        service
        for part, service in PARTS.items()
        if said[part]["status"] != "healthy"
        or not _is_fresh(said[part].get(f"latest_{part}_heartbeat"), started[service])
    ]


def _is_fresh(heartbeat: str | None, service: Started) -> bool:
    """Airflow calls a part healthy 30 s beyond its end: that is its predecessor's heartbeat."""
    # The kernel's start times are exact to a second only.
    return bool(heartbeat) and datetime.fromisoformat(str(heartbeat)).timestamp() > (
        service.created + 1.0
    )


def _must_live(started: Mapping[str, Started], logs: Path) -> None:
    for name, one in started.items():
        if not one.is_alive:
            log = logs / f"{name}.log"
            raise NightshelfError(f"Airflow's {name} ended by itself; {log} ends:\n{tail(log)}")
