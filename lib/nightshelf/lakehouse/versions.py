"""SQL that says which version of a row is the current one, and what a night has to write."""

from collections.abc import Iterable, Sequence

from nightshelf.lakehouse.sql import dates, name
from nightshelf.names import LANDINGS, PRODUCT_VERSIONS, REVIEW_VERSIONS

#: The views of these tables that hold no more than a run may see; see `seen`.
SEEN = {
    REVIEW_VERSIONS: "seen_reviews",
    PRODUCT_VERSIONS: "seen_catalog",
    LANDINGS: "seen_landings",
}


def newest_first(time_field: str) -> tuple[str, ...]:
    """
    The order of versions: by their own time, then landing date, file and row.

    A row that does not say its time counts from the end of the day on which it landed.
    """
    landed = "CAST(date_add(landing_date, 1) AS TIMESTAMP) - INTERVAL 1 MICROSECOND"
    return (
        f"coalesce({name(time_field)}, {landed}) DESC",
        "landing_date DESC",
        "file DESC",
        "row DESC",
    )


def affected_reviews(days: Iterable[str], shelf: str, retry: str) -> str:
    """Ids whose row may change: landed on these days, published from them, or to be retried."""
    listed = dates(days)
    return f"""SELECT review_id FROM {REVIEW_VERSIONS} WHERE landing_date IN ({listed})
        UNION SELECT review_id FROM {shelf} WHERE landing_date IN ({listed})
        UNION SELECT review_id FROM {retry}"""


def ids_of_any(id_field: str, rows: Iterable[str]) -> str:
    """The ids that any of these selects gives, each once."""
    return " UNION ".join(f"SELECT {name(id_field)} FROM ({select})" for select in rows)


def reviews_not_on(shelf: str) -> str:
    """What a question that was added later has not been asked about yet."""
    return f"""SELECT review_id FROM {SEEN[REVIEW_VERSIONS]}
        LEFT ANTI JOIN (SELECT review_id AS shown FROM {shelf}) ON shown = review_id"""


def affected_products(shelf: str) -> str:
    """All ids: a snapshot may withdraw any of them, and products are few beside reviews."""
    return f"SELECT product_id FROM {SEEN[PRODUCT_VERSIONS]} UNION SELECT product_id FROM {shelf}"


def seen(table: str, days: Iterable[str]) -> str:
    """
    The rows of the dates that a run may see: its own and those that are released.

    What another run has ingested and not released yet has no answers; it will come with that run.
    """
    return f"SELECT * FROM {name(table)} WHERE landing_date IN ({dates(days)})"


def current_reviews(affected: str) -> str:
    """The newest version of each affected review, unless that is a deletion."""
    versions = f"""SELECT v.* FROM {SEEN[REVIEW_VERSIONS]} v
        LEFT SEMI JOIN {affected} a ON a.review_id = v.review_id"""
    return _newest(versions, "review_id", "created_at")


def current_reviews_until(until: str) -> str:
    """The newest version of each review among those that had landed by then."""
    versions = f"SELECT * FROM {SEEN[REVIEW_VERSIONS]} WHERE landing_date <= {until}"
    return _newest(versions, "review_id", "created_at")


def current_products(until: str = "DATE'9999-12-31'") -> str:
    """The newest version of each product; what a snapshot does not hold is gone since then."""
    snapshot = f"""coalesce((SELECT max(landing_date) FROM {SEEN[LANDINGS]}
        WHERE dataset = 'catalog' AND mode = 'snapshot' AND landing_date <= {until}),
        DATE'0001-01-01')"""
    versions = f"""SELECT * FROM {SEEN[PRODUCT_VERSIONS]}
        WHERE landing_date <= {until} AND landing_date >= {snapshot}"""
    return _newest(versions, "product_id", "updated_at")


def _newest(versions: str, id_field: str, time_field: str) -> str:
    order = ", ".join(newest_first(time_field))
    return f"""SELECT * FROM (
        SELECT *, row_number() OVER (PARTITION BY {id_field} ORDER BY {order}) AS place
        FROM ({versions})
    ) WHERE place = 1 AND op = 'upsert'"""


def with_text(products: str) -> str:
    """The same rows with all that the shop said; views may leave text out."""
    place = ("product_id", "landing_date", "file", "row")
    same = " AND ".join(f"p.{column} = v.{column}" for column in place)
    return f"SELECT v.* FROM {PRODUCT_VERSIONS} v LEFT SEMI JOIN ({products}) p ON {same}"


def to_write(current: str, shelf: str, same: Sequence[str], days: Iterable[str], retry: str) -> str:
    """
    Current versions that are not published, landed on the run's days, or are to be retried.

    What is published is the current version where columns are the `same`, of which the first is
    the id.
    """
    id_field, *_ = same
    equal = " AND ".join(f"t.{name(column)} = c.{name(column)}" for column in same)
    return f"""SELECT c.* FROM {current} c LEFT ANTI JOIN (
        SELECT * FROM {shelf} s LEFT ANTI JOIN {retry} r ON r.{name(id_field)} = s.{name(id_field)}
        WHERE landing_date NOT IN ({dates(days)})
    ) t ON {equal}"""


def to_ask(writing: str, days: Iterable[str]) -> str:
    """
    What is to be published, and every version of a review that landed on these days, if any.

    One that was superseded since was the current one on its day, and that day's picture of its
    product needs its answer.
    """
    listed = dates(days)
    if not listed:
        return f"SELECT * FROM {name(writing)}"
    return f"""SELECT * EXCEPT (place) FROM {writing} WHERE landing_date NOT IN ({listed})
        UNION ALL SELECT * FROM {SEEN[REVIEW_VERSIONS]}
        WHERE landing_date IN ({listed}) AND op = 'upsert'"""
