"""Play a scenario, and hold what came of it against the stub's own books."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks.remote.books import Books, truth
from benchmarks.remote.driver import (
    CHOICE,
    NIGHTS,
    SECRET,
    Plan,
    may_pass,
    read_outcomes,
    run_night,
)
from benchmarks.remote.scenarios import Scenario
from benchmarks.remote.stub import Call, Misbehave, Stub, serving
from nightshelf.answers.status import ANSWERED, DEFERRED
from nightshelf.models.remote.outcome import Outcome
from nightshelf.ops.remote_spend import Spend

_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Judged:
    """
    `lost` rows ended otherwise than they have to; `over` and `under` are the stub's bill beside the
    cap, as shares of it; `undercounted` says whether the bill is more than what was booked here.
    """

    name: str
    form: str
    rows: int
    answered: int
    failed: int
    deferred: int
    wrong: int
    lost: int
    doubles: int
    requests: int
    over: float
    under: float
    undercounted: bool
    trouble: str


def play(scenario: Scenario, seed: int, cost_nanos: int = 0) -> Judged:
    """`cost_nanos` is what its rows cost without any misbehaviour, for its cap."""
    with tempfile.TemporaryDirectory(prefix="nightshelf-remote-") as folder:
        stub = Stub(scenario.make(seed), scenario.finish(seed))
        with serving(stub):
            plan = Plan(
                url=stub.url,
                form=scenario.form,
                folder=folder,
                rows=scenario.rows,
                seed=seed,
                cap_nanos=int(cost_nanos * scenario.cap),
                hours=scenario.hours,
                die_after=scenario.die_after,
            )
            sentences = _killed_once(scenario, plan, stub) if _kills(scenario) else []
            plan, spend = replace(plan, die_after=0), Spend()
            for _ in range(1 if scenario.cap else NIGHTS):
                night = run_night(plan)
                sentences.append(night.sentence)
                spend = night.spend
                known = read_outcomes(Path(folder) / "outcomes.jsonl")
                if not night.sentence and not _open(plan, known):
                    break
            return _judged(scenario, plan, stub.books, (known, spend, sentences))


def _kills(scenario: Scenario) -> bool:
    return scenario.kill is not None or scenario.die_after > 0


def _killed_once(scenario: Scenario, plan: Plan, stub: Stub) -> list[str]:
    """Ask in a process that is killed; what is left lies in its folder and at the stub."""
    before = stub.misbehave
    command = [sys.executable, "-m", "benchmarks.remote.driver", json.dumps(asdict(plan))]
    with subprocess.Popen(command) as driver:
        if scenario.kill:
            stub.misbehave = _killing(scenario.kill, driver.pid, before)
        code = driver.wait(_PATIENCE_SECONDS)
    stub.misbehave = before
    return [] if code == -signal.SIGKILL else [f"the driver was not killed ({code})"]


def _killing(kill: tuple[str, int, bool], pid: int, before: Misbehave) -> Misbehave:
    kind, number, is_done = kill

    def misbehave(call: Call) -> bool:
        if (call.kind, call.number) != (kind, number):
            return before(call)
        if kind == "upload" and is_done:
            call.take_upload()
        elif kind == "create" and is_done:
            call.take_batch()
        elif kind == "content":
            call.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n{")
        os.kill(pid, signal.SIGKILL)
        call.reset()
        return True

    return misbehave


def _open(plan: Plan, known: dict[str, Outcome]) -> bool:
    return any(key not in known or may_pass(known[key]) for key in plan.texts)


def _judged(
    scenario: Scenario,
    plan: Plan,
    books: Books,
    found: tuple[dict[str, Outcome], Spend, list[str]],
) -> Judged:
    known, spend, sentences = found
    texts = plan.texts
    done = {key: one for key, one in known.items() if one.status == ANSWERED}
    deferred = [key for key, one in known.items() if one.status == DEFERRED]
    failed = {k: one.reason for k, one in known.items() if k not in done and k not in deferred}
    lost = [k for k in texts if k not in known] + [
        k for k, reason in failed.items() if reason != scenario.failing and not scenario.cap
    ]
    lost += deferred if not scenario.cap else []
    cap, billed = plan.cap_nanos, books.billed_nanos
    return Judged(
        name=scenario.name,
        form=scenario.form,
        rows=len(texts),
        answered=len(done),
        failed=len(failed),
        deferred=len(deferred),
        wrong=sum(one.text != truth(texts[key]) for key, one in done.items()),
        lost=len(lost),
        doubles=books.doubles,
        requests=books.requests,
        over=max(0.0, billed / cap - 1) if cap else 0.0,
        under=max(0.0, 1 - billed / cap) if cap else 0.0,
        undercounted=billed > spend.spent_nanos + spend.held_nanos,
        trouble=_trouble(scenario, sentences, len(failed)),
    )


def _trouble(scenario: Scenario, sentences: list[str], failed: int) -> str:
    """What is wrong with the trial itself: it proves nothing, or people were told nothing."""
    said = [sentence for sentence in sentences if sentence]
    if scenario.sentence and not any(scenario.sentence in sentence for sentence in said):
        return f"nobody was told of {scenario.sentence!r}"
    if said and not scenario.sentence:
        return said[0]
    if scenario.failing and not failed:
        return f"no row met {scenario.failing}"
    return ""


def whole_cost(scenario: Scenario, seed: int) -> int:
    """What the stub bills for the rows of a scenario where nothing goes wrong."""
    plan = Plan(url="", form=scenario.form, folder="", rows=scenario.rows, seed=seed)
    wording, books = CHOICE.wording(SECRET), Books()
    for key, text in plan.texts.items():
        books.bill(wording.body(CHOICE.prompt(key, text)))
    return books.billed_nanos
