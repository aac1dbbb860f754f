"""What two nights of the sample shop have made, for a person to read."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow.compute as pc

from nightshelf.commands.demo_descriptions import described, rows_of
from nightshelf.lakehouse.read import read_table
from nightshelf.lakehouse.release import releases
from nightshelf.names import SHELF
from nightshelf.night.context import Context
from nightshelf.ops import runs

_BEST, _FEWEST_REVIEWS, _QUOTE = 3, 3, 96


def report(context: Context, dates: Sequence[str]) -> Iterator[str]:
    for date in dates:
        yield from _night(context, date)
    yield from _products(context)
    yield from described(context)
    yield from _where(context)


def _night(context: Context, date: str) -> Iterator[str]:
    [row, *_] = [r for r in runs.recent_runs(context.ops, limit=1000) if r["date"] == date]
    asked, plan = row["asked"], row["plan"]
    yield ""
    yield f"The night of {date} ({row['state']}, release {row['release']})"
    for one in rows_of(context, "landings"):
        if str(one["landing_date"]) == date:
            yield (
                f"  {one['dataset']:8} {one['rows_read']} rows read = {one['accepted']} accepted"
                f" + {one['rejected']} rejected + {one['duplicate']} duplicate"
            )
    reasons = Counter(
        one["reason"] for one in rows_of(context, "rejected") if str(one["landing_date"]) == date
    )
    yield f"  rejected {', '.join(f'{why} {n}' for why, n in sorted(reasons.items()))}"
    for question, counts in plan.items():
        yield f"  {question:9} {counts['to_ask']} texts asked, {counts['reused']} answers reused"
    seconds = asked["wall_seconds"]
    speed = asked["tokens"] / seconds if seconds else 0
    yield (
        f"  the model read {asked['texts']} texts, {asked['tokens']} tokens in"
        f" {seconds:.1f} s: {speed:.0f} tokens/s with its start"
    )


def _products(context: Context) -> Iterator[str]:
    insight = read_table(context.catalog, "product_insight", None)[0].to_arrow()
    latest = insight.filter(pc.equal(insight["as_of"], pc.max(insight["as_of"])))
    rated = [row for row in latest.to_pylist() if row["answered"] >= _FEWEST_REVIEWS]
    rated.sort(key=lambda r: (r["share_positive"] - r["share_negative"], r["product_id"]))
    reviews = _current_reviews(context)
    for title, chosen, label in (
        ("What shoppers love", rated[::-1][:_BEST], "positive"),
        ("What they complain of", rated[:_BEST], "negative"),
    ):
        yield ""
        yield title
        for row in chosen:
            yield (
                f"  {row['title']} ({row['product_id']}): {row['reviews']} reviews,"
                f" {row['share_positive']:.0%} positive, {row['share_negative']:.0%} negative,"
                f" {row['mean_rating']:.1f} stars{_trend(row)}"
            )
            if quote := reviews.get((row["product_id"], label)):
                yield f'      "{quote}"'


def _trend(row: dict[str, Any]) -> str:
    if row["trend"] is None:
        return ""
    return f", {row['trend']:+.0%} positive against the 28 days before"


def _current_reviews(context: Context) -> dict[tuple[str, str], str]:
    """The surest published review of each product and label, as a line that fits the screen."""
    bodies = {
        (row["review_id"], row["landing_date"], row["row"]): row["body"]
        for row in rows_of(context, "review_versions")
    }
    surest: dict[tuple[str, str], tuple[float, str]] = {}
    for row in rows_of(context, "review_sentiment"):
        body = bodies.get((row["review_id"], row["landing_date"], row["row"])) or ""
        if row["label"] is None or len(body) > 3 * _QUOTE:
            continue
        key, sure = (row["product_id"], row["label"]), row[f"p_{row['label']}"]
        surest[key] = max(surest.get(key, (0.0, "")), (sure, " ".join(body.split())))
    return {
        key: body if len(body) <= _QUOTE else f"{body[: _QUOTE - 1]}…"
        for key, (_, body) in surest.items()
    }


def _where(context: Context) -> Iterator[str]:
    settings = context.settings
    newest = releases(context.catalog)[-1]
    table = SHELF[0].removeprefix("lake.")
    yield ""
    yield f"Releases {', '.join(str(one.release) for one in releases(context.catalog))}; tables:"
    for name, snapshot in sorted(newest.tables.items()):
        yield f"  {name} (snapshot {snapshot})"
    location = context.catalog.load_table(table).metadata_location
    yield "Read one:"
    yield f"  nightshelf  nightshelf show {table.rpartition('.')[2]} --out sentiment.csv"
    yield (
        "  PyIceberg   from pyiceberg.catalog.sql import SqlCatalog;"
        f" SqlCatalog('lake', uri='{settings.catalog_database}',"
        f" warehouse='{settings.warehouse_uri}').load_table('{table}').scan().to_arrow()"
    )
    yield (
        "  Spark       spark.sql.catalog.lake.{type=jdbc,"
        f" uri=jdbc:{settings.catalog_database.replace(':///', ':')},"
        f" warehouse={settings.warehouse_uri}}}; SELECT * FROM lake.{table}"
    )
    yield f"  DuckDB      SELECT * FROM iceberg_scan('{location.removeprefix('file://')}')"
