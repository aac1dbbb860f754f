"""The shape of what models were asked, how fast they answered, and what failed."""

from collections.abc import Mapping
from typing import TypedDict


class Asked(TypedDict):
    """Of a question: distinct texts as planned, and the answers that came, by their status."""

    question: str
    rows: int
    contents: int
    reused: int
    to_ask: int
    causes: Mapping[str, int]
    answers: Mapping[str, int]


class Attempt(TypedDict):
    """At a step; `state` is running, done, held, failed or killed."""

    step: str
    state: str
    started_at: str
    ended_at: str | None
    seconds: float | None


class Figures(TypedDict):
    """Of a wave or of all; shares are 0 to 1, `seconds` of wall clock."""

    texts: int
    tokens: int
    seconds: float
    texts_per_second: float | None
    tokens_per_second: float | None
    padding_share: float | None
    busy_share: float | None
    restarts: int
    peak_mb: int


class Wave(Figures):
    wave: int
    state: str
    started_at: str


class Waves(TypedDict):
    """`waves` are the newest ones; `count` and `total` are of all that are committed."""

    count: int
    total: Figures
    waves: list[Wave]


class FailedRow(TypedDict):
    table: str
    id: str
    reason: str | None
    model_version: str | None


class Failures(TypedDict):
    """`reasons` counts texts that failed in this run; `published` rows that show a failure."""

    reasons: Mapping[str, int]
    published: int
    sample: list[FailedRow]
