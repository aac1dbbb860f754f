"""What every request and every answer of the page has to pass, whichever route it is of."""

from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

READING = ("GET", "HEAD")
MOST_BYTES = 10_000

_OWN_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
#: Airflow's own page starts with a script and styles in its text.
_AIRFLOW_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; connect-src 'self';"
    " frame-src 'self'; frame-ancestors 'self'; base-uri 'self'; object-src 'none'"
)
_OWN_HEADERS = {
    "Content-Security-Policy": _OWN_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not even the browser keeps what somebody else may be logged in to see next.
    "Cache-Control": "no-store",
}
_AIRFLOW_HEADERS = {
    "Content-Security-Policy": _AIRFLOW_POLICY,
    "X-Content-Type-Options": "nosniff",
}


class Guard:
    """
    Lets nobody write from another page's origin, nor more than `MOST_BYTES`; signs answers.

    A write without an origin is no browser's; it has to bring a token of its own and no cookie,
    which comes along without anybody's will.
    """

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self._app = app
        self._origin = origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        signed = _with_headers(send, _OWN_HEADERS)
        if refused := self._refused(scope["method"], Headers(scope=scope)):
            await refused(scope, receive, signed)
        else:
            await self._app(scope, receive, signed)

    def _refused(self, method: str, headers: Headers) -> JSONResponse | None:
        if method in READING:
            return None
        origin = headers.get("origin")
        if origin != self._origin and (origin is not None or "cookie" in headers):
            return _error(
                HTTPStatus.FORBIDDEN,
                f"this request comes from {origin or 'no page'}, not from {self._origin}, which is"
                " Airflow's setting api.base_url: open Airflow under that address",
            )
        length = headers.get("content-length", "")
        if not length.isdecimal():
            return _error(HTTPStatus.LENGTH_REQUIRED, "say how long the request is")
        if int(length) > MOST_BYTES:
            return _error(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {MOST_BYTES} bytes can be sent"
            )
        return None


class AirflowPolicy:
    """Tells browsers what Airflow's own pages may load; stock Airflow says nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        signed = _with_headers(send, _AIRFLOW_HEADERS) if scope["type"] == "http" else send
        await self._app(scope, receive, signed)


def _with_headers(send: Send, more: dict[str, str]) -> Send:
    """Headers that are there already stay as they are."""

    async def signed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in more.items():
                headers.setdefault(name, value)
        await send(message)

    return signed


def _error(status: HTTPStatus, detail: str) -> JSONResponse:
    return JSONResponse({"detail": detail}, status)
