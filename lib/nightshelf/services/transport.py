"""Asks Airflow's REST API as one user: JSON there and back, over loopback only."""

import http.client
import json
from typing import Any

from nightshelf.errors import NightshelfError, NotReady


class NoAnswer(NotReady):
    """Nothing listens there, or it does not answer in time."""


class Refused(NightshelfError):
    """Airflow answered, and said no; `status` is HTTP's."""

    def __init__(self, status: int, what: str, why: str) -> None:
        super().__init__(f"Airflow answered {status} to {what}: {why}")
        self.status = status


class Session:
    """Logs in when first asked, and again when Airflow no longer knows the token.

    A plain HTTP connection and no `urllib`: a proxy in the environment has no say on loopback.
    """

    def __init__(self, host: str, port: int, user: str, password: str) -> None:
        self._host, self._port = host, port
        self._login = {"username": user, "password": password}
        self._token = ""

    def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  it is JSON
        """Return what Airflow answers; raise `Refused` or `NoAnswer`."""
        if not self._token:
            self._log_in()
        try:
            return self.ask_anonymously(method, path, body)
        except Refused as error:
            if error.status != http.client.UNAUTHORIZED:
                raise
        self._log_in()
        return self.ask_anonymously(method, path, body)

    def ask_anonymously(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401
        """Ask with the token that there is, be it none."""
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        connection = http.client.HTTPConnection(self._host, self._port, timeout=30)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, path, text, headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            where = f"http://{self._host}:{self._port}"
            raise NoAnswer(f"Airflow does not answer on {where}: {error}") from None
        finally:
            connection.close()
        if answer.status >= http.client.BAD_REQUEST:
            raise Refused(answer.status, f"{method} {path}", _reason(content))
        return json.loads(content) if content else None

    def _log_in(self) -> None:
        self._token = ""
        self._token = str(self.ask_anonymously("POST", "/auth/token", self._login)["access_token"])


def _reason(content: bytes) -> str:
    try:
        return str(json.loads(content)["detail"])
    except (ValueError, KeyError, TypeError):
        return content[:200].decode(errors="replace")
