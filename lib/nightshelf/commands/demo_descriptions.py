"""What the sample shop says of its products: a description with its proof, and a refused one."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from nightshelf.grounding.ladder import ABSTAINED
from nightshelf.lakehouse.explain_description import proved
from nightshelf.lakehouse.read import read_table
from nightshelf.night.context import Context

Row = dict[str, Any]


def described(context: Context) -> Iterator[str]:
    """Lines for a person: the text that leans on the most fields, and one that was refused."""
    rows = sorted(
        rows_of(context, "product_description"),
        key=lambda row: (-len({one["field"] for one in row["proof"] or ()}), row["product_id"]),
    )
    fates = Counter(row["fate"] for row in rows)
    versions = {_place(row): row for row in rows_of(context, "product_versions")}
    shown = [row for row in rows if row["text"]][:1]
    refused = [row for row in rows if row["fate"] == ABSTAINED][:1]
    yield ""
    yield f"Descriptions: {', '.join(f'{count} {fate}' for fate, count in sorted(fates.items()))}"
    for row in (*shown, *refused):
        yield f"{row['product_id']} (nightshelf explain {row['product_id']})"
        yield from proved(row, versions.get(_place(row)))


def _place(row: Row) -> tuple[object, ...]:
    return tuple(row[name] for name in ("product_id", "landing_date", "file", "row"))


def rows_of(context: Context, table: str) -> list[Row]:
    """Of the newest release, or as they are now where releases do not name the table."""
    found, _ = read_table(context.catalog, table, None)
    rows: list[Row] = found.to_arrow().to_pylist(maps_as_pydicts="lossy")
    return rows
