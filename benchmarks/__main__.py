"""
Measure what the README claims, beside its peers, and say each figure in a last line.

    python -m benchmarks [--quick] [--data FOLDER] [--parts speed,int8,poison,growth]
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks import report, results
from benchmarks.corpus import read_corpus
from benchmarks.figure import in_words
from benchmarks.figures import figures
from benchmarks.machine import machine
from benchmarks.measured import troubles
from benchmarks.plan import FULL, PARTS, QUICK, steps
from benchmarks.workshop import Workshop, say
from nightshelf.models.choice import ModelChoice
from nightshelf.models.precision import PRECISIONS
from nightshelf.services import java
from nightshelf.settings import Settings

#: Where the tables `reviews_*` are, if not given as an argument.
DATA = "BENCH_DATA"
_RESULTS = Path(__file__).parent / "results"
_QUICK_RESULTS = Path(".nightshelf") / "benchmarks"


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    parts = given.parts.split(",")
    if wrong := report.complaint(parts, PARTS):
        say(wrong)
        return 2
    sizes = QUICK if given.quick else FULL
    if given.repetitions:
        sizes = replace(sizes, repetitions=given.repetitions)
    choice = ModelChoice(
        encoder=given.encoder,
        sentiment_head=given.sentiment_head,
        precision=given.precision,
        max_tokens=Settings.max_tokens,
    )
    corpus = read_corpus(given.data)
    precision = f"{choice.precision}, peers in {given.peer_precision or choice.precision}"
    words = " ".join(sys.argv[1:] if arguments is None else arguments)
    about = {
        "texts": corpus.origin,
        "model": f"{choice.encoder} in {precision}, cut at {choice.max_tokens} tokens",
        "command": "make bench" + (f' ARGS="{words}"' if words else ""),
        **machine(),
    }
    for name, value in about.items():
        say(f"{name}: {value}")
    with tempfile.TemporaryDirectory(prefix="nightshelf-bench-") as folder:
        java_home = java.find(os.environ.get("JAVA_HOME"))
        workshop = Workshop(Path(folder), corpus, choice, java_home, given.peer_precision)
        measured = [workshop.run(step) for step in steps(sizes, parts)]
    out = given.out or (_QUICK_RESULTS if given.quick else _RESULTS)
    abouts, before = results.kept(out, parts)
    found = figures([*before, *measured])
    results.write(out, {**abouts, **dict.fromkeys(parts, about)}, found, [*before, *measured])
    say(f"results: {out}")
    wrong = troubles(measured)
    for line in wrong:
        say(f"TROUBLE {line}")
    say(in_words(found))
    return int(any("absent" not in line for line in wrong))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    data = os.environ.get(DATA)
    parser.add_argument("--quick", action="store_true", help="small: shows that everything runs")
    parser.add_argument("--data", type=Path, default=Path(data) if data else None)
    parser.add_argument("--parts", default=",".join(PARTS), help="of " + ", ".join(PARTS))
    parser.add_argument("--repetitions", type=int, default=0)
    parser.add_argument("--encoder", default=Settings.encoder)
    parser.add_argument("--sentiment-head", default=Settings.sentiment_head)
    parser.add_argument("--precision", choices=PRECISIONS, default=Settings.precision)
    parser.add_argument("--peer-precision", choices=PRECISIONS, help="where it is another one")
    parser.add_argument("--out", type=Path, help="folder of the results")
    return parser


if __name__ == "__main__":
    sys.exit(main())
