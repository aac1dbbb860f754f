"""The page's routes as one FastAPI app, which Airflow mounts at /nightshelf."""

import logging
from functools import lru_cache
from http import HTTPStatus
from importlib.resources import files
from importlib.resources.abc import Traversable

import sqlalchemy as sa
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError

from nightshelf.errors import NightshelfError, SettingsError
from nightshelf.night.context import Context, utc_now
from nightshelf.seat.access import Access
from nightshelf.seat.answer import AsciiJson
from nightshelf.seat.guard import Guard
from nightshelf.seat.reads import reading
from nightshelf.seat.run import Unknown
from nightshelf.seat.sources import Sources, open_sources
from nightshelf.seat.writes import writing
from nightshelf.settings import Settings

PREFIX = "/nightshelf"
_KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


def make_app(access: Access) -> FastAPI:
    """Every route asks `access`; the settings are read at the first request that needs them."""
    # No dependency of the app covers the routes that FastAPI would make for its own pages.
    app = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        title="Nightshelf",
        default_response_class=AsciiJson,
    )
    app.add_middleware(Guard, origin=access.origin)
    app.include_router(reading(access, sources))
    app.include_router(writing(access, _context))

    @app.get("/static/{name}", dependencies=[Depends(access.reads)])
    def _static(name: str) -> Response:
        file = _static_files().get(name)
        if file is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, "there is no such file")
        content, kind = file.read_bytes(), _KINDS[name[name.rindex(".") :]]
        # Asked for anew with each visit: after an upgrade nobody runs half of the old page.
        return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})

    app.add_exception_handler(NightshelfError, _refused)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(sa.exc.SQLAlchemyError, _database_away)
    return app


@lru_cache(maxsize=1)
def _context() -> Context:
    log = logging.getLogger(__name__)
    return Context(Settings.from_environ(), utc_now, log.info)


def sources() -> Sources:
    """What the page reads, as it is now."""
    return open_sources(_context().settings, utc_now())


@lru_cache(maxsize=1)
def _static_files() -> dict[str, Traversable]:
    """By name; a name that is not among them leads nowhere."""
    found = files("nightshelf.seat").joinpath("static").iterdir()
    return {one.name: one for one in found if one.name.endswith(tuple(_KINDS))}


def _refused(_: Request, error: Exception) -> Response:
    status = HTTPStatus.CONFLICT
    if isinstance(error, Unknown):
        status = HTTPStatus.NOT_FOUND
    elif isinstance(error, SettingsError):
        status = HTTPStatus.INTERNAL_SERVER_ERROR
    return AsciiJson({"detail": str(error)}, status)


def _not_understood(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  it is registered for these
    said = "; ".join(f"{_field(one['loc'])}: {one['msg']}" for one in error.errors()[:5])
    return AsciiJson({"detail": said}, HTTPStatus.UNPROCESSABLE_ENTITY)


def _field(place: tuple[object, ...]) -> str:
    """
    >>> _field(("body", "reason")), _field(("body",))
    ('reason', 'request')
    """
    return ".".join(str(one) for one in place[1:]) or "request"


def _database_away(_: Request, error: Exception) -> Response:
    logging.getLogger(__name__).error("the page cannot read: %s", error)
    detail = "a database of Nightshelf does not answer; the log of Airflow's API server says more"
    return AsciiJson({"detail": detail}, HTTPStatus.SERVICE_UNAVAILABLE)
