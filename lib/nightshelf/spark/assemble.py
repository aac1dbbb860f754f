"""Write a run's shelf tables to its branch, and digest what came out."""

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from nightshelf.lakehouse import sql
from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import PRODUCT_INSIGHT, SENTIMENT, SHELF
from nightshelf.shelf import product_embedding, product_insight, review_embedding, review_sentiment
from nightshelf.shelf.table import digest
from nightshelf.spark.views import Night


def assemble(session: SparkSession, night: Night, branch: str) -> None:
    """A pure join of versions and answers; needs the views of `open_views` and the branch."""
    for table in (review_sentiment, review_embedding, product_embedding):
        session.sql(table.assemble(night.models, branch))
    _assemble_insight(session, night, branch)


def digests(session: SparkSession, branch: str) -> dict[str, dict[str, str]]:
    """Per shelf table its number of rows and a digest of its content."""
    found = {}
    for table in SHELF:
        [row] = session.sql(digest(table, sql.on_branch(table, branch))).collect()
        found[table] = {"rows": str(row["rows"]), "digest": str(row["digest"])}
    return found


def _assemble_insight(session: SparkSession, night: Night, branch: str) -> None:
    """What changed on a day changes each later day's picture too."""
    source = sql.at_snapshot(PRODUCT_INSIGHT, night.base[PRODUCT_INSIGHT])
    published = session.sql(sql.days_published(source)).collect()
    first = min(night.dates)
    later = {day for row in published if (day := row["as_of"].isoformat()) >= first}
    days = sorted(later | set(night.dates))
    rows = session.sql(product_insight.rows_as_of(days, night.models[SENTIMENT]))
    target = sql.on_branch(PRODUCT_INSIGHT, branch)
    chosen = F.col("as_of").isin(*(F.lit(day).cast("date") for day in days))
    rows.select(*TABLES[PRODUCT_INSIGHT].columns).writeTo(target).overwrite(chosen)
