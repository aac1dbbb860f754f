"""
Train sentiment models on real reviews, measure them, and say each figure in a last line.

    python -m benchmarks.eval [--quick] [--data FOLDER] [--parts clothing,elsewhere,words,uci]
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks import report
from benchmarks.eval.parts import PARTS, Bench
from benchmarks.eval.scored import Scored, table
from benchmarks.eval.sets import CLOTHING, read_sets
from benchmarks.figure import in_words
from benchmarks.machine import machine
from benchmarks.results import with_results
from benchmarks.workshop import say
from nightshelf.models.precision import AUTO, precision_of
from nightshelf.settings import Settings

_ROOT = Path(__file__).parents[2]
_RESULTS = _ROOT / "benchmarks" / "results"
PAGE = _ROOT / "docs" / "quality.md"
#: Beside the checkout, where developers have the sets; else `BENCH_DATA` or `--data`.
_BESIDE = _ROOT.parent / "shared" / "data"
_QUICK_ROWS = 600


def main(arguments: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    parts = args.parts.split(",")
    if wrong := report.complaint(parts, PARTS):
        say(wrong)
        return 2
    sets = read_sets(args.data, _QUICK_ROWS if args.quick else None)
    if CLOTHING not in sets.by_name:
        say(f"{args.data} has no {CLOTHING}/reviews.parquet; name its folder: --data or BENCH_DATA")
        return 2
    import torch

    # On several threads sums may differ from run to run.
    torch.set_num_threads(1)
    home = args.home / "quick" if args.quick else args.home
    precision = precision_of(replace(Settings(), precision=AUTO))
    bench = Bench(sets, home, precision, 0.5 if args.quick else args.minutes, say, args.most)
    begun, burned = time.perf_counter(), time.process_time()
    rows = [row for part in parts for row in PARTS[part](bench)]
    about = {
        "command": " ".join(["make eval", *(sys.argv[1:] if arguments is None else arguments)]),
        "sets": ", ".join(f"{name} {len(found):,}" for name, found in sets.by_name.items()),
        "trained in": precision,
        "this run": f"{time.perf_counter() - begun:,.0f} s, of them"
        f" {time.process_time() - burned:,.0f} CPU-seconds; models that were there are not"
        " trained again",
        **_trainings(home),
        **machine(),
    }
    _write(rows, about, args.out or (home if args.quick else _RESULTS))
    say(in_words([row.figure for row in rows]))
    return 0


def _trainings(home: Path) -> dict[str, str]:
    """What each model's own record says of its training."""
    said = {}
    for path in sorted(home.glob("*/training.json")):
        known = json.loads(path.read_text("utf-8"))
        steps, seconds = (known["training"][f"tuning_{what}"] for what in ("steps", "seconds"))
        heat, data = known["training"]["temperature"], known["made_from"]["data_sha256"][:12]
        said[f"model {path.parent.name}"] = (
            f"{steps} steps, {seconds} s since it was begun or resumed, temperature {heat:.3f},"
            f" data {data}"
        )
    return said


def _write(rows: Sequence[Scored], about: dict[str, str], out: Path) -> None:
    shown = f"{table(rows)}\n\n{report.listed(about)}\n"
    say(shown)
    out.mkdir(parents=True, exist_ok=True)
    known = {"about": about, "figures": [asdict(row) for row in rows]}
    (out / "quality.json").write_text(json.dumps(known, indent=1) + "\n", "utf-8")
    # Of a sample that only shows that all runs, the page says nothing.
    if out.resolve() == _RESULTS.resolve():
        PAGE.write_text(with_results(PAGE.read_text("utf-8"), shown), "utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make eval", description=__doc__)
    data = os.environ.get("BENCH_DATA")
    parser.add_argument("--quick", action="store_true", help="small: shows that everything runs")
    parser.add_argument("--data", type=Path, default=Path(data) if data else _BESIDE)
    parser.add_argument("--parts", default=",".join(PARTS), help="of " + ", ".join(PARTS))
    parser.add_argument("--home", type=Path, default=Path(".nightshelf") / "eval")
    parser.add_argument("--minutes", type=float, default=60.0, help="that each model may take")
    parser.add_argument("--most", type=int, help="ask so many texts of a set")
    parser.add_argument("--out", type=Path, help="folder of the results")
    return parser


if __name__ == "__main__":
    sys.exit(main())
