"""What one poison row costs the others, from what was measured."""

from collections.abc import Sequence
from typing import Any

from benchmarks.figure import Figure, Goal, at_most
from benchmarks.measured import Measured, of_part
from benchmarks.plan import KINDS
from nightshelf.host.pace import LEAST_SECONDS

#: A model that raises, or says nonsense, costs batches; one that dies costs hosts as well.
_SLOWER = {"raise": 0.03, "nan": 0.03, "memory": 0.03}
_SLOWER_KILLED = 0.06


def poison(measured: Sequence[Measured]) -> list[Figure]:
    found = []
    for part, prefix, kinds in (
        ("poison", "poison", KINDS),
        ("poison_real", "poison_real", ("kill",)),
    ):
        sessions = of_part(measured, part)
        for kind in kinds:
            found += _of_kind(sessions, kind, prefix)
    return found


def _of_kind(measured: Sequence[Measured], kind: str, prefix: str) -> list[Figure]:
    sessions = [one for one in measured if kind in {run["name"] for run in one.runs}]
    rows = sessions[0].run(kind)["rows"] if sessions else 0
    model = "tiny BERT" if prefix == "poison" else "MiniLM"
    one_in = f"1 row that makes the {model} {_DOES[kind]}, among {rows:,}"
    slower = at_most(_SLOWER.get(kind, _SLOWER_KILLED))
    return [
        Figure(
            name=f"{prefix}_lost_{kind}",
            what=f"{one_in}: good rows without an answer",
            goal=Goal(0),
            values=tuple(float(lost(one.run(kind))) for one in sessions),
        ),
        Figure(
            name=f"{prefix}_slowdown_{kind}",
            what="by so much it costs more CPU-seconds than none",
            goal=slower,
            values=tuple(_slowdown(one, kind, "cpu") for one in sessions),
        ),
        Figure(
            name=f"{prefix}_slowdown_wall_{kind}",
            what="by so much it takes longer" + (", deadlines left out" if kind == "hang" else ""),
            values=tuple(_slowdown(one, kind, "wall") for one in sessions),
        ),
    ]


def lost(run: dict[str, Any]) -> int:
    """
    Good rows that have no answer, and rows that are neither answered nor failed.

    >>> lost({"rows": 100, "answered": 99, "failed": 1})
    0
    >>> lost({"rows": 100, "answered": 97, "failed": 3})
    2
    """
    return int(run["rows"] - 1 - run["answered"])


def _slowdown(session: Measured, kind: str, clock: str) -> float:
    clean = (session.run("clean")[clock] + session.run("again")[clock]) / 2
    run = session.run(kind)
    waited = 0.0
    if kind == "hang" and clock == "wall":
        # Each of these hosts was ended at its deadline, and short batches have the least one.
        waited = run["details"]["restarts"] * LEAST_SECONDS
    return float((run[clock] - waited) / clean - 1)


_DOES = {
    "raise": "raise an error",
    "nan": "answer NaN",
    "memory": "run out of memory",
    "kill": "be killed",
    "segfault": "segfault",
    "hang": "hang",
}
