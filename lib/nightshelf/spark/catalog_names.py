"""What the search for names needs of the lake: what the shop sells, and which rows were read."""

from collections.abc import Sequence

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from nightshelf.contracts import REVIEWS
from nightshelf.names import PRODUCT_VERSIONS, REVIEW_VERSIONS
from nightshelf.privacy.names import CatalogNames, NameFinder, NameRedactor
from nightshelf.privacy.recall import takes_names

#: Of more products only the brands go to the workers: each keeps them in memory.
MOST_TITLES = 200_000


def name_redactor(
    session: SparkSession, dataset: str, finder: NameFinder | None
) -> NameRedactor | None:
    """For reviews, where names are taken out at all; needs the catalog of the night to be read."""
    if finder is None or dataset != REVIEWS.dataset:
        return None
    return NameRedactor(finder, catalog_names(session))


def catalog_names(session: SparkSession) -> CatalogNames:
    """Of all accepted versions: which of them is current does not change a name of goods."""
    products = session.table(PRODUCT_VERSIONS).where("op <> 'delete'")
    named = products.select("product_id", "title", "brand").distinct().limit(MOST_TITLES + 1)
    rows = [tuple(row) for row in named.collect()]
    if len(rows) > MOST_TITLES:
        brands = products.select("brand").where("brand IS NOT NULL").distinct().collect()
        rows = [("", None, row["brand"]) for row in brands]
    return CatalogNames.of(rows)


def screened_sentence(session: SparkSession, dates: Sequence[str]) -> str:
    """How many reviews of the dates were looked through; the others are not English."""
    days = [F.lit(date).cast("date") for date in dates]
    rows = session.table(REVIEW_VERSIONS).where(F.col("landing_date").isin(*days))
    counts = {row["redactor"]: row["count"] for row in rows.groupBy("redactor").count().collect()}
    return said(counts)


def said(counts: dict[str, int]) -> str:
    """
    >>> said({"rules-1 names-1 presidio-2": 9, "rules-1": 1})
    '9 of 10 reviews were looked through; 1 are not English and keep theirs'
    """
    read = sum(count for redactor, count in counts.items() if takes_names(redactor))
    total = sum(counts.values())
    left = f"; {total - read} are not English and keep theirs" if total > read else ""
    return f"{read:,} of {total:,} reviews were looked through{left}"


def looked_through(session: SparkSession, texts: DataFrame) -> tuple[DataFrame, DataFrame]:
    """
    `texts`, by whether a review of that content was read for names: it was, it was not.

    One row suffices: whatever was found in a text would be gone from all that have this content.
    """
    redactor = F.regexp_like(F.col("redactor"), F.lit(r"(^| )names-[0-9]+ "))
    read = session.table(REVIEW_VERSIONS).where(redactor).select("content_key").distinct()
    return texts.join(read, "content_key", "left_semi"), texts.join(
        read, "content_key", "left_anti"
    )
