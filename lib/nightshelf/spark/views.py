"""Temporary views that plan and assemble share: what may change, what is current, what to write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyspark.sql import SparkSession
from pyspark.storagelevel import StorageLevel

from nightshelf.lakehouse import sql, versions
from nightshelf.names import EMBEDDING, PRODUCT_EMBEDDING, REVIEW_SENTIMENT, SENTIMENT

#: What each question is asked about.
ASKED_ABOUT = {"sentiment": ("reviews",), "embedding": ("reviews", "catalog")}


@dataclass(frozen=True)
class Night:
    """
    What a run works on, frozen when it was planned.

    `models` maps a question to its model version, `base` a shelf table to the snapshot of the
    release that the run starts from; `seen` are the dates of that release and the run's own.
    """

    run: str
    dates: Sequence[str]
    models: Mapping[str, str]
    base: Mapping[str, int]
    seen: Sequence[str]


def open_views(session: SparkSession, night: Night, *, with_text: bool) -> None:
    """
    Make the views `affected_`, `current_`, `writing_` and `asking_<dataset>`.

    The models need their text and read each view once. Without it, rows are few and small, and
    read many times: which version is the current one is then found out once and written down.
    """
    reviews = sql.at_snapshot(REVIEW_SENTIMENT, night.base[REVIEW_SENTIMENT])
    products = sql.at_snapshot(PRODUCT_EMBEDDING, night.base[PRODUCT_EMBEDDING])
    dates = night.dates
    views = {
        **{view: versions.seen(table, night.seen) for table, view in versions.SEEN.items()},
        "retry_reviews": sql.to_retry(SENTIMENT, reviews),
        "retry_catalog": sql.to_retry(EMBEDDING, products),
        "affected_reviews": versions.affected_reviews(dates, reviews, "retry_reviews"),
        "current_reviews": versions.current_reviews("affected_reviews"),
        "writing_reviews": versions.to_write(
            "current_reviews", reviews, "review_id", dates, "retry_reviews"
        ),
        "asking_reviews": versions.to_ask("writing_reviews", dates),
        "affected_catalog": versions.affected_products(products),
        "current_catalog": versions.current_products(),
        "writing_catalog": versions.to_write(
            "current_catalog", products, "product_id", dates, "retry_catalog"
        ),
        "asking_catalog": "SELECT * FROM writing_catalog",
    }
    for view, select in views.items():
        rows = session.sql(select)
        if not with_text and view in versions.SEEN.values():
            rows = rows.drop("body", "description", "attributes")
        if not with_text and view.startswith(("affected_", "current_")):
            rows = rows.localCheckpoint(storageLevel=StorageLevel.DISK_ONLY)
        rows.createOrReplaceTempView(view)
