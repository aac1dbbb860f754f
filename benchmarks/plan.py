"""What is run, how large, how often and in which order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

KINDS = ("raise", "nan", "memory", "kill", "segfault", "hang")
PEERS = ("naive_udf", "batch_udf", "sentence_encode", "ray_data", "daft_udf")
#: The roof with a model whose numbers are of one byte.
INT8 = "roof_int8"
#: They load the model anew for each job, and are measured from when they have.
RELOADING = ("ray_data", "daft_udf")
#: Figures of a part are ratios within it, so that each can be measured on its own.
PARTS = ("speed", "int8", "poison", "growth")
#: What `Step.part` says belongs to which of them.
PART_OF = {"cold": "speed", "poison_real": "poison", "memory": "growth", "cost": "growth"}
#: The start of a warm peer's job is what a job of so few rows costs.
FEW = 64


class Texts(NamedTuple):
    """The first `rows` rows of the corpus, one of them poisoned if a `kind` is named."""

    rows: int
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One process of one way, and what it answers in which order, by name."""

    part: str
    way: str
    repetition: int
    runs: dict[str, Texts] = field(default_factory=dict)
    tiny: bool = False
    faulty: bool = False
    slots: int = 2
    shards: int = 0


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Rows of each part; `cold_long` and `growth` take so long that they are run once."""

    repetitions: int
    ours: int
    peers: int
    cold: int
    cold_long: int
    int8: int
    poison: int
    poison_real: int
    memory: tuple[int, int]
    cost: tuple[int, ...]


FULL = Sizes(
    repetitions=3,
    ours=20_000,
    peers=2_500,
    cold=5_000,
    cold_long=65_000,
    int8=3_000,
    poison=100_000,
    poison_real=5_000,
    memory=(30_000, 300_000),
    cost=(10_000, 100_000, 1_000_000),
)
#: Shows that everything runs; too small to say anything.
QUICK = Sizes(
    repetitions=1,
    ours=1_000,
    peers=1_100,
    cold=500,
    cold_long=1_500,
    int8=300,
    poison=4_000,
    poison_real=300,
    memory=(2_000, 20_000),
    cost=(1_000, 4_000, 16_000),
)


def steps(sizes: Sizes, parts: Sequence[str] = PARTS) -> Iterator[Step]:
    """All ways within each repetition, and each time another one first."""
    for repetition in range(sizes.repetitions):
        for part in parts:
            yield from _STEPS[part](sizes, repetition)


def _speed(sizes: Sizes, repetition: int) -> Iterator[Step]:
    few = Texts(FEW)
    for way in _turned(("roof", "ours", *PEERS), repetition):
        rows = sizes.peers if way in PEERS else sizes.ours
        # Once unmeasured: what stays loaded is loaded then.
        before = {} if way in RELOADING else {"first": few, "few": few}
        runs = {**before, "all": Texts(rows)}
        yield Step(part="speed", way=way, repetition=repetition, runs=runs)
    yield from _cold(sizes, repetition)


def _cold(sizes: Sizes, repetition: int) -> Iterator[Step]:
    rows = [FEW, sizes.cold, *([sizes.cold_long] if repetition == 0 else [])]
    for number in rows:
        runs = {"all": Texts(number)}
        yield Step(part="cold", way="ours", repetition=repetition, runs=runs)


def _int8(sizes: Sizes, repetition: int) -> Iterator[Step]:
    """Forward passes alone, as they are chosen and in int8."""
    for way in _turned(("roof", INT8), repetition):
        runs = {"first": Texts(FEW), "all": Texts(sizes.int8)}
        yield Step(part="int8", way=way, repetition=repetition, runs=runs)


def _poison(sizes: Sizes, repetition: int) -> Iterator[Step]:
    yield Step(
        part="poison",
        way="ours",
        repetition=repetition,
        runs=_sick(sizes.poison, _turned(KINDS, repetition)),
        tiny=True,
        faulty=True,
    )
    if repetition == 0:
        runs = _sick(sizes.poison_real, ("kill",))
        yield Step(part="poison_real", way="ours", repetition=0, runs=runs, faulty=True)


def _sick(rows: int, kinds: Sequence[str]) -> dict[str, Texts]:
    """Between two runs without poison, so that a machine that changes speed is seen."""
    poisoned = {kind: Texts(rows, kind) for kind in kinds}
    return {"first": Texts(rows // 5), "clean": Texts(rows), **poisoned, "again": Texts(rows)}


def _growth(sizes: Sizes, repetition: int) -> Iterator[Step]:
    if repetition:
        return
    for rows in sizes.memory:
        runs = {"all": Texts(rows)}
        yield Step(part="memory", way="ours", repetition=0, runs=runs, tiny=True, slots=1, shards=1)
    runs = {"first": Texts(sizes.cost[0]), **{f"{rows}": Texts(rows) for rows in sizes.cost}}
    yield Step(part="cost", way="ours", repetition=0, runs=runs, tiny=True)


def _turned(names: Sequence[str], by: int) -> tuple[str, ...]:
    place = by % len(names)
    return (*names[place:], *names[:place])


_STEPS = {"speed": _speed, "int8": _int8, "poison": _poison, "growth": _growth}
