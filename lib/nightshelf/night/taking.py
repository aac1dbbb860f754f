"""Ask the most valuable part of a plan that is over its caps, and defer the rest."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from pyspark.sql import SparkSession

from nightshelf.night.caps import Caps
from nightshelf.night.context import Context
from nightshelf.night.parts import Asked, asked_of
from nightshelf.night.planned import Pair
from nightshelf.night.reading import Planned, plan_reading, rank
from nightshelf.night.sentences import fitting
from nightshelf.ops import runs
from nightshelf.spark.left_out import forget_left_out, without_left_out, write_left_out
from nightshelf.spark.views import Night
from nightshelf.spark.worth import what_fits


def asked_within(
    session: SparkSession,
    context: Context,
    night: Night,
    pairs: Sequence[Pair],
    caps: Caps | None,
) -> list[Asked]:
    """
    What each model of `pairs` has to read, without what does not fit within `caps`.

    What is left out is written down before anything is asked, and a rerun leaves out the same.
    Needs the views of `open_views`, with text.
    """
    estimate = runs.read_run(context.ops, night.run)["estimate"] or {}
    known = estimate.get("left_out")
    if caps is None:
        if known:
            forget_left_out(session, night.run)
            _note(context, night.run, None)
        return [asked_of(session, night, questions) for _, questions in pairs]
    if known and known["caps"] == asdict(caps):
        parts = [asked_of(session, night, questions) for _, questions in pairs]
    else:
        parts = _choose(session, context, plan_reading(session, context, night, pairs), caps)
    return [_rest(session, one) for one in parts]


def _choose(
    session: SparkSession, context: Context, planned: Sequence[Planned], caps: Caps
) -> list[Asked]:
    run = planned[0].asked.night.run
    parts = [one.asked for one in planned]
    ranked = rank(session, context, planned, caps)
    write_left_out(session, run, [(one.night, one.texts) for one in parts], ranked)
    fitting_texts = what_fits(ranked)
    fits = {**fitting_texts, "order": context.settings.plan_order}
    texts = sum(one.total for one in parts) - int(fitting_texts["texts"])
    _note(context, run, {"caps": asdict(caps), "texts": texts})
    context.say(
        f"ask: within the caps {fitting(fits, context.settings)}; {texts:,} texts are deferred"
    )
    return parts


def _rest(session: SparkSession, asked: Asked) -> Asked:
    texts = without_left_out(session, asked.night, asked.texts)
    return replace(asked, texts=texts, total=texts.count())


def _note(context: Context, run: str, left_out: object) -> None:
    estimate = runs.read_run(context.ops, run)["estimate"]
    runs.update_run(context.ops, run, estimate={**estimate, "left_out": left_out})
