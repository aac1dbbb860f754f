"""The API key: from an environment variable, into one request header, and nowhere else."""

import json
import re
from collections.abc import Generator, Mapping
from urllib.parse import parse_qs, unquote, urlsplit

import httpx

from nightshelf.errors import SettingsError

_AIRFLOW = "AIRFLOW_CONN_"
# What a header may hold. httpx itself would print a key with another character in its error.
_KEY = re.compile(r"[\x21-\x7e]{1,4096}")


class ApiKey(httpx.Auth):
    """
    Shows itself to nobody: not in a repr, a pickle, an exception or a log.

    >>> ApiKey("sk-123")
    ApiKey(…)
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "ApiKey(…)"

    def __reduce__(self) -> str:
        raise TypeError(
            "an API key is read where it is used, and is not handed from process to process"
        )

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._value}"
        yield request

    def is_in(self, body: bytes) -> bool:
        """Whether a server repeats it; such a reply must not be kept."""
        return self._value.encode() in body


def read_key(variable: str, environ: Mapping[str, str]) -> ApiKey | None:
    """
    The key in that variable, or None where it is not set: a server of one's own may want none.

    `AIRFLOW_CONN_<ID>` holds an Airflow connection, as JSON or as an address; its password is the
    key. Raises `SettingsError`, which never repeats what the variable holds.
    """
    text = environ.get(variable, "").strip()
    if not text:
        return None
    value = _password(variable, text) if variable.startswith(_AIRFLOW) else text
    if not _KEY.fullmatch(value):
        raise SettingsError(
            f"{variable} does not hold an API key: printable ASCII without spaces or line ends"
        )
    return ApiKey(value)


def _password(variable: str, text: str) -> str:
    try:
        if text.startswith("{"):
            found = json.loads(text).get("password")
        else:
            parts = urlsplit(text)
            found = unquote(parts.password or "") or parse_qs(parts.query).get("password", [""])[0]
    except (ValueError, AttributeError):
        found = None
    if not isinstance(found, str) or not found:
        # `from None` above all: the cause would hold the text.
        raise SettingsError(
            f"{variable} is not an Airflow connection with a password; put the API key there"
        ) from None
    return found
