"""The shape of what is wrong with a run, what it costs, and what it has released."""

from collections.abc import Mapping
from typing import TypedDict


class Reason(TypedDict):
    """Why a run is held; without a table it is its plan that is."""

    sentence: str
    table: str | None
    expectation: str | None
    is_judgement: bool


class Action(TypedDict):
    what: str
    command: str


class Check(TypedDict):
    table: str
    expectation: str
    measured: float | None
    at_least: float | None
    at_most: float | None
    holds: bool
    is_judgement: bool


class Audit(TypedDict):
    """Without `checks` the run was not audited, or by a version that did not keep them."""

    checks: list[Check]
    failed: int
    note: str


class Model(TypedDict):
    question: str
    version: str
    name: str | None
    revision: str | None
    licence: str | None
    parameters: Mapping[str, str]


class Change(TypedDict):
    """Rows of a table; None where they were not compared."""

    table: str
    before: int | None
    after: int | None
    added: int | None
    changed: int | None
    removed: int | None


class Release(TypedDict):
    """`number` is None for what is only proposed; `newest` is what readers see now."""

    number: int | None
    parent: int | None
    kind: str
    released_at: str | None
    reason: str
    newest: int | None
    withdrawn_by: int | None
    changes: list[Change]


class Amounts(TypedDict):
    texts: int | None
    tokens: int | None
    waves: int | None
    seconds: float | None
    cost: float | None


class Plan(TypedDict):
    """`caps` of 0 are none; `over` names those that the plan is over."""

    planned: Amounts | None
    actual: Amounts
    is_exact: bool
    caps: Mapping[str, float]
    over: list[str]
    decision: str | None
    finish: str | None
    deadline: str | None
    is_late: bool | None


class Cost(TypedDict):
    """In `currency`; None where prices or times are not known."""

    currency: str
    planned: float | None
    actual: float | None
    of_servers: float | None
    per_thousand_texts: float | None
    note: str


class Decision(TypedDict):
    who: str
    what: str
    reason: str
    at: str
