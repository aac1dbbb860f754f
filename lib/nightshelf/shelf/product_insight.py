"""`product_insight`: per product and date, what its reviews said up to then."""

from collections.abc import Iterable, Sequence

from nightshelf.lakehouse import sql, versions
from nightshelf.names import SENTIMENT

#: Days of a window; the trend compares one with the one before.
WINDOW_DAYS = 28


def rows_as_of(days: Iterable[str], sentiment: str, preferred: Sequence[str]) -> str:
    """
    One row a product and day that has a review which landed by then.

    `sentiment` is the run's table of published sentiment, `preferred` the model versions whose
    label a superseded text has, the first that has answered it.
    """
    return " UNION ALL ".join(_as_of(day, sentiment, preferred) for day in sorted(days))


def _as_of(day: str, sentiment: str, preferred: Sequence[str]) -> str:
    at = sql.dates([day])
    reviews = f"""SELECT v.*,
            CASE WHEN s.review_id IS NULL THEN a.label ELSE s.label END AS label,
            CASE WHEN s.review_id IS NULL THEN a.key WHEN s.label IS NOT NULL THEN s.key END AS key,
            CASE WHEN s.review_id IS NULL THEN a.model_version
                WHEN s.label IS NOT NULL THEN s.model_version END AS model_version,
            CASE WHEN s.review_id IS NULL THEN a.run
                WHEN s.label IS NOT NULL THEN s.run END AS answered_in
        FROM ({versions.current_reviews_until(at)}) v
        LEFT JOIN {sentiment} s ON {_SAME_VERSION}
        LEFT JOIN ({_labels(preferred)}) a ON a.content_key = v.content_key"""
    return f"""SELECT {at} AS as_of, r.product_id, p.title, p.brand, p.category,
            {_MEASURES.format(at=at, days=WINDOW_DAYS)}
        FROM ({reviews}) r
        LEFT JOIN ({versions.current_products(at)}) p ON p.product_id = r.product_id
        GROUP BY r.product_id, p.title, p.brand, p.category"""


def _labels(preferred: Sequence[str]) -> str:
    """
    One label a content: by the first of the preferred versions that has answered it.

    A version of a review that was superseded is no longer on the shelf, so its answer is found by
    content. Neither waves nor times decide, which follow the order of the runs.
    """
    known = ", ".join(f"'{sql.model_version(one)}'" for one in preferred)
    order = f"array_position(array({known}), model_version)" if known else "0"
    return f"""SELECT content_key, label, key, model_version, run FROM (
        SELECT *, row_number() OVER (PARTITION BY content_key
            ORDER BY {order} = 0, {order}, model_version) AS preference
        FROM ({sql.best_answers(SENTIMENT)}) WHERE status = 'answered'
    ) WHERE preference = 1"""


_SAME_VERSION = " AND ".join(
    f"s.{column} = v.{column}"
    for column in ("review_id", "landing_date", "file", "row", "content_key")
)
_RECENT = "r.event_date > date_sub({at}, {days}) AND r.event_date <= {at}"
_BEFORE = "r.event_date > date_sub({at}, 2 * {days}) AND r.event_date <= date_sub({at}, {days})"
_POSITIVE = "avg(CAST(r.label = 'positive' AS DOUBLE))"

_MEASURES = f"""count(*) AS reviews,
            count(r.label) AS answered,
            avg(r.rating) AS mean_rating,
            avg(CAST(r.label = 'negative' AS DOUBLE)) AS share_negative,
            avg(CAST(r.label = 'neutral' AS DOUBLE)) AS share_neutral,
            {_POSITIVE} AS share_positive,
            count_if({_RECENT}) AS reviews_28d,
            {_POSITIVE} FILTER (WHERE {_RECENT}) AS share_positive_28d,
            {_POSITIVE} FILTER (WHERE {_BEFORE}) AS share_positive_before,
            {_POSITIVE} FILTER (WHERE {_RECENT})
                - {_POSITIVE} FILTER (WHERE {_BEFORE}) AS trend,
            sha2(CAST(sum(CAST(xxhash64(r.key) AS DECIMAL(38, 0))) AS STRING), 256) AS key,
            array_join(array_sort(collect_set(r.model_version)), ',') AS model_version,
            max(r.answered_in) AS run"""
