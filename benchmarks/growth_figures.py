"""What grows with the number of rows, and what must not."""

from collections.abc import Sequence

from benchmarks.figure import Figure, at_most, short
from benchmarks.measured import Measured, of_part


def growth(measured: Sequence[Measured]) -> list[Figure]:
    return [*_memory(measured), *_cost(measured)]


def _memory(measured: Sequence[Measured]) -> list[Figure]:
    shards = sorted(of_part(measured, "memory"), key=lambda one: one.rows)
    text = ""
    grown: dict[str, tuple[float, ...]] = {"worker": (), "host": ()}
    if len(shards) > 1:
        small, large = shards[0], shards[-1]
        text = f" from {small.rows:,} to {large.rows:,} rows"
        for who in grown:
            peaks = [one.run("all")["details"][f"{who}_peak_kb"] for one in (small, large)]
            grown[who] = (peaks[1] / peaks[0] - 1,)
    return [
        Figure(
            name="memory_growth",
            what=f"a worker's largest memory when its shard grows{text}",
            goal=at_most(0.05),
            values=grown["worker"],
        ),
        Figure(
            name="memory_growth_host",
            what="its model host's, in the same runs",
            values=grown["host"],
        ),
    ]


def _cost(measured: Sequence[Measured]) -> list[Figure]:
    per_row: list[tuple[int, float]] = []
    for one in of_part(measured, "cost"):
        runs = [run for run in one.runs if run["name"] != "first"]
        per_row = sorted((run["rows"], run["cpu"] / run["rows"]) for run in runs)
    found = [
        Figure(
            name=f"cpu_ms_per_row_{short(rows)}",
            what=f"CPU-milliseconds a row of a warm job of {rows:,} rows, tiny BERT",
            values=(seconds * 1_000,),
        )
        for rows, seconds in per_row
    ]
    text = f", {per_row[0][0]:,} to {per_row[-1][0]:,}" if per_row else ""
    values = (per_row[-1][1] / per_row[0][1] - 1,) if per_row else ()
    total = Figure(
        name="cost_growth",
        what=f"CPU-seconds a row when rows grow{text}, tiny BERT, warm",
        goal=at_most(0.1),
        values=values,
    )
    return [total, *found, *_cost_of_cold(measured)]


def _cost_of_cold(measured: Sequence[Measured]) -> list[Figure]:
    """With the real model: what a row of the large cold job costs beyond the start of the small."""
    jobs = sorted((one.rows, one.cpu) for one in of_part(measured, "cold") if not one.repetition)
    if len(jobs) < 3:
        return []
    (few, start), (middle, half), (many, all_) = jobs[0], jobs[1], jobs[-1]
    first = (half - start) / (middle - few)
    last = (all_ - start) / (many - few)
    return [
        Figure(
            name="cost_growth_real",
            what=f"the same with MiniLM, {middle:,} to {many:,} rows, without the start",
            values=(last / first - 1,),
        )
    ]
