"""The shape of a report: plain data that JSON carries; times are ISO 8601 in UTC."""

from collections.abc import Mapping
from typing import TypedDict

from nightshelf.report.shape_asked import Asked, Attempt, Failures, Waves
from nightshelf.report.shape_rows import Accounting, Rejected
from nightshelf.report.shape_verdict import (
    Action,
    Audit,
    Cost,
    Decision,
    Model,
    Plan,
    Reason,
    Release,
)


class Sections(TypedDict, total=False):
    """A run's report has all, a step's those that concern it."""

    accounting: Accounting
    questions: list[Asked]
    waves: Waves
    failures: Failures
    rejected: Rejected
    audit: Audit
    models: list[Model]
    release: Release
    plan: Plan
    cost: Cost
    decision: Decision | None


class RunReport(Sections):
    """
    `state` is that of the operations database; `status` tells a plan over its cap (`over cap`)
    and a release that a rollback took back (`withdrawn`) from it.
    """

    run: str
    kind: str
    date: str
    dates: Mapping[str, str]
    state: str
    status: str
    verdict: str
    step: str
    started_at: str | None
    ended_at: str | None
    seconds: float | None
    error: str
    reasons: list[Reason]
    actions: list[Action]
    steps: list[Attempt]


class TaskReport(Sections):
    """`status` is that of the last attempt, or `not begun`; `seconds` are of all together."""

    run: str
    date: str
    step: str
    status: str
    seconds: float | None
    error: str
    reasons: list[Reason]
    actions: list[Action]
    attempts: list[Attempt]
