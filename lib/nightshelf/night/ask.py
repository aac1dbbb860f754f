"""Second step: put what has no answer to the models, wave by wave."""

import math
from datetime import datetime
from functools import partial

from pyspark.sql import SparkSession

from nightshelf.engine.runner import Limits
from nightshelf.engine.usage import Usage
from nightshelf.errors import ModelError
from nightshelf.host.folder import HostFolder
from nightshelf.host.progress import under_way
from nightshelf.host.start import HostLimits
from nightshelf.models.versions import model_versions
from nightshelf.night.context import Context
from nightshelf.night.frozen import night_of
from nightshelf.night.speed import Speed
from nightshelf.ops import runs
from nightshelf.spark.ask import Wave, ask_waves, texts_to_ask
from nightshelf.spark.errors import of_workers
from nightshelf.spark.progress import watched
from nightshelf.spark.views import Night, open_views
from nightshelf.spark.worker import Work


def ask(session: SparkSession, context: Context, run: str) -> None:
    """
    Every wave is committed before the next begins; a rerun asks only what is missing.

    Raise `ModelBroken` when more texts fail than any input explains.
    """
    night = night_of(context, run)
    open_views(session, night, with_text=True)
    texts = texts_to_ask(session, night)
    total = texts.count()
    waves = math.ceil(total / context.settings.wave_rows)
    speed = Speed(total, math.ceil(total / max(waves, 1)), context.clock)
    if total:
        _same_models(context, dict(night.models))
        context.say(f"ask: {total} texts in {waves} waves")
        opened = partial(_open_wave, context, run)
        work = _work(session, context, night)
        with of_workers(), watched(session, partial(_progress, context, speed)):
            for number, wave in ask_waves(texts, work, total, waves, opened):
                _note(context, number, wave, speed.end_wave(wave.usage))
                context.say(f"ask: {speed.line()}")
    failed = speed.usage.failures
    runs.update_run(context.ops, run, asked=speed.totals())
    reasons = ", ".join(f"{reason} {times}" for reason, times in sorted(failed.items()))
    context.say(
        f"ask: {speed.usage.texts} texts asked, {sum(failed.values())} of them failed"
        + (f" ({reasons})" if reasons else "")
    )


def _work(session: SparkSession, context: Context, night: Night) -> Work:
    settings = context.settings
    return Work(
        run=night.run,
        models=night.models,
        choice=context.choice,
        limits=Limits(
            max_padded_tokens=settings.max_padded_tokens,
            window_rows=settings.window_rows,
            max_failed_share=settings.max_failed_share,
        ),
        home=settings.home,
        host=HostLimits(idle_seconds=settings.host_idle_seconds, memory_mb=settings.host_memory_mb),
        slots=session.sparkContext.defaultParallelism,
    )


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
    usage: Usage = wave.usage
    runs.close_wave(
        context.ops,
        number,
        seconds=seconds,
        texts=usage.texts,
        tokens=usage.tokens,
        answers=wave.answers,
        usage=usage.as_dict(),
    )


def _progress(context: Context, speed: Speed, tasks: int, done: int) -> None:
    running = under_way(HostFolder.of(context.settings.home))
    context.say(f"ask: {speed.line_within(done, tasks, running)}")
