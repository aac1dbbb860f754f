"""A client of Airflow's REST API, with what the command line and the tests need of it."""

import time
from collections.abc import Callable
from datetime import date, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from nightshelf.errors import NotReady
from nightshelf.services.transport import Refused, Session

Json = dict[str, Any]

ENDED = ("success", "failed")


class Client:
    """One user's view of one Airflow."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._ask = session.ask

    def health(self) -> dict[str, Json]:
        """Status and latest heartbeat of each part; needs no login; may raise `NoAnswer`."""
        return dict(self._session.ask_anonymously("GET", "/api/v2/monitor/health"))

    def set_paused(self, dag: str, *, paused: bool, seconds: float = 60.0) -> None:
        """Pause or unpause `dag`; wait up to `seconds` until Airflow has read its file."""
        path = f"/api/v2/dags/{dag}"
        _until(lambda: self._exists(path), f"Airflow has not read the file of DAG {dag}", seconds)
        self._ask("PATCH", f"{path}?update_mask=is_paused", {"is_paused": paused})

    def trigger(self, dag: str, *, partition_key: str, conf: Json | None = None) -> str:
        """Start one run by hand; return its run id."""
        body = {"logical_date": None, "partition_key": partition_key, "conf": conf or {}}
        return str(self._ask("POST", f"/api/v2/dags/{dag}/dagRuns", body)["dag_run_id"])

    def run(self, dag: str, run: str) -> Json:
        return dict(self._ask("GET", _run_path(dag, run)))

    def runs(self, dag: str, **filters: str) -> list[Json]:
        """The newest 100 runs of `dag` that the filters of Airflow's API leave, newest first."""
        query = urlencode({"limit": "100", "order_by": "-id", **filters})
        return list(self._ask("GET", f"/api/v2/dags/{dag}/dagRuns?{query}")["dag_runs"])

    def wait(self, dag: str, run: str, seconds: float) -> str:
        """How the run ended, `success` or `failed`; raise `NotReady` if it did not end in time."""
        _until(lambda: self.run(dag, run)["state"] in ENDED, f"{dag} {run} has not ended", seconds)
        return str(self.run(dag, run)["state"])

    def delete_run(self, dag: str, run: str) -> None:
        """Forget the run; Airflow refuses it for one that is at work: `end_run` comes first."""
        self._ask("DELETE", _run_path(dag, run))

    def end_run(self, dag: str, run: str) -> None:
        """Let it end as failed, with what it is doing."""
        self._ask("PATCH", f"{_run_path(dag, run)}?update_mask=state", {"state": "failed"})

    def task_instances(self, dag: str, run: str) -> list[Json]:
        answer = self._ask("GET", f"{_run_path(dag, run)}/taskInstances?limit=100")
        return list(answer["task_instances"])

    def log(self, dag: str, run: str, task: str, attempt: int = 1) -> str:
        """What one attempt of a task wrote, one line an event."""
        path = f"{_run_path(dag, run)}/taskInstances/{task}/logs/{attempt}?full_content=true"
        content = self._ask("GET", path)["content"]
        return "\n".join(str(line["event"]) for line in content)

    def backfill(
        self,
        dag: str,
        dates: tuple[date, date],
        *,
        max_active_runs: int = 1,
        reprocess: str = "none",
        conf: Json | None = None,
    ) -> int:
        """Start a backfill over first and last date, both included; return its id.

        `reprocess` names the dates that are run again: `none`, `failed` or `completed`.
        """
        first, last = dates
        body = {
            "dag_id": dag,
            "from_date": f"{first.isoformat()}T00:00:00Z",
            "to_date": f"{last.isoformat()}T23:59:59Z",
            "max_active_runs": max_active_runs,
            "reprocess_behavior": reprocess,
            "dag_run_conf": conf or {},
        }
        return int(self._ask("POST", "/api/v2/backfills", body)["id"])

    def wait_for_backfill(self, backfill: int, seconds: float) -> dict[str, str]:
        """The state of each of its runs by partition key; raise `NotReady` if it did not end."""
        path = f"/api/v2/backfills/{backfill}"
        _until(
            lambda: self._ask("GET", path)["completed_at"] is not None,
            f"backfill {backfill} has not ended",
            seconds,
        )
        begun = self._ask("GET", path)
        since = datetime.fromisoformat(begun["created_at"])
        found = self.runs(begun["dag_id"], run_type="backfill")
        return {
            str(run["partition_key"]): str(run["state"])
            for run in reversed(found)  # the newest run of a key has the last word
            if run["queued_at"] and datetime.fromisoformat(run["queued_at"]) >= since
        }

    def _exists(self, path: str) -> bool:
        try:
            self._ask("GET", path)
        except Refused as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            return False
        return True


def _run_path(dag: str, run: str) -> str:
    return f"/api/v2/dags/{dag}/dagRuns/{quote(run, safe='')}"


def _until(done: Callable[[], bool], otherwise: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise NotReady(f"{otherwise} after {seconds:.0f} s")
        time.sleep(1.0)
