"""What was measured, as Markdown that a README can show."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from benchmarks.figure import Figure, number
from benchmarks.measured import Measured, of_part, rates
from benchmarks.plan import PEERS

#: Under which conditions a part was measured, by what they are.
About = Mapping[str, str]

TITLES = {
    "roof": "roof: forward passes alone",
    "ours": "**Nightshelf in Spark, warm**",
    "naive_udf": "pandas UDF as in tutorials",
    "batch_udf": "Spark's `predict_batch_udf`",
    "sentence_encode": "sentence-transformers, 2 processes",
    "ray_data": "Ray Data, 2 actors",
    "daft_udf": "Daft, 2 UDF processes",
}


def table_of_figures(figures: Sequence[Figure]) -> str:
    lines = [
        "| figure | measured | spread | n | goal | holds | what |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in figures:
        measured = "absent" if one.value is None else number(one.value)
        goal = "" if one.goal is None else str(one.goal)
        cells = (f"`{one.name}`", measured, one.spread, str(len(one.values)), goal, one.verdict)
        lines.append(f"| {' | '.join(cells)} | {one.what} |")
    return "\n".join(lines)


def table_of_ways(measured: Sequence[Measured]) -> str:
    lines = [
        "| way | rows | tokens per CPU-second | spread | of the roof | rows/s by the clock | n |",
        "|---|---|---|---|---|---|---|",
    ]
    roof = rates(measured, "roof")
    for way in ("roof", "ours", *PEERS):
        found = rates(measured, way)
        if not found:
            lines.append(f"| {TITLES[way]} | absent | | | | | 0 |")
            continue
        runs = [one.run("all") for one in of_part(measured, "speed", way)]
        tokens_a_row = runs[0]["tokens"] / runs[0]["rows"]
        by_clock = median(rates(measured, way, "wall").values()) / tokens_a_row
        cells = (
            TITLES[way],
            f"{runs[0]['rows']:,}",
            f"{median(found.values()):,.0f}",
            f"{min(found.values()):,.0f} to {max(found.values()):,.0f}",
            _middle([found[n] / roof[n] for n in found.keys() & roof.keys()]),
            f"{by_clock:,.0f}",
            str(len(found)),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _middle(values: Sequence[float]) -> str:
    return number(median(values)) if values else ""


def page(
    abouts: Mapping[str, About], figures: Sequence[Figure], measured: Sequence[Measured]
) -> str:
    tables = f"{table_of_ways(measured)}\n\n{table_of_figures(figures)}\n"
    return tables + "".join(_conditions(abouts))


def _conditions(abouts: Mapping[str, About]) -> Iterator[str]:
    """Parts that were measured in one run stand together."""
    runs: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for part, about in abouts.items():
        runs.setdefault(tuple(about.items()), []).append(part)
    for facts, parts in runs.items():
        listed = "\n".join(f"- {name}: {value}" for name, value in facts)
        yield f"\nMeasured together: {', '.join(parts)}\n\n{listed}\n"
