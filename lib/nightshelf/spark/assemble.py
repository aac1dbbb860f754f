"""Write a run's shelf tables to its branch, and digest what came out."""

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from nightshelf.lakehouse import outcomes, sql
from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import PRODUCT_INSIGHT, REVIEW_SENTIMENT, SENTIMENT
from nightshelf.shelf import chosen, product_insight, table
from nightshelf.shelf.published import shelf_specs
from nightshelf.spark.judge import judged
from nightshelf.spark.views import Night


def assemble(session: SparkSession, night: Night, branch: str) -> None:
    """A pure join of versions and answers; needs the views of `open_views` and the branch."""
    for one in night.published:
        version, left_out = night.models[one.question], night.left_out(one.question)
        rows = table.answered_rows(one, version, f"writing_{one.lane.name}", left_out)
        if night.describing and one.lane.reads_requests:
            rows = judged(session, one, rows, night.describing)
        session.sql(table.assemble(one, rows, branch))
    _assemble_insight(session, night, branch)


def digests(session: SparkSession, night: Night, branch: str) -> dict[str, dict[str, str]]:
    """Per shelf table its number of rows and a digest of its content."""
    found = {}
    for name, spec in shelf_specs(night.published).items():
        [row] = session.sql(table.digest(spec.columns, sql.on_branch(name, branch))).collect()
        found[name] = {"rows": str(row["rows"]), "digest": str(row["digest"])}
    return found


def _assemble_insight(session: SparkSession, night: Night, branch: str) -> None:
    """
    What changed on a day changes each later day's picture too.

    So do rows that a cap had left out then, and that may have their answers now.
    """
    if SENTIMENT not in night.models or (first := _first_day(session, night)) is None:
        return
    source = sql.at_snapshot(PRODUCT_INSIGHT, night.base[PRODUCT_INSIGHT])
    published = session.sql(sql.days_published(source)).collect()
    later = {day for row in published if (day := row["as_of"].isoformat()) >= first}
    days = sorted(later | set(night.dates))
    sentiment = sql.on_branch(REVIEW_SENTIMENT, branch)
    rows = session.sql(product_insight.rows_as_of(days, sentiment, night.preferred))
    target = sql.on_branch(PRODUCT_INSIGHT, branch)
    chosen_days = F.col("as_of").isin(*(F.lit(day).cast("date") for day in days))
    rows.select(*TABLES[PRODUCT_INSIGHT].columns).writeTo(target).overwrite(chosen_days)


def _first_day(session: SparkSession, night: Night) -> str | None:
    """The first day whose picture may have changed; none where nothing was written."""
    if not night.chosen:
        reviews = sql.at_snapshot(REVIEW_SENTIMENT, night.base[REVIEW_SENTIMENT])
        [deferred] = session.sql(outcomes.first_deferred(reviews)).collect()
        found: str = min([*night.dates, *filter(None, [deferred["day"]])])
        return found
    [lane] = night.lanes_of(SENTIMENT)
    [row] = session.sql(chosen.first_day(f"writing_{lane.name}")).collect()
    return str(row["day"]) if row["day"] else None
