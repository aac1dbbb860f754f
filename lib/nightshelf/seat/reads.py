"""The routes that only look."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Query
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse

from nightshelf.ops import actions
from nightshelf.report.page import page, policy
from nightshelf.report.run import run_report
from nightshelf.report.source import MOST_ROWS, Page
from nightshelf.seat.access import Access
from nightshelf.seat.answer import JsonRouter
from nightshelf.seat.calendar import DAYS, calendar
from nightshelf.seat.live import live
from nightshelf.seat.needs import action, needs
from nightshelf.seat.releases import PAGE, releases
from nightshelf.seat.run import run_detail, run_of_origin, whole_run
from nightshelf.seat.sources import Json, Sources
from nightshelf.seat.task import step_detail
from nightshelf.seat.tonight import tonight
from nightshelf.seat.trends import trends
from nightshelf.seat.verdict import verdict

Open = Callable[[], Sources]

DATE = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
Until = Annotated[str | None, Query(pattern=DATE)]
Days = Annotated[int, Query(ge=1, le=92)]
RunName = Annotated[str, InPath(pattern=r"^[a-z0-9_]{1,64}$")]
StepName = Annotated[str, InPath(max_length=64)]
#: What Airflow calls a DAG, a run or a task.
Id = Annotated[str, Query(max_length=250)]
Offset = Annotated[int, Query(ge=0)]
Rows = Annotated[int, Query(ge=0, le=MOST_ROWS)]


def reading(access: Access, sources: Open) -> JsonRouter:
    """All of them, for whoever may read the nights."""
    router = JsonRouter(dependencies=[Depends(access.reads)])
    for read in (verdict, needs, tonight, live):
        router.get(f"/{read.__name__}")(_plain(read, sources))

    _add_stretches(router, sources)
    _add_runs(router, sources)

    @router.get("/me")
    def _me(user: Annotated[object, Depends(access.user)]) -> Json:
        return {"name": user.get_name(), "may_act": access.may_act(user)}  # type: ignore[attr-defined]

    return router


def _add_stretches(router: JsonRouter, sources: Open) -> None:
    """What is read a stretch or a page at a time."""

    @router.get("/calendar")
    def _calendar(until: Until = None, days: Days = DAYS) -> Json:
        return calendar(sources(), until, days)

    @router.get("/trends")
    def _trends(until: Until = None, days: Days = DAYS) -> Json:
        return trends(sources(), until, days)

    @router.get("/releases")
    def _releases(
        before: Annotated[int | None, Query(ge=1)] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = PAGE,
    ) -> Json:
        return releases(sources(), before, limit)

    @router.get("/actions")
    def _actions(limit: Annotated[int, Query(ge=1, le=100)] = PAGE) -> Json:
        found = actions.recent(sources().ops, limit=limit)
        return {"actions": [action(row) for row in found]}


def _add_runs(router: JsonRouter, sources: Open) -> None:
    @router.get("/runs/{run}")
    def _run(run: RunName) -> Json:
        return run_detail(sources(), run)

    @router.get("/runs/{run}/report")
    def _report(run: RunName, offset: Offset = 0, rows: Rows = Page.rows) -> HTMLResponse:
        opened = sources()
        whole_run(opened, run)
        found = run_report(opened.settings, run, Page(offset=offset, rows=rows))
        headers = {"Content-Security-Policy": f"{policy()}; frame-ancestors 'self'"}
        return HTMLResponse(page(found), headers=headers)

    @router.get("/run-of")
    def _run_of(dag: Id, origin: Id) -> Json:
        opened = sources()
        return run_detail(opened, run_of_origin(opened, dag, origin))

    @router.get("/runs/{run}/steps/{step}")
    def _step(run: RunName, step: StepName, offset: Offset = 0, rows: Rows = Page.rows) -> Json:
        return step_detail(sources(), run, step, Page(offset=offset, rows=rows))

    @router.get("/step-of")
    def _step_of(dag: Id, origin: Id, step: Id) -> Json:
        opened = sources()
        return step_detail(opened, run_of_origin(opened, dag, origin), step)


def _plain(read: Callable[[Sources], Json], sources: Open) -> Callable[[], Json]:
    def answer() -> Json:
        return read(sources())

    return answer
