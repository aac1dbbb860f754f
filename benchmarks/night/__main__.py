"""
Measure what a second night costs, how near its plan comes, and what planning costs.

    python -m benchmarks.night [--quick] [--data FOLDER] [--parts nights,keys] [--keys 1e5,1e6]
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks import report
from benchmarks.corpus import read_corpus
from benchmarks.figure import in_words
from benchmarks.machine import machine
from benchmarks.night.figures import of_nights, of_plans, tables
from benchmarks.night.keys import plans
from benchmarks.night.nights import nights
from benchmarks.table import table_of_figures
from benchmarks.workshop import say
from nightshelf.services import java
from nightshelf.settings import Settings

PARTS = ("nights", "keys")
_RESULTS = Path(__file__).parents[1] / "results"
_QUICK_RESULTS = Path(".nightshelf") / "benchmarks"


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    parts = given.parts.split(",")
    if wrong := report.complaint(parts, PARTS):
        say(wrong)
        return 2
    os.environ["JAVA_HOME"] = str(java.find(os.environ.get("JAVA_HOME")))
    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = replace(
        Settings(),
        jars=Settings.from_environ().jars,
        encoder=given.encoder,
        sentiment_head=given.sentiment_head,
        precision=given.precision,
        wave_rows=given.wave_rows,
        lease_minutes=60,
        generator="off",
    )
    corpus = read_corpus(given.data)
    words = " ".join(sys.argv[1:] if arguments is None else arguments)
    about = {
        "texts": corpus.origin,
        "model": f"{given.encoder} in {given.precision}; of the part keys: fake",
        "command": "make bench-night" + (f' ARGS="{words}"' if words else ""),
        **machine(),
    }
    rows, stored = (400, [1_000, 3_000]) if given.quick else (given.rows, given.keys)
    with tempfile.TemporaryDirectory(prefix="nightshelf-bench-") as folder:
        homes = {part: replace(settings, home=Path(folder) / part) for part in PARTS}
        done = nights(homes["nights"], corpus.texts, rows) if "nights" in parts else []
        fixed = min(10_000, stored[0])
        planned = plans(homes["keys"], stored, fixed) if "keys" in parts else []
    figures = [*of_nights(done), *of_plans(planned)]
    out = given.out or (_QUICK_RESULTS if given.quick else _RESULTS)
    known = {"about": about, "nights": done, "plans": planned, "figures": report.fields(figures)}
    shown = f"{table_of_figures(figures)}\n\n{tables(done, planned)}\n\n{report.listed(about)}\n"
    report.keep(out, "night", known, shown)
    say(f"results: {out}")
    say(in_words(figures))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench-night", description=__doc__)
    data = os.environ.get("BENCH_DATA")
    parser.add_argument("--quick", action="store_true", help="small: shows that everything runs")
    parser.add_argument("--data", type=Path, default=Path(data) if data else None)
    parser.add_argument("--parts", default=",".join(PARTS), help="of " + ", ".join(PARTS))
    parser.add_argument("--rows", type=int, default=20_000, help="of the first night")
    parser.add_argument(
        "--keys",
        type=lambda text: [int(float(one)) for one in text.split(",")],
        default=[100_000, 1_000_000],
        help="stored keys, comma separated",
    )
    parser.add_argument("--wave-rows", type=int, default=5_000)
    parser.add_argument("--encoder", default=Settings.encoder)
    parser.add_argument("--sentiment-head", default=Settings.sentiment_head)
    parser.add_argument("--precision", default=Settings.precision)
    parser.add_argument("--out", type=Path, help="folder of the results")
    return parser


if __name__ == "__main__":
    sys.exit(main())
