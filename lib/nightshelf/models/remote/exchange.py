"""One request and its reply, within limits of time and size."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from nightshelf.errors import SettingsError
from nightshelf.models.remote.failures import (
    BodyStalled,
    ConnectionLost,
    DeadlinePassed,
    MalformedReply,
    NotConnected,
)
from nightshelf.models.remote.key import ApiKey

_CONNECT_SECONDS = 20.0


@dataclass(frozen=True)
class Reply:
    status: int
    headers: httpx.Headers
    body: bytes = field(repr=False)

    @property
    def is_json(self) -> bool:
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return bool(kind == "application/json")


@dataclass(frozen=True, kw_only=True)
class Within:
    """`seconds` for all of it, `idle_seconds` between two parts of the body, `body_bytes` of it."""

    seconds: float
    idle_seconds: float
    body_bytes: int


class Exchange:
    """
    A server's connections; the only place where requests are sent.

    Redirects are not followed, and neither the environment nor a `.netrc` is read for proxies or
    passwords. Bodies are not compressed, so that their size is what arrives.
    """

    def __init__(self, client: httpx.AsyncClient, key: ApiKey | None) -> None:
        self._client = client
        self._key = key

    async def send(
        self,
        method: str,
        path: str,
        within: Within,
        **content: Any,  # noqa: ANN401  as httpx takes it: `content`, `headers`, `files`, `params`
    ) -> Reply:
        """
        The reply with its whole body, whatever its status.

        Raises the `Unanswered` that says how it was lost; nothing of the server's words is in it.
        """
        try:
            async with asyncio.timeout(within.seconds):
                return await self._sent(method, path, within, content)
        except TimeoutError:
            raise DeadlinePassed from None
        # httpx's own errors hold the request, and so its headers: none of them is chained.
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise NotConnected from None
        except (httpx.HTTPError, httpx.StreamError, ssl.SSLError, OSError):
            raise ConnectionLost from None
        except (httpx.InvalidURL, ValueError):
            raise MalformedReply from None

    async def _sent(self, method: str, path: str, within: Within, content: Any) -> Reply:  # noqa: ANN401
        async with self._client.stream(method, path, auth=self._key, **content) as response:
            if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                raise MalformedReply
            body = bytearray()
            parts = response.aiter_raw()
            try:
                while (part := await _next(parts, within.idle_seconds)) is not None:
                    body += part
                    if len(body) > within.body_bytes:
                        raise BodyStalled
            finally:
                await parts.aclose()  # type: ignore[attr-defined]
        if self._key and self._key.is_in(bytes(body)):
            raise MalformedReply
        return Reply(response.status_code, response.headers, bytes(body))


async def _next(parts: AsyncIterator[bytes], seconds: float) -> bytes | None:
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return await anext(parts, None)
    except TimeoutError:
        raise BodyStalled from None


@asynccontextmanager
async def exchange_with(
    url: httpx.URL,
    key: ApiKey | None,
    ca_file: str = "",
    transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[Exchange]:
    """
    The server at `url`, whose certificate is checked, by `ca_file` where there is one.

    Raises `SettingsError` where that file cannot be read.
    """
    client = httpx.AsyncClient(
        base_url=url,
        verify=_trusted(ca_file),
        transport=transport,
        follow_redirects=False,
        trust_env=False,
        headers={"Accept-Encoding": "identity", "User-Agent": "nightshelf"},
        timeout=httpx.Timeout(None, connect=_CONNECT_SECONDS),
        limits=httpx.Limits(max_connections=None, keepalive_expiry=30.0),
    )
    async with client:
        yield Exchange(client, key)


def _trusted(ca_file: str) -> ssl.SSLContext | bool:
    if not ca_file:
        return True
    try:
        return ssl.create_default_context(cafile=str(Path(ca_file).expanduser()))
    except (OSError, ssl.SSLError):
        raise SettingsError(
            f"NIGHTSHELF_REMOTE_CA_FILE={ca_file} cannot be read as certificates (PEM)"
        ) from None
