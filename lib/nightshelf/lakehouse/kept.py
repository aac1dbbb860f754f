"""Which tags, branches and snapshots the lake keeps; pure, so that it can be read and tested."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from nightshelf.lakehouse.branches import branch_of
from nightshelf.lakehouse.refs import release_of
from nightshelf.lakehouse.release import Release

if TYPE_CHECKING:
    from pyiceberg.table import Table
    from pyiceberg.table.snapshots import Snapshot


def kept(found: Sequence[Release], number: int, since: datetime) -> list[Release]:
    """
    The newest `number` of all releases, which are given oldest first, and those that were the
    newest one at some time after `since`: somebody may have begun to read them then.
    """
    first = len(found) - number
    return [
        one
        for place, one in enumerate(found)
        if place >= first or found[place + 1].released_at >= since
    ]


def tags_to_drop(refs: Iterable[str], found: Sequence[Release]) -> list[str]:
    """
    Tags of releases older than each of `found`, those that are kept; no other ref is touched.

    A tag beyond the newest one may be that of a release which is being committed.
    """
    oldest = min((one.release for one in found), default=0)
    numbers = {ref: release_of(ref) for ref in refs}
    return sorted(ref for ref, number in numbers.items() if number is not None and number < oldest)


def branches_of(refs: Iterable[str], runs: Iterable[str]) -> list[str]:
    """The branches of these runs among `refs`."""
    return sorted(set(refs) & {branch_of(run) for run in runs})


def expiring(table: "Table", older_than: datetime) -> "list[Snapshot]":
    """Snapshots that are older and that no tag or branch ends at."""
    ends = {ref.snapshot_id for ref in table.refs().values()}
    limit = older_than.timestamp() * 1000
    return [
        one for one in table.snapshots() if one.timestamp_ms < limit and one.snapshot_id not in ends
    ]


def is_dead(
    state: str, started_at: datetime, older_than: datetime, *, ended: Iterable[str]
) -> bool:
    """
    Whether a run whose dates nobody holds needs its branch no more.

    One that is neither ended nor heard of begins anew when somebody goes on with it.
    """
    return state in ended or (state == "running" and started_at < older_than)
