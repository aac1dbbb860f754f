"""What each model of a night has to read, and what that takes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from pyspark.sql import DataFrame, SparkSession

from nightshelf.models.panel import Choice
from nightshelf.night.caps import Caps
from nightshelf.night.context import Context
from nightshelf.night.estimate import Part
from nightshelf.night.forecast import forecast
from nightshelf.night.pace import Measured, Pace, pace_of
from nightshelf.night.parts import Asked, asked_of
from nightshelf.night.planned import Pair
from nightshelf.ops.throughput import waves_by
from nightshelf.spark.gpus import places_of
from nightshelf.spark.tokens import Counted, count_tokens
from nightshelf.spark.views import Night
from nightshelf.spark.worth import Reading, chosen, what_fits


class Planned(NamedTuple):
    """The texts of one model, their tokens, and what they are expected to take."""

    asked: Asked
    counted: Counted
    part: Part


def plan_reading(
    session: SparkSession, context: Context, night: Night, pairs: Sequence[Pair]
) -> list[Planned]:
    """For each model in turn; needs the views of `open_views`, with text."""
    return [
        _planned(session, context, asked_of(session, night, questions), choice)
        for choice, questions in pairs
    ]


def rank(
    session: SparkSession, context: Context, planned: Sequence[Planned], caps: Caps
) -> DataFrame:
    """See `spark.worth.chosen`."""
    readings = [
        Reading(
            one.asked.night,
            one.counted.rows,
            price=one.part.cost / one.part.tokens if one.part.tokens else 0.0,
        )
        for one in planned
    ]
    return chosen(session, readings, context.settings.plan_order, asdict(caps))


def fitting_part(
    session: SparkSession, context: Context, planned: Sequence[Planned], caps: Caps
) -> Mapping[str, Any]:
    """As a person who has to decide needs it."""
    fits = what_fits(rank(session, context, planned, caps))
    return {**fits, "order": context.settings.plan_order, "caps": asdict(caps)}


def _planned(session: SparkSession, context: Context, asked: Asked, choice: Choice) -> Planned:
    counted = count_tokens(asked.texts, choice, asked.total)
    devices = places_of(session, context.settings).at_once
    part = Part(
        questions=tuple(asked.night.models),
        texts=asked.total,
        tokens=counted.tokens,
        counted=counted.counted,
    )
    pace = measured_pace(context, asked.night.models, devices)
    return Planned(asked, counted, forecast(part, pace, context.settings, devices))


def measured_pace(context: Context, models: Mapping[str, str], devices: int) -> Pace | None:
    """Of the newest waves by these model versions; None where there was none."""
    waves = [
        Measured(one["tokens"], one["seconds"], (one["usage"] or {}).get("busy_seconds", 0.0))
        for one in waves_by(context.ops, models)
    ]
    return pace_of(waves, devices)
