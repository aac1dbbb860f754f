"""SQL shared by plan, shelf and audit; nothing enters it that was not shown to be harmless."""

import re
from collections.abc import Iterable

from nightshelf.answers.key import ANSWER_KEY_SQL
from nightshelf.answers.status import FAILED, RETRIES, TRANSIENT
from nightshelf.names import (
    ANSWERS,
    LANDINGS,
    REJECTED,
    RETRACTIONS,
    VERSIONS,
)
from nightshelf.quality.expectations import Expectation

#: How a readable row can end at ingest.
ROW_FATES = ("accepted", "rejected", "duplicate")

_TRANSIENT = (
    f"coalesce(status = '{FAILED}' AND reason IN ("
    + ", ".join(f"'{reason}'" for reason in TRANSIENT)
    + "), false)"
)
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def name(identifier: str) -> str:
    """
    The identifier itself, once shown to be harmless.

    >>> name("lake.reviews; drop table x")
    Traceback (most recent call last):
    ValueError: not a table, branch or column name: 'lake.reviews; drop table x'
    """
    if not _NAME.fullmatch(identifier):
        raise ValueError(f"not a table, branch or column name: {identifier!r}")
    return identifier


def dates(days: Iterable[str]) -> str:
    """
    A list of dates for IN.

    >>> dates(["2026-03-02", "2026-03-01"])
    "DATE'2026-03-01', DATE'2026-03-02'"
    """
    listed = sorted(days)
    for day in listed:
        if not _DATE.fullmatch(day):
            raise ValueError(f"not a date: {day!r}")
    return ", ".join(f"DATE'{day}'" for day in listed)


def at_snapshot(table: str, snapshot: int) -> str:
    return f"{name(table)} VERSION AS OF {int(snapshot)}"


def on_branch(table: str, branch: str) -> str:
    return f"{name(table)}.branch_{name(branch)}"


def model_version(version: str) -> str:
    """The version itself, once shown to be one."""
    if not re.fullmatch(r"[0-9a-f]{16}", version):
        raise ValueError(f"not a model version: {version!r}")
    return version


def answer_key(version: str, content_key: str = "content_key") -> str:
    quoted = f"'{model_version(version)}'"
    return ANSWER_KEY_SQL.format(content_key=content_key, model_version=quoted)


def stored(question: str, among: str | None = None) -> str:
    """
    The question's answers that count: those that were not retracted.

    `among` selects as `key` the few keys that matter: the others are dropped where they are read,
    before anything is shuffled.
    """
    few = f"LEFT SEMI JOIN ({among}) few ON few.key = a.key" if among else ""
    hint = "/*+ BROADCAST(few) */ " if among else ""
    return f"""(SELECT {hint}a.* FROM {ANSWERS}.{name(question)} a {few} LEFT ANTI JOIN
        {RETRACTIONS} r ON r.run = a.run AND a.wave <= r.last_wave)"""


def best_answers(question: str) -> str:
    """One row a key: success before failure, then the lowest wave."""
    order = f"(status = '{FAILED}'), wave, answered_at"
    return f"""SELECT * FROM (
        SELECT *, row_number() OVER (PARTITION BY key ORDER BY {order}) AS place
        FROM {stored(question)}
    ) WHERE place = 1"""


def settled(question: str, among: str | None = None) -> str:
    """Keys that are not asked again: answered, failed for good, or failed too often."""
    return f"""SELECT key FROM {stored(question, among)} GROUP BY key
        HAVING count_if(NOT ({_TRANSIENT})) > 0 OR count(*) > {RETRIES}"""


def to_retry(question: str, shelf: str) -> str:
    """
    Published rows to take up again: their text failed for a reason that may have passed, and has
    not done so too often.
    """
    return f"""SELECT s.* FROM {shelf} s LEFT SEMI JOIN (
            SELECT key FROM {stored(question)} WHERE {_TRANSIENT}
            GROUP BY key HAVING count(*) <= {RETRIES}
        ) k ON k.key = s.key WHERE {_TRANSIENT}"""


def days_published(source: str) -> str:
    return f"SELECT DISTINCT as_of FROM {source}"


def measure(source: str, suite: Iterable[Expectation]) -> str:
    """One row: what each expectation measures over the rows of `source`."""
    columns = ", ".join(f"{one.measure} AS {name(one.name)}" for one in suite)
    return f"SELECT {columns} FROM {source}"


def accounting(days: Iterable[str]) -> str:
    """For each landing of these days, what was noted at ingest beside what the tables hold."""
    listed = dates(days)
    versions = " UNION ALL ".join(
        f"SELECT '{dataset}' AS dataset, landing_date FROM {table} WHERE landing_date IN ({listed})"
        for dataset, table in VERSIONS.items()
    )
    return f"""SELECT l.*, coalesce(v.kept, 0) AS kept,
            l.rejected + l.duplicate + l.files_rejected AS refused,
            coalesce(r.kept, 0) AS kept_refused
        FROM {LANDINGS} l
        LEFT JOIN (SELECT dataset, landing_date, count(*) AS kept FROM ({versions})
            GROUP BY dataset, landing_date) v
            ON v.dataset = l.dataset AND v.landing_date = l.landing_date
        LEFT JOIN (SELECT dataset, landing_date, count(*) AS kept FROM {REJECTED}
            WHERE landing_date IN ({listed}) GROUP BY dataset, landing_date) r
            ON r.dataset = l.dataset AND r.landing_date = l.landing_date
        WHERE l.landing_date IN ({listed})"""
