"""`product_insight`: per product and date, what its reviews said up to then."""

from collections.abc import Iterable

from nightshelf.lakehouse import sql, versions
from nightshelf.names import ANSWERS, SENTIMENT

#: Days of a window; the trend compares one with the one before.
WINDOW_DAYS = 28


def rows_as_of(days: Iterable[str], version: str) -> str:
    """One row a product and day that has a review which landed by then."""
    return " UNION ALL ".join(_as_of(day, version) for day in sorted(days))


def _as_of(day: str, version: str) -> str:
    at = sql.dates([day])
    reviews = versions.current_reviews_until(at)
    return f"""SELECT {at} AS as_of, r.product_id, p.title, p.brand, p.category,
            {_MEASURES.format(at=at, days=WINDOW_DAYS)}
        FROM ({reviews}) r
        LEFT JOIN ({_labels(version)}) a ON a.content_key = r.content_key
        LEFT JOIN ({versions.current_products(at)}) p ON p.product_id = r.product_id
        GROUP BY r.product_id, p.title, p.brand, p.category"""


def _labels(version: str) -> str:
    """
    One label a content: by the run's model where it has answered, else by the last that did.

    A version that was superseded is no longer on the shelf, so its answer is found by content.
    """
    order = f"(model_version = '{version}') DESC, wave DESC, answered_at DESC"
    return f"""SELECT content_key, label, key, model_version, run FROM (
        SELECT *, row_number() OVER (PARTITION BY content_key ORDER BY {order}) AS place
        FROM {ANSWERS}.{SENTIMENT} WHERE status = 'answered'
    ) WHERE place = 1"""


_RECENT = "r.event_date > date_sub({at}, {days}) AND r.event_date <= {at}"
_BEFORE = "r.event_date > date_sub({at}, 2 * {days}) AND r.event_date <= date_sub({at}, {days})"
_POSITIVE = "avg(CAST(a.label = 'positive' AS DOUBLE))"

_MEASURES = f"""count(*) AS reviews,
            count(a.label) AS answered,
            avg(r.rating) AS mean_rating,
            avg(CAST(a.label = 'negative' AS DOUBLE)) AS share_negative,
            avg(CAST(a.label = 'neutral' AS DOUBLE)) AS share_neutral,
            {_POSITIVE} AS share_positive,
            count_if({_RECENT}) AS reviews_28d,
            {_POSITIVE} FILTER (WHERE {_RECENT}) AS share_positive_28d,
            {_POSITIVE} FILTER (WHERE {_BEFORE}) AS share_positive_before,
            {_POSITIVE} FILTER (WHERE {_RECENT})
                - {_POSITIVE} FILTER (WHERE {_BEFORE}) AS trend,
            sha2(CAST(sum(CAST(xxhash64(a.key) AS DECIMAL(38, 0))) AS STRING), 256) AS key,
            array_join(array_sort(collect_set(a.model_version)), ',') AS model_version,
            max(a.run) AS run"""
