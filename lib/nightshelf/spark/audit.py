"""Measure what a run has assembled, before anybody reads it."""

from collections.abc import Mapping

from pyspark.sql import SparkSession

from nightshelf.lakehouse import sql
from nightshelf.names import LANDINGS, PRODUCT_EMBEDDING, REVIEW_EMBEDDING, REVIEW_SENTIMENT
from nightshelf.quality import drift
from nightshelf.quality.accounting import ACCOUNTING
from nightshelf.quality.expectations import Expectation, Violation, violations
from nightshelf.quality.suites import suites
from nightshelf.settings import Settings
from nightshelf.spark.views import Night

#: Tables that hold each current row of a data set exactly once.
_ONE_ROW_AN_ID = {
    REVIEW_SENTIMENT: "reviews",
    REVIEW_EMBEDDING: "reviews",
    PRODUCT_EMBEDDING: "catalog",
}


def audit(session: SparkSession, night: Night, branch: str, settings: Settings) -> list[Violation]:
    """Every expectation that does not hold on the branch; needs the views of `open_views`."""
    days = [f"DATE'{day}'" for day in sorted(night.dates)]
    found: list[Violation] = []
    for table, suite in suites(settings, days).items():
        measured = _one_row(session, sql.measure(sql.on_branch(table, branch), suite))
        found += violations(table, measured, suite)
    for table, dataset in _ONE_ROW_AN_ID.items():
        measured = _one_row(session, sql.coverage(dataset, sql.on_branch(table, branch)))
        found += violations(table, measured, drift.COVERAGE)
    found += _drift(session, night, branch, settings)
    measured = _one_row(session, sql.measure(f"({sql.accounting(night.dates)})", ACCOUNTING))
    return found + violations(LANDINGS, measured, ACCOUNTING)


def _drift(session: SparkSession, night: Night, branch: str, settings: Settings) -> list[Violation]:
    found: list[Violation] = []
    checks: Mapping[str, tuple[str, Expectation]] = {
        REVIEW_SENTIMENT: (
            drift.LABEL_SHARES,
            Expectation("label_drift", "coalesce(max(drift), 0)", at_most=settings.max_label_drift),
        ),
        PRODUCT_EMBEDDING: (
            drift.VANISHED,
            Expectation(
                "products_vanished", "coalesce(max(drift), 0)", at_most=settings.max_product_drop
            ),
        ),
    }
    for table, (select, expectation) in checks.items():
        source = select.format(
            before=sql.at_snapshot(table, night.base[table]),
            after=sql.on_branch(table, branch),
            days=sql.dates(night.dates),
        )
        measured = _one_row(session, sql.measure(f"({source})", [expectation]))
        found += violations(table, measured, [expectation])
    return found


def _one_row(session: SparkSession, select: str) -> dict[str, float | None]:
    [row] = session.sql(select).collect()
    return {name: None if value is None else float(value) for name, value in row.asDict().items()}
