"""Second step: put what has no answer to the models, wave by wave."""

import math
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from pyspark.sql import SparkSession

from nightshelf.engine.runner import Limits
from nightshelf.engine.usage import Usage
from nightshelf.host.folder import HostFolder
from nightshelf.host.progress import under_way
from nightshelf.host.start import HostLimits
from nightshelf.models.panel import Choice
from nightshelf.models.remote.choice import RemoteChoice
from nightshelf.night.ask_remote import WAVE_TEXTS, Opened, ask_remote_waves
from nightshelf.night.caps import to_take_within
from nightshelf.night.context import Context
from nightshelf.night.estimate import Estimate
from nightshelf.night.fidelity import must_be_faithful
from nightshelf.night.frozen import night_of
from nightshelf.night.parts import Asked
from nightshelf.night.planned import planned
from nightshelf.night.speed import Speed
from nightshelf.night.taking import asked_within
from nightshelf.ops import runs
from nightshelf.spark.ask import Wave, ask_waves
from nightshelf.spark.errors import of_workers
from nightshelf.spark.gpus import places_of
from nightshelf.spark.progress import watched
from nightshelf.spark.views import Night, open_views
from nightshelf.spark.worker import Work


def ask(session: SparkSession, context: Context, run: str) -> None:
    """
    Every wave is committed before the next begins; a rerun asks only what is missing.

    Raise `ModelBroken` when more texts fail than any input explains, `OverCap` where the plan is
    over a cap and nobody has decided what becomes of it.
    """
    row = runs.read_run(context.ops, run)
    caps = to_take_within(row, context.settings)
    night = night_of(context, run)
    open_views(session, night, with_text=True)
    pairs = planned(context, night.models)
    parts = asked_within(session, context, night, pairs, caps)
    speed = Speed(sum(one.total for one in parts), context.clock)
    if speed.total:
        must_be_faithful(context, night.models)
    for (choice, _), one in zip(pairs, parts, strict=True):
        if not one.total:
            continue
        is_remote = isinstance(choice, RemoteChoice)
        most = WAVE_TEXTS if is_remote else _wave_texts(context, row, one)
        waves = math.ceil(one.total / most)
        speed.wave_texts = math.ceil(one.total / waves)
        context.say(f"ask: {', '.join(one.night.models)}: {one.total} texts in {waves} waves")
        opened = partial(_open_wave, context, run)
        with of_workers(), watched(session, partial(_progress, context, speed)):
            for number, wave in _waves(session, context, one, choice, (waves, opened)):
                _note(context, number, wave, speed.end_wave(wave.usage))
                context.say(f"ask: {speed.line()}")
    failed = speed.usage.failures
    runs.update_run(context.ops, run, asked=speed.totals())
    reasons = ", ".join(f"{reason} {times}" for reason, times in sorted(failed.items()))
    context.say(
        f"ask: {speed.usage.texts} texts asked, {sum(failed.values())} of them failed"
        + (f" ({reasons})" if reasons else "")
    )


def _waves(
    session: SparkSession, context: Context, one: Asked, choice: Choice, how: tuple[int, Opened]
) -> Iterator[tuple[int, Wave]]:
    if isinstance(choice, RemoteChoice):
        return ask_remote_waves(session, context, one, choice, how)
    waves, opened = how
    work = _work(session, context, one.night, choice)
    return ask_waves(one.texts, work, one.total, waves, opened)


def _wave_texts(context: Context, row: runs.Row, one: Asked) -> int:
    """As the plan has measured it, for the model of this part."""
    estimate = Estimate.from_dict(row["estimate"]) if row["estimate"] else None
    part = estimate.part_of(tuple(one.night.models)) if estimate else None
    return part.wave_texts if part else context.settings.wave_rows


def _work(session: SparkSession, context: Context, night: Night, choice: Choice) -> Work:
    settings = context.settings
    return Work(
        run=night.run,
        models=night.models,
        choice=choice,
        limits=Limits(
            max_padded_tokens=settings.max_padded_tokens,
            window_rows=settings.window_rows,
            max_failed_share=settings.max_failed_share,
        ),
        home=settings.home,
        host=HostLimits(idle_seconds=settings.host_idle_seconds, memory_mb=settings.host_memory_mb),
        places=places_of(session, settings),
    )


def _open_wave(context: Context, run: str) -> tuple[int, datetime]:
    at = context.clock()
    return runs.open_wave(context.ops, run, now=at), at


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
