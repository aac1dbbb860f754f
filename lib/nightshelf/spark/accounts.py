"""What became of the rows of each landing: sums, and for each file why rows were turned away."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from nightshelf.lakehouse import sql
from nightshelf.spark.landings import Landing, Listing
from nightshelf.spark.read_landing import UNREADABLE

DUPLICATE = "duplicate_id"
#: Of a landing so many pairs of file and reason are kept, those with the most rows.
MOST_PAIRS = 500


class Counted(NamedTuple):
    """`rows` of a file of `date` that ended with one `reason`; without one they were accepted."""

    date: str
    file: str
    reason: str | None
    rows: int


def accounts(counted: Iterable[Counted], listing: Listing, run: str) -> list[dict[str, Any]]:
    """
    One a landing: the columns of `lake.shop.landings`, and `refused`, which holds `reasons`
    (reason to rows), `files` (the pairs with most rows) and `more` (pairs that are not listed).

    A file that cannot be read counts as one row of its reason, as it does in `lake.shop.rejected`.
    """
    found = list(counted)
    broken = {(one.date, one.file) for one in found if one.reason == UNREADABLE}
    fates: Counter[tuple[str, str]] = Counter()
    for one in found:
        if one.reason != UNREADABLE:
            fates[one.date, _fate(one.reason)] += one.rows
    return [
        {
            **listing.account(landing, broken),
            **{name: fates[landing.date, name] for name in sql.ROW_FATES},
            "run": run,
            "refused": _refused(landing, listing, found),
        }
        for landing in listing.landings
    ]


def _fate(reason: str | None) -> str:
    """
    >>> _fate(None), _fate("duplicate_id"), _fate("empty_body")
    ('accepted', 'duplicate', 'rejected')
    """
    if reason is None:
        return "accepted"
    return "duplicate" if reason == DUPLICATE else "rejected"


def _refused(landing: Landing, listing: Listing, found: Iterable[Counted]) -> dict[str, Any]:
    pairs: Counter[tuple[str, str]] = Counter()
    for one in found:
        if one.reason is not None and one.date == landing.date:
            pairs[one.file, one.reason] += one.rows
    for file in listing.refused:
        if file.date == landing.date:
            pairs[file.name, str(file.reason)] += 1
    reasons: Counter[str] = Counter()
    for (_, reason), rows in pairs.items():
        reasons[reason] += rows
    most = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    return {
        "reasons": dict(sorted(reasons.items())),
        "files": [
            {"file": name, "reason": reason, "rows": rows}
            for (name, reason), rows in most[:MOST_PAIRS]
        ],
        "more": max(0, len(most) - MOST_PAIRS),
    }
