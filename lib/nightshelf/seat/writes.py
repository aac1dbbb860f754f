"""The routes that decide something; each has to say why."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import Depends
from fastapi import Path as InPath
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from nightshelf.night.context import Context
from nightshelf.seat import actions
from nightshelf.seat.access import Access
from nightshelf.seat.actions import Desk
from nightshelf.seat.answer import JsonRouter
from nightshelf.seat.reads import DATE, RunName
from nightshelf.seat.sources import Json


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be one line of plain text")
    return text


class Why(BaseModel):
    """What every decision is sent with."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=3, max_length=500),
        AfterValidator(_one_line),
    ]


class Caps(Why):
    """0: no cap."""

    over_cap: Literal["take", "ignore", "hold"] | None = None
    rows: Annotated[int | None, Field(ge=0, le=10**15)] = None
    tokens: Annotated[int | None, Field(ge=0, le=10**15)] = None
    cost: Annotated[float | None, Field(ge=0, le=10**9, allow_inf_nan=False)] = None


def writing(access: Access, context: Callable[[], Context]) -> JsonRouter:
    """All of them, for whoever may run the nights."""
    router = JsonRouter(dependencies=[Depends(access.acts)])

    def desk(
        user: Annotated[Any, Depends(access.user)],  # noqa: ANN401  the auth manager's
        airflow: Annotated[Any, Depends(access.airflow)],  # noqa: ANN401  as `access` gives it
    ) -> Desk:
        return Desk(context(), airflow, str(user.get_name()))

    At = Annotated[Desk, Depends(desk)]

    @router.post("/runs/{run}/approve")
    def _approve(run: RunName, why: Why, at: At) -> Json:
        return actions.approve(at, run, why.reason)

    @router.post("/runs/{run}/reject")
    def _reject(run: RunName, why: Why, at: At) -> Json:
        return actions.reject(at, run, why.reason)

    @router.post("/runs/{run}/caps")
    def _caps(run: RunName, why: Caps, at: At) -> Json:
        chosen = why.model_dump(exclude={"reason"}, exclude_none=True)
        return actions.caps(at, run, chosen, why.reason)

    @router.post("/dates/{date}/dismiss")
    def _dismiss(date: Annotated[str, InPath(pattern=DATE)], why: Why, at: At) -> Json:
        return actions.dismiss(at, date, why.reason)

    @router.post("/releases/{release}/rollback")
    def _rollback(release: Annotated[int, InPath(ge=1, le=10**9)], why: Why, at: At) -> Json:
        return actions.roll_back(at, release, why.reason)

    return router
