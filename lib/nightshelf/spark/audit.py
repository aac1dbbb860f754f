"""Measure what a run has assembled, before anybody reads it."""

from collections.abc import Mapping

from pyspark.sql import SparkSession

from nightshelf.lakehouse import outcomes, sql
from nightshelf.names import LANDINGS, PRODUCT_DESCRIPTION, PRODUCT_EMBEDDING
from nightshelf.quality import drift
from nightshelf.quality.accounting import ACCOUNTING
from nightshelf.quality.expectations import Check, Expectation, checks
from nightshelf.quality.suites import suites
from nightshelf.settings import Settings
from nightshelf.shelf import chosen
from nightshelf.spark.views import Night

Ends = Mapping[str, Mapping[str, float | None]]


def ends_of(session: SparkSession, night: Night, branch: str) -> Ends:
    """For each published table how the current rows that the run touched have ended."""
    found = {}
    for one in night.published:
        place = (one.lane.name, one.lane.id_field, sql.on_branch(one.table, branch))
        select = outcomes.coverage(*place, night.left_out(one.question))
        found[one.table] = _one_row(session, select)
    return found


def audit(
    session: SparkSession, night: Night, branch: str, settings: Settings, ends: Ends
) -> list[Check]:
    """
    What was measured on the branch of every expectation; `ends` as `ends_of` gives them.

    Needs the views of `open_views`.
    """
    days = [f"DATE'{day}'" for day in sorted(night.dates)]
    found: list[Check] = []
    classified = {
        one.table: one.lane.id_field for one in night.published if "scores" in one.columns
    }
    for table, suite in suites(settings, days, classified).items():
        if table not in night.base:
            continue
        measured = _one_row(session, sql.measure(_rows_of(night, table, branch), suite))
        found += checks(table, measured, suite)
    for table, ended in ends.items():
        found += checks(table, ended, drift.COVERAGE)
    found += _drift(session, night, branch, settings)
    if night.chosen:  # nothing has landed in this run
        return found
    measured = _one_row(session, sql.measure(f"({sql.accounting(night.dates)})", ACCOUNTING))
    return found + checks(LANDINGS, measured, ACCOUNTING)


def _rows_of(night: Night, table: str, branch: str) -> str:
    """The table on the branch; rows that a run has chosen are marked."""
    source = sql.on_branch(table, branch)
    for one in night.published:
        if night.chosen and one.table == table:
            return chosen.with_mark(one, source)
    return source


def _drift(session: SparkSession, night: Night, branch: str, settings: Settings) -> list[Check]:
    found: list[Check] = []
    drifts: Mapping[str, tuple[str, Expectation]] = {
        **{
            one.table: (
                drift.LABEL_SHARES if not night.chosen else drift.CHOSEN_SHARES,
                _drifted("label_drift", settings.max_label_drift),
            )
            for one in night.published
            if "label" in one.columns and one.spec.partition == "landing_date"
        },
        PRODUCT_EMBEDDING: (
            drift.VANISHED,
            _drifted("products_vanished", settings.max_product_drop),
        ),
        PRODUCT_DESCRIPTION: (
            drift.SENTENCES,
            _drifted("sentence_length_drift", settings.max_sentence_drift),
        ),
    }
    lanes = {
        one.table: {"lane": one.lane.name, "id_field": one.lane.id_field} for one in night.published
    }
    for table, (select, expectation) in drifts.items():
        if table not in night.base:
            continue
        source = select.format(
            before=sql.at_snapshot(table, night.base[table]),
            after=sql.on_branch(table, branch),
            days=sql.dates(night.dates),
            length=drift.SENTENCE_LENGTH,
            **lanes.get(table, {}),
        )
        measured = _one_row(session, sql.measure(f"({source})", [expectation]))
        found += checks(table, measured, [expectation])
    return found


def _drifted(name: str, at_most: float) -> Expectation:
    return Expectation(name, "coalesce(max(drift), 0)", at_most=at_most, is_judgement=True)


def _one_row(session: SparkSession, select: str) -> dict[str, float | None]:
    [row] = session.sql(select).collect()
    return {name: None if value is None else float(value) for name, value in row.asDict().items()}
