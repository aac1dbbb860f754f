"""Draw the two pictures that the README shows beside each other, as one SVG."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measured import Measured, of_part, rates
from benchmarks.plan import FEW, PEERS

_NAMES = {
    "roof": "roof (forward only)",
    "ours": "Nightshelf in Spark",
    "daft_udf": "Daft",
    "sentence_encode": "sentence-transformers",
    "ray_data": "Ray Data",
    "batch_udf": "Spark predict_batch_udf",
    "naive_udf": "pandas UDF as in tutorials",
}
_OURS, _OTHERS, _ROOF = "#1b6ca8", "#b8c4ce", "#5f6b76"


def draw(measured: Sequence[Measured], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    # Text stays text, and the same data gives the same file.
    mpl.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "nightshelf", "font.size": 10}
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(11, 3.6), width_ratios=(3, 2), layout="constrained"
    )
    _ways(left, measured)
    _cold(right, measured)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _ways(axes: Any, measured: Sequence[Measured]) -> None:  # noqa: ANN401  matplotlib's
    found = {way: rates(measured, way) for way in ("roof", "ours", *PEERS)}
    middles = {way: median(values.values()) for way, values in found.items() if values}
    there = sorted(middles, key=lambda way: middles[way])
    for place, way in enumerate(there):
        values = found[way].values()
        middle = middles[way]
        colour = {"ours": _OURS, "roof": _ROOF}.get(way, _OTHERS)
        axes.barh(place, middle, color=colour, height=0.7)
        ends = [[middle - min(values)], [max(values) - middle]]
        axes.errorbar(middle, place, xerr=ends, color="black", capsize=3, linewidth=1)
        axes.annotate(
            f"{middle:,.0f}",
            (max(values), place),
            (8, 0),
            textcoords="offset points",
            va="center",
        )
    axes.set_yticks(range(len(there)), [_NAMES[way] for way in there])
    axes.set_xlim(0, 1.2 * max((max(v.values()) for v in found.values() if v), default=1))
    axes.set_title("Tokens per CPU-second, warm", loc="left")
    axes.spines[["top", "right"]].set_visible(False)


def _cold(axes: Any, measured: Sequence[Measured]) -> None:  # noqa: ANN401
    roof = rates(measured, "roof")
    shares: dict[int, list[float]] = {}
    for one in of_part(measured, "cold"):
        if one.repetition in roof:
            share = one.run("all")["tokens"] / roof[one.repetition] / one.cpu
            shares.setdefault(one.rows, []).append(share)
    rows = sorted(shares)
    middles = [median(shares[number]) for number in rows]
    axes.plot(rows, middles, "o-", color=_OURS, label="Nightshelf")
    for number, middle in zip(rows, middles, strict=True):
        axes.annotate(
            f"{middle:.2f}", (number, middle), (-8, 7), textcoords="offset points", ha="right"
        )
    for number, goal in ((5_000, 0.62), (65_000, 0.93)):
        if number in shares:
            axes.plot(number, goal, "_", color="black", markersize=18)
    axes.plot([], [], "_", color="black", markersize=12, label="goal")
    axes.legend(loc="lower right", frameon=False)
    if rows:
        axes.set_xscale("log")
        axes.set_xlim(FEW / 4, max(rows) * 3)
    axes.set_ylim(0, 1.2)
    axes.axhline(1, color=_ROOF, linewidth=1, linestyle=":")
    axes.set_xlabel("rows of a job")
    axes.set_title("Cold job of the roof, start counted", loc="left")
    axes.spines[["top", "right"]].set_visible(False)
