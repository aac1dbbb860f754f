"""The newest accepted reviews of the lake: real texts to measure a model on."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from pyiceberg.exceptions import NoSuchTableError

from nightshelf.lakehouse.catalog import local_name
from nightshelf.names import REVIEW_VERSIONS

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog
    from pyiceberg.table import Table

#: Title and body.
Review = tuple[str | None, str]


def newest_reviews(catalog: "Catalog", most: int) -> list[Review]:
    """
    Up to `most` distinct reviews, those of the newest landing date first; none without a lake.

    Within a date they come in the order of their keys, which has nothing to do with what they say:
    the same ones every time, and not only those from the top of a file.
    """
    try:
        table = catalog.load_table(local_name(REVIEW_VERSIONS))
    except NoSuchTableError:
        return []
    found: dict[str, Review] = {}
    for day in _landing_dates(table):
        if len(found) >= most:
            break
        for key, review in _of_date(table, day):
            found.setdefault(key, review)
    return list(found.values())[:most]


def _landing_dates(table: "Table") -> list[date]:
    """Newest first; read from metadata alone."""
    if table.current_snapshot() is None:
        return []
    partitions = table.inspect.partitions()["partition"].to_pylist()
    return sorted({partition["landing_date"] for partition in partitions}, reverse=True)


def _of_date(table: "Table", day: date) -> Iterator[tuple[str, Review]]:
    scan = table.scan(
        row_filter=f"landing_date = '{day.isoformat()}' AND op = 'upsert'",
        selected_fields=("content_key", "title", "body"),
    )
    rows = scan.to_arrow().sort_by("content_key")
    columns = (rows[name].to_pylist() for name in ("content_key", "title", "body"))
    for key, title, body in zip(*columns, strict=True):
        yield key, (title, body)
