"""How a run stands, in one sentence, and what a person can do about it."""

from shlex import quote

from nightshelf.lakehouse.release import NIGHT
from nightshelf.ops import decisions, runs
from nightshelf.report.audit import audit, plan_reason, reasons
from nightshelf.report.published import withdrawn_by
from nightshelf.report.shape_verdict import Action, Decision, Reason
from nightshelf.report.source import Source
from nightshelf.report.text import NAME, SENTENCE, short

OVER_CAP, WITHDRAWN = "over cap", "withdrawn"


def status(source: Source) -> str:
    """The run's state, but for two that it does not tell from others."""
    state = str(source.row["state"])
    if state == runs.HELD and not source.assembled:
        return OVER_CAP
    if state == runs.RELEASED and withdrawn_by(source) is not None:
        return WITHDRAWN
    return state


def held_by(source: Source) -> list[Reason]:
    """Why it is held; nothing of a run that is not."""
    if source.row["state"] != runs.HELD:
        return []
    return reasons(source) if source.assembled else [plan_reason(source)]


def verdict(source: Source) -> str:
    row, found = source.row, source.releases
    readers = f"readers see release {found[-1].release}" if found else "readers see nothing yet"
    error = short((row["error"] or "it did not say why").splitlines()[0], SENTENCE).rstrip(".")
    told = {
        runs.RUNNING: f"It has begun step {row['step']} and has not ended; {readers}.",
        runs.RELEASED: f"Released as release {row['release']}; {readers}.",
        runs.UNCHANGED: f"Nothing has changed: release {row['release']} shows the same; {readers}.",
        runs.HELD: f"Held: {_violated(source)}. Nothing was published; {readers}.",
        runs.FAILED: f"Failed in step {row['step']}: {error}. Nothing was published; {readers}.",
        runs.PLANNED: f"Only planned: nothing was asked, nothing was published; {readers}.",
        runs.BUILT: f"Its answers are stored, nothing is published by them; {readers}.",
        runs.DISMISSED: f"Somebody decided that it will not be released; {readers}.",
        OVER_CAP: f"Held before any model started: its plan is over a cap; {readers}.",
        WITHDRAWN: (
            f"Released as release {row['release']} and withdrawn by release"
            f" {withdrawn_by(source)}; {readers}."
        ),
    }
    now = status(source)
    return told.get(now, f"Its state is {now}; {readers}.")


def _violated(source: Source) -> str:
    found = audit(source)
    verb = "does" if found["failed"] == 1 else "do"
    # An older version kept only what did not hold.
    of = "" if found["note"] else f" of {len(found['checks'])}"
    return f"{found['failed']}{of} expectations {verb} not hold"


def actions(source: Source) -> list[Action]:
    row, now = source.row, status(source)
    # A person copies them into a shell.
    run, date = quote(source.run), quote(row["date"])
    again = f"nightshelf night --date {date} --run {run}"
    is_night = (row["kind"] or NIGHT) == NIGHT
    if now == runs.HELD:
        return _of_held(source, date)
    if now == OVER_CAP:
        return [
            _do("ask the most valuable part that fits", f"nightshelf caps {run} --take"),
            _do("or ask everything", f"nightshelf caps {run} --ignore"),
            *([_do("then go on with it", again)] if is_night else []),
        ]
    if now == runs.FAILED and is_night:
        return [_do("mend what the error names, then go on; what was asked is kept", again)]
    if now == runs.PLANNED and is_night:
        return [_do("run the night", f"nightshelf night --date {date}")]
    if now == WITHDRAWN and source.dates:
        return [_do(f"bring {day} back", f"nightshelf night --date {day}") for day in source.dates]
    return []


def _of_held(source: Source, date: str) -> list[Action]:
    run = quote(source.run)
    dismiss = _do("it will not be released", f"nightshelf dismiss {run} --reason …")
    if other := decisions.superseded_by(source.ops, source.row):
        since = f"run {other} has worked on its dates since and counts instead"
        return [_do(since, dismiss["command"])]
    mend = _do("mend the input, land it and run it anew", f"nightshelf night --date {date}")
    if all(one["is_judgement"] for one in held_by(source)):
        approve = _do("it is unusual but right", f"nightshelf approve {run} --reason …")
        return [approve, mend, dismiss]
    # Data is lost or wrong: no reason makes that right.
    return [mend, dismiss]


def _do(what: str, command: str) -> Action:
    return {"what": what, "command": command}


def decision(source: Source) -> Decision | None:
    """Of a person on the held release, or on a plan over its cap."""
    known = source.row["decision"]
    if known:
        return {
            "who": short(str(known["who"])),
            "what": "approved" if known.get("approved") else "dismissed",
            "reason": short(str(known["reason"] or ""), SENTENCE),
            "at": str(known["at"]),
        }
    decided = source.row["caps"] or {}
    if not decided:
        return None
    told = ", ".join(f"{name} {value}" for name, value in decided.items())
    return {"who": "", "what": "decided on its caps", "reason": short(told, NAME), "at": ""}
