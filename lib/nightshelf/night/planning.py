"""Plan a night: what has to be asked and why, how long it takes, what it costs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from pyspark.sql import SparkSession

from nightshelf.night.caps import caps_of
from nightshelf.night.context import Context
from nightshelf.night.estimate import Estimate
from nightshelf.night.fidelity import must_be_faithful
from nightshelf.night.forecast import prices_of
from nightshelf.night.frozen import night_of
from nightshelf.night.planned import planned
from nightshelf.night.reading import Planned, fitting_part, plan_reading
from nightshelf.night.sentences import of_estimate, of_question
from nightshelf.ops import runs
from nightshelf.ops.throughput import rest_of_nights
from nightshelf.spark.gpus import places_of
from nightshelf.spark.left_out import forget_left_out
from nightshelf.spark.plan import plan
from nightshelf.spark.views import Night, open_views


def make_plan(session: SparkSession, context: Context, run: str) -> None:
    """Write into the run what it has to ask and what that will take, and say so."""
    night = night_of(context, run)
    # Not before ingest: the verdict that is missing can be taken on the reviews it has accepted.
    must_be_faithful(context, night.models)
    if night.is_capped:
        # An earlier attempt at this run left something out of the plan that it had then.
        forget_left_out(session, run)
    open_views(session, night, with_text=False)
    counts = plan(session, night, _other_prompts(context, night))
    night = replace(night, rows={name: found["rows"] for name, found in counts.items()})
    parts = _reading(session, context, night, counts)
    estimate = _estimate(context, run, parts)
    over = caps_of(context.settings, runs.read_run(context.ops, run)["caps"])
    fits = fitting_part(session, context, parts, over) if over.exceeded(estimate) else None
    devices = places_of(session, context.settings).at_once if parts else 0
    prices = prices_of(context.settings, devices)
    known = {**estimate.as_dict(), "fits": fits, "prices": prices}
    runs.update_run(context.ops, run, plan=counts, estimate=known)
    for question, found in counts.items():
        context.say(of_question(question, found))
    for line in of_estimate(estimate, context.settings):
        context.say(line)


def plan_quietly(session: SparkSession, context: Context, run: str) -> None:
    """Whoever asked for the plan alone is told by the command that waits for this."""
    make_plan(session, replace(context, say=lambda _: None), run)


def _reading(
    session: SparkSession, context: Context, night: Night, counts: Mapping[str, Any]
) -> list[Planned]:
    pairs = [
        (choice, questions)
        for choice, questions in planned(context, night.models)
        if any(counts[name]["to_ask"] for name in questions if name in counts)
    ]
    if not pairs:
        return []
    open_views(session, night, with_text=True)
    return plan_reading(session, context, night, pairs)


def _estimate(context: Context, run: str, parts: list[Planned]) -> Estimate:
    date = datetime.fromisoformat(runs.read_run(context.ops, run)["date"]).replace(tzinfo=UTC)
    rest = rest_of_nights(context.ops)
    return Estimate(
        parts=tuple(one.part for one in parts),
        planned_at=context.clock(),
        deadline=date + timedelta(days=1, hours=context.settings.night_deadline_hours),
        rest_seconds=median(rest) if rest else None,
    )


def _other_prompts(context: Context, night: Night) -> dict[str, list[str]]:
    """By question the model versions that differ from the run's by their prompt alone."""
    found = {}
    for question, version in night.models.items():
        known = {row["id"]: row["identity"] for row in runs.model_ids(context.ops, question)}
        own = known.get(version, {})
        if "prompt" in own:
            found[question] = [
                other
                for other, identity in known.items()
                if other != version and {**identity, "prompt": own["prompt"]} == own
            ]
    return found
