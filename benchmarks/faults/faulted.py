"""One trial: a state, a fault, another attempt; and what it came to beside the undisturbed run."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from benchmarks.faults.children import Child, Outcome, in_child, value_of
from benchmarks.faults.happenings import HAPPENINGS, KILL
from benchmarks.faults.judging import Picture, judged, picture
from benchmarks.faults.lake import Lake
from benchmarks.faults.points import Failpoint, arm
from benchmarks.faults.steps import LATER, Steps
from nightshelf.names import STEPS
from nightshelf.ops.runs import RELEASED, UNCHANGED

SAME, NEW = "the same run again", "a new run"
OVERTAKEN = "the same run again, after another was released"
Judged = tuple[dict[str, int], list[str]]


@dataclass(frozen=True)
class Scene:
    """
    The states that trials begin at, one before each step, and the undisturbed end.

    `night` are the steps of the run under trial; `seconds` is how long each took undisturbed.
    `aside` is another night's release, which may come between the fault and the second attempt;
    `calm_aside` is the undisturbed end with it.
    """

    lake: Lake
    night: Steps
    before: Picture
    calm: Picture
    seconds: dict[str, float]
    aside: Callable[[], object] | None = None
    calm_aside: Picture | None = None


def state_before(step: str) -> str:
    return f"before_{step}"


def at_failpoint(scene: Scene, point: Failpoint, happening: str, *, step: str, seed: int) -> Judged:
    """What happens at a failpoint of the step; raise `RuntimeError` where it is never reached."""
    fired = scene.lake.folder / "fired"
    fired.unlink(missing_ok=True)

    def happen() -> None:
        fired.touch()
        HAPPENINGS[happening]()

    first = replace(scene.night, steps=_from(step), armed=lambda: arm(point, happen))
    scene.lake.go_back(state_before(step))
    done = in_child(first)
    found = second_attempt(scene, done, step=step, seed=seed)
    if not fired.exists():
        raise RuntimeError(f"failpoint {point} was never reached ({done.code}: {done.words})")
    if happening == KILL and not done.killed:
        found[1].append(f"it was to be killed and ended with {done.code}: {done.words[-300:]}")
        found[0]["silent"] += 1
    return found


def disturbed(scene: Scene, disturb: Callable[[Child], None], *, step: str, seed: int) -> Judged:
    """What `disturb` does to the step while it runs."""
    scene.lake.go_back(state_before(step))
    child = Child(replace(scene.night, steps=[step]))
    disturb(child)
    return second_attempt(scene, child.wait(), step=step, seed=seed, whole=False)


def second_attempt(  # noqa: PLR0913  how it was tried, one by one
    scene: Scene, done: Outcome, *, step: str, seed: int, now: datetime = LATER, whole: bool = True
) -> Judged:
    """
    Look at what is there, try again as Airflow or a person would, and judge.

    `whole`: what was begun would have come to the night's end.
    """
    if scene.night.jvm:
        scene.night.jvm.quiet()
    cut = value_of(lambda: picture(scene.lake))
    others = (SAME, OVERTAKEN if scene.aside else NEW)
    how = random.Random(seed).choice(others)  # noqa: S311  a trial is repeated by its seed
    again = replace(scene.night, steps=_from(step), armed=None, now=now)
    if how == NEW:
        again = replace(again, run=f"{scene.night.run}_again", steps=STEPS)
    calm = scene.calm
    if how == OVERTAKEN and scene.aside and scene.calm_aside:
        value_of(scene.aside)
        calm = scene.calm_aside
    last = in_child(again)
    if scene.night.jvm and last.code:
        scene.night.jvm.quiet()
    after = value_of(lambda: picture(scene.lake))
    found, notes = judged(calm, (scene.before, scene.calm), cut, after)
    if last.code:
        notes.append(f"{how} failed ({last.code}): {last.words[-600:]}")
        found["lost"] += 1
    elif after.states[again.run] not in (RELEASED, UNCHANGED):
        notes.append(f"{how} ended well, and is noted as {after.states[again.run]}")
        found["silent"] = 1
    found["silent"] = found.get("silent", 0) + _silent(
        done, notes, finished=cut.shelf == scene.calm.shelf or not whole
    )
    return found, [f"({how}) {note}" for note in notes]


def _silent(done: Outcome, notes: list[str], *, finished: bool) -> int:
    """Whether the fault was kept from people."""
    if done.code == 0 and not finished:
        notes.append("it ended with 0 and its work was not done")
        return 1
    if done.code > 0 and not done.for_people:
        notes.append(f"it ended in a traceback, not in a sentence: {done.words[-400:]}")
        return 1
    return 0


def _from(step: str) -> Sequence[str]:
    return STEPS[STEPS.index(step) :]
