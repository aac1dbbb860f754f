"""
Measure what the grounding gate catches and lets pass, and say each figure in a last line.

    python -m benchmarks.grounding [--quick] [--data FOLDER] [--parts corruptions,inventions,speed]
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import report
from benchmarks.corrupt.products import INVENTED, origin
from benchmarks.figure import Figure, in_words
from benchmarks.grounding.parts import PARTS
from benchmarks.grounding.shops import FULL, QUICK, read_shops
from benchmarks.machine import machine
from benchmarks.results import with_results
from benchmarks.workshop import say
from nightshelf.grounding.gate import GATE_VERSION

_RESULTS = Path(__file__).parents[1] / "results"
_QUICK_RESULTS = Path(".nightshelf") / "benchmarks"
PAGE = Path(__file__).parents[2] / "docs" / "grounding.md"


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    parts = given.parts.split(",")
    if wrong := report.complaint(parts, PARTS):
        say(wrong)
        return 2
    shops = read_shops(given.data, QUICK if given.quick else FULL)
    words = " ".join(sys.argv[1:] if arguments is None else arguments)
    about = {
        "products": origin(shops.catalogs),
        "gate": GATE_VERSION,
        "command": "make eval-grounding" + (f' ARGS="{words}"' if words else ""),
        **machine(),
    }
    for name, value in about.items():
        say(f"{name}: {value}")
    if INVENTED in shops.catalogs:
        say("BENCH_DATA names no folder of catalogs: these figures are of the invented shop")
    figures: list[Figure] = []
    for part in parts:
        figures += PARTS[part](shops)
    shown = report.page(figures, about)
    say(shown)
    out = given.out or (_QUICK_RESULTS if given.quick else _RESULTS)
    known = {"about": about, "figures": report.fields(figures)}
    report.keep(out, "grounding", known, shown)
    # A part of the figures, or those of a small shop, are not what the page is about.
    if out.resolve() == _RESULTS.resolve() and set(parts) == set(PARTS):
        PAGE.write_text(with_results(PAGE.read_text("utf-8"), shown), "utf-8")
    say(f"results: {out}")
    say(in_words(figures))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make eval-grounding", description=__doc__)
    data = os.environ.get("BENCH_DATA")
    parser.add_argument("--quick", action="store_true", help="small: shows that everything runs")
    parser.add_argument("--data", type=Path, default=Path(data) if data else None)
    parser.add_argument("--parts", default=",".join(PARTS), help="of " + ", ".join(PARTS))
    parser.add_argument("--out", type=Path, help="folder of the results")
    return parser


if __name__ == "__main__":
    sys.exit(main())
