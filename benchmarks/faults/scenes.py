"""The undisturbed nights that trials are held against."""

import time
from dataclasses import replace
from functools import partial

from benchmarks.faults import marked
from benchmarks.faults.children import value_of
from benchmarks.faults.faulted import Scene, state_before
from benchmarks.faults.judging import picture
from benchmarks.faults.jvm import Jvm
from benchmarks.faults.lake import Lake
from benchmarks.faults.shop import FIRST, SECOND, land_both
from benchmarks.faults.steps import Steps
from nightshelf.names import STEPS

RUN = "night"
THIRD = "2026-03-03"


def marked_scene(lake: Lake) -> Scene:
    """A night that is assembled without Spark, and has only to be released."""
    lake.clear()
    value_of(lambda: marked.make_tables(lake.context()))
    value_of(lambda: _published(lake, "base", FIRST))
    value_of(lambda: marked.assemble(lake.context(), RUN, SECOND))
    lake.keep(state_before("release"))
    night = Steps(
        lake, None, SECOND, RUN, again=lambda context: marked.assemble(context, RUN, SECOND)
    )
    before = value_of(lambda: picture(lake))
    begun = time.monotonic()
    value_of(replace(night, steps=["release"]))
    seconds = {"release": time.monotonic() - begun}
    calm = value_of(lambda: picture(lake))
    aside = partial(_published, lake, "other", THIRD)
    value_of(aside)
    with_aside = value_of(lambda: picture(lake))
    return Scene(lake, night, before, calm, seconds, aside, with_aside)


def night_scene(lake: Lake, jvm: Jvm, seed: int, *, poisonous: int = 0) -> Scene:
    """The second night of a small shop; its states are kept before each step."""
    lake.clear()
    value_of(lambda: land_both(lake, seed, poisonous=poisonous))
    value_of(Steps(lake, jvm, FIRST, "first"))
    night = Steps(lake, jvm, SECOND, RUN)
    before = value_of(lambda: picture(lake))
    seconds = {}
    for step in STEPS:
        lake.keep(state_before(step))
        begun = time.monotonic()
        value_of(replace(night, steps=[step]))
        seconds[step] = time.monotonic() - begun
    return Scene(lake, night, before, value_of(lambda: picture(lake)), seconds)


def _published(lake: Lake, run: str, day: str) -> None:
    context = lake.context()
    marked.assemble(context, run, day)
    marked.release(context, run, day)
