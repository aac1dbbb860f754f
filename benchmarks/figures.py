"""The figures that are claimed, from what was measured."""

from collections.abc import Mapping, Sequence

from benchmarks.figure import Figure, at_least, at_most, short
from benchmarks.growth_figures import growth
from benchmarks.int8_figures import int8
from benchmarks.measured import Measured, of_part, rates
from benchmarks.plan import FEW
from benchmarks.poison_figures import poison

#: They bring an engine of their own; the naive UDF and Spark's batch UDF are counted apart.
RIVALS = ("sentence_encode", "ray_data", "daft_udf")
NOT_RUN = "not measured in this run"


def figures(measured: Sequence[Measured]) -> list[Figure]:
    return [
        *speed(measured),
        *cold(measured),
        *int8(measured),
        *growth(measured),
        *poison(measured),
    ]


def speed(measured: Sequence[Measured]) -> list[Figure]:
    roof, ours = rates(measured, "roof"), rates(measured, "ours")
    naive, batch = rates(measured, "naive_udf"), rates(measured, "batch_udf")
    best: dict[int, float] = {}
    for rival in RIVALS:
        for repetition, rate in rates(measured, rival).items():
            best[repetition] = max(rate, best.get(repetition, 0.0))
    return [
        Figure(
            name="warm_over_roof",
            what="ours in Spark, warm, over the roof; tokens per CPU-second",
            goal=at_least(0.97),
            values=_over(ours, roof),
        ),
        Figure(
            name="warm_over_roof_wall",
            what="the same by the clock on the wall",
            values=_over(rates(measured, "ours", "wall"), rates(measured, "roof", "wall")),
        ),
        Figure(
            name="over_naive",
            what="ours over a pandas UDF as in tutorials",
            goal=at_least(6),
            values=_over(ours, naive),
        ),
        Figure(
            name="over_batch_udf",
            what="ours over Spark's `predict_batch_udf`",
            values=_over(ours, batch),
        ),
        Figure(
            name="over_best_peer",
            what="ours over the best of Daft, Ray Data and sentence-transformers",
            goal=at_least(2),
            values=_over(ours, best),
        ),
        *_cosine(measured),
    ]


def _cosine(measured: Sequence[Measured]) -> list[Figure]:
    """Nothing in fp32, which is what others are compared with."""
    said = [one.run("all").get("details") for one in of_part(measured, "speed", "roof")]
    values = tuple(float(details["mean_cosine"]) for details in said if details)
    what = "mean cosine of our vectors in this precision and in fp32"
    # The same model and the same texts: each repetition says the same.
    found = Figure(name="mean_cosine", what=what, goal=at_least(0.9998), values=values[:1])
    return [found] if values else []


def _over(above: Mapping[int, float], below: Mapping[int, float]) -> tuple[float, ...]:
    """Of each repetition that has both."""
    return tuple(above[number] / below[number] for number in sorted(above.keys() & below.keys()))


def cold(measured: Sequence[Measured]) -> list[Figure]:
    roof = rates(measured, "roof")
    whole: dict[int, list[float]] = {}
    fixed = []
    for one in of_part(measured, "cold"):
        if one.repetition not in roof:
            continue
        of_roof = one.run("all")["tokens"] / roof[one.repetition]
        if one.rows == FEW:
            fixed.append(one.cpu - of_roof)
        else:
            whole.setdefault(one.rows, []).append(of_roof / one.cpu)
    goals = {5_000: at_least(0.62), 65_000: at_least(0.93)}
    found = [
        Figure(
            name=f"cold_over_roof_{short(rows)}",
            what=f"a cold job of {rows:,} rows, everything counted, over the roof; CPU-seconds",
            goal=goals.get(rows),
            values=tuple(shares),
        )
        for rows, shares in sorted(whole.items())
    ]
    fixed_cost = Figure(
        name="fixed_cpu_s",
        what=f"CPU-seconds of a cold job but for its {FEW} texts: JVM, both slots, both hosts",
        goal=at_most(20),
        values=tuple(fixed),
    )
    return [*found, fixed_cost]
