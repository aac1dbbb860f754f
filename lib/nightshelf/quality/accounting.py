"""The accounting identity of ingest: nothing is lost silently."""

from collections.abc import Mapping

from nightshelf.answers.status import DEFERRED, STATUSES
from nightshelf.quality.expectations import Expectation

#: Over what was noted of each landing beside what the tables hold; see `sql.accounting`.
ACCOUNTING = (
    Expectation(
        "rows_unaccounted_for",
        "coalesce(sum(abs(rows_read - accepted - rejected - duplicate)), 0)",
        at_most=0,
    ),
    Expectation("versions_lost", "coalesce(sum(abs(accepted - kept)), 0)", at_most=0),
    Expectation("rejections_lost", "coalesce(sum(abs(refused - kept_refused)), 0)", at_most=0),
)


def in_words(ended: Mapping[str, float | None]) -> str:
    """
    The identity of a question: how many rows are current, and how each has ended.

    >>> in_words({"current": 5, "answered": 3, "failed": 0, "abstained": 0, "deferred": 2})
    '5 current = 3 answered + 0 abstained + 0 failed + 2 deferred'
    """
    parts = " + ".join(f"{ended[one]:.0f} {one}" for one in (*STATUSES, DEFERRED))
    return f"{ended['current']:.0f} current = {parts}"
