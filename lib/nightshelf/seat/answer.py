"""How answers are written down as JSON."""

import json
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse


class AsciiJson(JSONResponse):
    """
    Whatever is no ASCII is escaped.

    A file's name on Linux may hold half a character: escaped it arrives, as UTF-8 it is none.
    """

    def render(self, content: Any) -> bytes:  # noqa: ANN401  whatever a route gives
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")


class JsonRouter(APIRouter):
    """Its routes answer as they give it: a model of the answer would refuse such a name."""

    def add_api_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        **options: Any,  # noqa: ANN401  FastAPI's own
    ) -> None:
        super().add_api_route(path, endpoint, **{**options, "response_model": None})
