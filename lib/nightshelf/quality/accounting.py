"""The accounting identity of ingest: nothing is lost silently."""

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
