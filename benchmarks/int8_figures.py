"""What int8 gains over the precision that is chosen, and what the gate says of its answers."""

from collections.abc import Mapping, Sequence

from benchmarks.figure import Figure, Goal, at_least, at_most
from benchmarks.measured import Measured, of_part, rates
from benchmarks.plan import INT8

#: What `nightshelf fidelity` says, in its order, and what is asked of it.
_GATE: Mapping[str, tuple[str, Goal]] = {
    "mean_cosine": ("mean cosine of vectors in int8 and in fp32", at_least(0.995)),
    "low_cosine": ("its first percentile", at_least(0.98)),
    "flips": ("share of sentiment labels that int8 changes", at_most(0.005)),
}


def int8(measured: Sequence[Measured]) -> list[Figure]:
    plain, quick = rates(measured, "roof", part="int8"), rates(measured, INT8, part="int8")
    both = sorted(plain.keys() & quick.keys())
    speed = Figure(
        name="int8_over_bf16",
        what="int8 over the precision above (bf16 where the CPU has it), forward passes alone",
        goal=at_least(1.3),
        values=tuple(quick[number] / plain[number] for number in both),
    )
    return [speed, *_gate(measured)]


def _gate(measured: Sequence[Measured]) -> list[Figure]:
    said = [one.run("all")["details"] for one in of_part(measured, "int8", INT8)]
    told = [details for details in said if details]
    return [
        Figure(
            name=f"int8_{name}",
            what=what,
            goal=goal,
            # The same model and the same texts: each repetition says the same.
            values=tuple(float(details[name]) for details in told[:1]),
        )
        for name, (what, goal) in _GATE.items()
    ]
