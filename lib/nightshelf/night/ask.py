"""Second step: put what has no answer to the models, wave by wave."""

import math
from datetime import datetime
from functools import partial

from pyspark.sql import SparkSession

from nightshelf.errors import ModelError
from nightshelf.models.versions import model_versions
from nightshelf.night.context import Context
from nightshelf.night.frozen import night_of
from nightshelf.ops import runs
from nightshelf.spark.ask import Wave, ask_waves, texts_to_ask
from nightshelf.spark.views import open_views
from nightshelf.spark.worker import Work


def ask(session: SparkSession, context: Context, run: str) -> None:
    """Every wave is committed before the next begins; a rerun asks only what is missing."""
    night = night_of(context, run)
    open_views(session, night, with_text=True)
    texts = texts_to_ask(session, night)
    total = texts.count()
    totals = {"texts": 0, "tokens": 0, "seconds": 0.0, "failed": 0, "waves": 0}
    if total:
        _same_models(context, dict(night.models))
        settings = context.settings
        work = Work(
            run, night.models, context.choice, settings.max_padded_tokens, settings.window_rows
        )
        waves = math.ceil(total / settings.wave_rows)
        context.say(f"ask: {total} texts in {waves} waves")
        started = context.clock()
        opened = partial(_open_wave, context, run)
        for number, wave in ask_waves(session, texts, work, waves, opened):
            ended = context.clock()
            _note(context, number, wave, (ended - started).total_seconds())
            _add(totals, wave, (ended - started).total_seconds())
            _progress(context, totals, total)
            started = ended
    runs.update_run(context.ops, run, asked=totals)
    context.say(f"ask: {totals['texts']} texts asked, {totals['failed']} answers failed")


def _open_wave(context: Context, run: str) -> tuple[int, datetime]:
    at = context.clock()
    return runs.open_wave(context.ops, run, now=at), at


def _same_models(context: Context, frozen: dict[str, str]) -> None:
    now = {question: version.id for question, version in model_versions(context.choice).items()}
    if now != frozen:
        raise ModelError(
            f"the run was planned for models {frozen}, but the settings name {now};"
            " set them back, or start a new run"
        )


def _note(context: Context, number: int, wave: Wave, seconds: float) -> None:
    runs.close_wave(
        context.ops,
        number,
        seconds=seconds,
        texts=wave.texts,
        tokens=wave.tokens,
        answers=wave.answers,
    )


def _add(totals: dict[str, float], wave: Wave, seconds: float) -> None:
    totals["waves"] += 1
    totals["texts"] += wave.texts
    totals["tokens"] += wave.tokens
    totals["seconds"] += seconds
    totals["failed"] += sum(by_status.get("failed", 0) for by_status in wave.answers.values())


def _progress(context: Context, totals: dict[str, float], total: int) -> None:
    rate = totals["texts"] / max(totals["seconds"], 1e-9)
    left = (total - totals["texts"]) / max(rate, 1e-9)
    context.say(
        f"ask: {totals['texts']:.0f} of {total} texts, {totals['tokens']:.0f} tokens,"
        f" {totals['tokens'] / max(totals['seconds'], 1e-9):.0f} tokens/s, {left:.0f} s to go"
    )
