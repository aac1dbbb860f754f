"""The shape of what became of rows: accounts, and those that were turned away."""

from collections.abc import Mapping
from typing import TypedDict


class Landing(TypedDict):
    """One data set of one date: read = accepted + rejected + duplicate, if it `holds`."""

    dataset: str
    date: str
    mode: str | None
    files: int
    files_rejected: int
    read: int
    accepted: int
    rejected: int
    duplicate: int
    holds: bool


class Outcome(TypedDict):
    """Of a published table: current = answered + abstained + failed + deferred, if it `holds`."""

    table: str
    current: int
    answered: int
    abstained: int
    failed: int
    deferred: int
    holds: bool


class Accounting(TypedDict):
    """`holds` is None where nothing was counted yet."""

    landings: list[Landing]
    outcomes: list[Outcome]
    holds: bool | None


class RejectedFile(TypedDict):
    dataset: str
    date: str
    file: str
    reason: str
    rows: int


class RejectedRow(TypedDict):
    """`row` is None where the whole file was turned away."""

    dataset: str
    date: str
    file: str
    row: int | None
    field: str | None
    reason: str


class Rejected(TypedDict):
    """`total` counts rows, duplicates and files; `more_files` pairs that are not in `files`."""

    total: int
    reasons: Mapping[str, int]
    files: list[RejectedFile]
    more_files: int
    sample: list[RejectedRow]
    offset: int
    note: str
