"""Airflow's REST API, asked within its own process and in the name of whoever asks the page."""

from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

import anyio.from_thread
import httpx
from fastapi import Request

from nightshelf.errors import NightshelfError
from nightshelf.seat.sources import Json

_CREDENTIALS = ("authorization", "cookie")
_SECONDS = 30.0


class OwnApi:
    """
    Its routes check the user's permissions and keep its log of who did what.

    No network: a proxy or a base URL that this machine cannot reach has no say.
    """

    def __init__(self, credentials: dict[str, str]) -> None:
        self._credentials = credentials

    def trigger(self, dag: str, conf: Json) -> str:
        """Start a run; return its id."""
        body = {"logical_date": None, "conf": conf}
        return str(self._ask("POST", f"/api/v2/dags/{dag}/dagRuns", body)["dag_run_id"])

    def runs_of(self, dag: str, partition_key: str) -> list[str]:
        """The ids of a partition's runs, newest first."""
        keyed = {"partition_key_prefix_pattern": partition_key, "order_by": "-id", "limit": "100"}
        found = self._ask("GET", f"/api/v2/dags/{dag}/dagRuns?{urlencode(keyed)}")["dag_runs"]
        return [str(one["dag_run_id"]) for one in found if one["partition_key"] == partition_key]

    def is_waiting(self, dag: str, run: str, task: str) -> bool:
        """Whether the task asks a person."""
        found = self._ask("GET", f"{_path(dag, run)}/taskInstances/{quote(task)}")
        return bool(found["state"] == "awaiting_input")

    def answer(self, dag: str, run: str, task: str, chosen: str, reason: str) -> None:
        """What the task was asking."""
        body = {"chosen_options": [chosen], "params_input": {"reason": reason}}
        self._ask("PATCH", f"{_path(dag, run)}/taskInstances/{quote(task)}/-1/hitlDetails", body)

    def clear(self, dag: str, run: str, task: str) -> None:
        """Let the task run again, and all that come after it."""
        body = {
            "dry_run": False,
            "only_failed": False,
            "dag_run_id": run,
            "task_ids": [task],
            "include_downstream": True,
        }
        self._ask("POST", f"/api/v2/dags/{quote(dag)}/clearTaskInstances", body)

    def _ask(self, method: str, path: str, body: Json | None = None) -> Any:  # noqa: ANN401
        answer = anyio.from_thread.run(partial(self._answer, method, path, body))
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            raise NightshelfError(f"Airflow refused it ({answer.status_code}): {_reason(answer)}")
        return answer.json()

    async def _answer(self, method: str, path: str, body: Json | None) -> httpx.Response:
        # Imported here: it is the app that this one is mounted in.
        from airflow.api_fastapi.main import app

        within = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(
            transport=within, base_url="http://airflow", headers=self._credentials, timeout=_SECONDS
        ) as client:
            return await client.request(method, path, json=body)


def _path(dag: str, run: str) -> str:
    return f"/api/v2/dags/{quote(dag, safe='')}/dagRuns/{quote(run, safe='')}"


def own_api(request: Request) -> OwnApi:
    """With the credentials that came with the request."""
    return OwnApi({one: request.headers[one] for one in _CREDENTIALS if one in request.headers})


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])[:500]
    except (ValueError, KeyError, TypeError):
        return answer.text[:200]
