"""What the page reads: the operations database and the lake, neither of which it can change."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from nightshelf.lakehouse.catalog import open_catalog
from nightshelf.ops import times
from nightshelf.ops.database import open_ops, open_ops_to_read
from nightshelf.settings import Settings

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog

Json = dict[str, Any]

#: Of a text that somebody else has written, an error say, so much is shown.
_LONGEST = 1_000


@dataclass(frozen=True)
class Sources:
    """`now` is in UTC; `ops` refuses to write."""

    settings: Settings
    ops: sa.Engine
    catalog: "Catalog"
    now: datetime

    @property
    def last_night(self) -> str:
        """The date whose night the scheduler started last: a night starts when its day ends."""
        return (self.now.astimezone(UTC).date() - timedelta(days=1)).isoformat()


def open_sources(settings: Settings, now: datetime) -> Sources:
    """Opened once a process, whoever asks."""
    ops, catalog = _opened(settings)
    return Sources(settings, ops, catalog, now)


@lru_cache(maxsize=4)
def _opened(settings: Settings) -> tuple[sa.Engine, "Catalog"]:
    # Makes the tables where nothing has run yet, so that there is something to read.
    open_ops(settings.ops_database).dispose()
    return open_ops_to_read(settings.ops_database), open_catalog(settings)


def days_until(last: str, count: int) -> list[str]:
    """
    So many days, oldest first.

    >>> days_until("2026-03-01", 2)
    ['2026-02-28', '2026-03-01']
    """
    end = date.fromisoformat(last)
    return [(end - timedelta(days=back)).isoformat() for back in reversed(range(count))]


def in_utc(time: datetime | str | None) -> str | None:
    """As JSON carries a time."""
    if time is None:
        return None
    if isinstance(time, str):
        time = datetime.fromisoformat(time)
    return times.in_utc(time).isoformat(timespec="seconds")


def shortened(text: str | None, most: int = _LONGEST) -> str:
    """
    What somebody else has written, without what would move a cursor or turn the line around.

    >>> shortened("abcdef", 4), shortened(None), shortened("a\\u202eb\\x1b\\nc")
    ('abc…', '', 'a�b� c')
    """
    text = (text or "")[: most + 1].replace("\n", " ")
    text = "".join(one if one.isprintable() else "\ufffd" for one in text)
    return text if len(text) <= most else f"{text[: most - 1]}…"
