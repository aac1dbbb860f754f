"""Deliver reviews to a lake of the benchmark's own."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nightshelf.landing.dates import parse_date
from nightshelf.landing.land import land
from nightshelf.settings import Settings


def deliver(settings: Settings, date: str, texts: Sequence[str], *, first: int = 0) -> None:
    """One review a text, with ids from `first` on; 50 reviews are of one product."""
    numbers = range(first, first + len(texts))
    rows = {
        "review_id": [f"r{number}" for number in numbers],
        "product_id": [f"p{number // 50}" for number in numbers],
        "body": list(texts),
    }
    source = settings.home / "delivered" / f"{date}.parquet"
    source.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(rows), source)
    land(settings.landing, "reviews", [source], parse_date(date), rename={}, mode=None)
    Path(source).unlink()


def distinct(texts: Sequence[str], rows: int, *, first: int = 0) -> list[str]:
    """
    `rows` texts, no two alike, numbered from `first` on.

    >>> distinct(["a", "b"], 3, first=1)
    ['b 1', 'a 2', 'b 3']
    """
    return [f"{texts[n % len(texts)]} {n}" for n in range(first, first + rows)]
