"""SQL on how each current row ends: answered, failed, abstained, or deferred by a cap."""

from collections.abc import Iterable

from nightshelf.answers.status import DEFERRED, STATUSES
from nightshelf.lakehouse.sql import name
from nightshelf.names import DEFERRED as LEFT_OUT

#: Why a row is deferred.
CAP = "cap"
OUTCOMES = (*STATUSES, DEFERRED)
_IS_DEFERRED = f"status = '{DEFERRED}'"


def left_out(run: str, question: str) -> str:
    """The `key`, `content_key`, `reason` and `run` of what it did not ask a question about."""
    return f"""SELECT key, content_key, reason, run FROM {LEFT_OUT}
        WHERE run = '{name(run)}' AND question = '{name(question)}'"""


def deferred_before(column: str, shelves: Iterable[str]) -> str:
    """`column` of the published rows that an earlier cap has left out; they come first now."""
    return " UNION ".join(
        f"SELECT {name(column)} FROM {shelf} WHERE {_IS_DEFERRED}" for shelf in shelves
    )


def first_deferred(shelf: str) -> str:
    """The first landing date with a row that an earlier cap has left out, or null."""
    return f"""SELECT CAST(min(landing_date) AS STRING) AS day FROM {shelf}
        WHERE {_IS_DEFERRED}"""


def coverage(lane: str, key: str, shelf: str, planned: str | None) -> str:
    """
    Of the affected ids: those that are current but not on the shelf, the other way round, and how
    the current ones ended; `planned` selects the keys that the run has left out, if any.
    """
    lane, key = name(lane), name(key)
    counts = ", ".join(
        f"count_if(c.{key} IS NOT NULL AND t.status = '{one}') AS {one}" for one in OUTCOMES
    )
    return f"""SELECT current_rows_missing, rows_no_longer_current,
        current - {" - ".join(OUTCOMES)} AS rows_unaccounted_for, deferred_but_not_planned,
        current, {", ".join(OUTCOMES)}
    FROM (SELECT
            count_if(c.{key} IS NOT NULL AND t.{key} IS NULL) AS current_rows_missing,
            count_if(c.{key} IS NULL AND t.{key} IS NOT NULL) AS rows_no_longer_current,
            count_if(c.{key} IS NOT NULL) AS current,
            count_if(t.{_IS_DEFERRED} AND d.key IS NULL) AS deferred_but_not_planned, {counts}
        FROM affected_{lane} a
        LEFT JOIN current_{lane} c ON c.{key} = a.{key}
        LEFT JOIN {shelf} t ON t.{key} = a.{key}
        LEFT JOIN ({planned or _NOTHING}) d ON d.key = t.key)"""


_NOTHING = "SELECT CAST(NULL AS STRING) AS key WHERE false"
