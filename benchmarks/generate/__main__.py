"""
Measure how many tokens of descriptions the engine writes, over a plain loop of `generate`.

    python -m benchmarks.generate [--quick] [--model gemma|folder:PATH] [--rows N] [--repeat N]
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch

from benchmarks import report
from benchmarks.corrupt.products import catalogs
from benchmarks.figure import Figure, at_least, in_words
from benchmarks.generate.model import make_model
from benchmarks.generate.prompts import contents_of, spread
from benchmarks.generate.real_model import GEMMA, gemma
from benchmarks.generate.ways import Engine, Loop, Way, Written
from benchmarks.machine import machine
from benchmarks.results import with_results
from benchmarks.workshop import say
from nightshelf.contracts.description_prompt import INSTRUCTIONS
from nightshelf.models.generator_choice import GeneratorChoice
from nightshelf.settings import Settings

_RESULTS = Path(__file__).parents[1] / "results"
_QUICK_RESULTS = Path(".nightshelf") / "benchmarks"
PAGE = Path(__file__).parents[2] / "docs" / "models.md"
_RANDOM = "random weights, 6 layers, 384 wide, vocabulary 8,000"


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    rows, limit, repeat = (
        (4, 16, 1) if given.quick else (given.rows, given.max_tokens, given.repeat)
    )
    torch.set_num_threads(1)
    found = catalogs(given.data)
    distinct = contents_of(one for name in found for one in found[name])
    contents = spread(distinct, rows)
    with tempfile.TemporaryDirectory() as folder:
        place = _place(given.model, [INSTRUCTIONS, *spread(distinct, 5_000)], Path(folder))
        choice = GeneratorChoice(generator=place, max_tokens=limit, precision=given.precision)
        ways: dict[str, Way] = {"engine": Engine(choice, Settings()), "loop": Loop(choice)}
        measured = _measured(ways, contents, repeat)
    figures = figures_of(measured)
    words = " ".join(sys.argv[1:] if arguments is None else arguments)
    about = {
        "prompts": f"{len(contents)} products of {', '.join(found)}",
        "model": f"{given.model or _RANDOM}; {given.precision}, at most {limit} new tokens",
        "threads": "1",
        "command": "make bench-generate" + (f' ARGS="{words}"' if words else ""),
        **machine(),
    }
    name = f"generate_{GEMMA}" if given.model == GEMMA else "generate"
    _keep(given.out or (_QUICK_RESULTS if given.quick else _RESULTS), name, figures, about)
    say(in_words(figures))
    return 0


def _place(model: str | None, texts: Sequence[str], folder: Path) -> str:
    """Where the model is, made if need be."""
    if model == GEMMA:
        return gemma(_QUICK_RESULTS / GEMMA)
    return model or make_model(texts, folder)


def _measured(
    ways: dict[str, Way], contents: Sequence[str], repeat: int
) -> dict[str, list[Written]]:
    """In turns, each time another one first; after two prompts that do not count."""
    found: dict[str, list[Written]] = {name: [] for name in ways}
    for way in ways.values():
        way.write(contents[:2])
    for number in range(repeat):
        for name in sorted(ways, reverse=bool(number % 2)):
            one = ways[name].write(contents)
            say(f"{name}: {one.tokens} tokens, {one.cpu:.1f} CPU-seconds, {one.wall:.1f} s")
            found[name].append(one)
    return found


def figures_of(measured: dict[str, list[Written]]) -> list[Figure]:
    pairs = list(zip(measured["engine"], measured["loop"], strict=True))
    rates = {name: tuple(one.tokens / one.cpu for one in runs) for name, runs in measured.items()}
    over = tuple(a / b for a, b in zip(rates["engine"], rates["loop"], strict=True))
    by_clock = tuple((a.tokens / a.wall) / (b.tokens / b.wall) for a, b in pairs)
    same = tuple(
        sum(one == two for one, two in zip(a.texts, b.texts, strict=True)) / len(a.texts)
        for a, b in pairs
    )
    engine = "tokens written per CPU-second in the engine, prompts read and texts decoded"
    return [
        Figure(
            name="generate_over_loop",
            what="the engine over a loop of `generate`; tokens written per CPU-second",
            goal=at_least(3),
            values=over,
        ),
        Figure(
            name="generate_over_loop_wall",
            what="the same by the clock on the wall",
            values=by_clock,
        ),
        Figure(name="generate_tokens_per_s", what=engine, values=rates["engine"]),
        Figure(name="loop_tokens_per_s", what="the same in the loop", values=rates["loop"]),
        Figure(name="generate_same_texts", what="share of texts equal to the loop's", values=same),
    ]


def _keep(out: Path, name: str, figures: Sequence[Figure], about: dict[str, str]) -> None:
    shown = report.page(figures, about)
    report.keep(out, name, {"about": about, "figures": report.fields(figures)}, shown)
    # The page shows the model that everybody can make; the real one's figures stand in its text.
    if out.resolve() == _RESULTS.resolve() and name == "generate":
        PAGE.write_text(with_results(PAGE.read_text("utf-8"), shown), "utf-8")
    say(f"{shown}results: {out}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench-generate", description=__doc__)
    data = os.environ.get("BENCH_DATA")
    parser.add_argument("--quick", action="store_true", help="small: shows that everything runs")
    parser.add_argument("--data", type=Path, default=Path(data) if data else None)
    parser.add_argument("--model", help="gemma, package:NAME, folder:PATH; else random weights")
    parser.add_argument("--precision", default="fp32", choices=("fp32", "bf16"))
    parser.add_argument("--rows", type=int, default=32)
    parser.add_argument("--max-tokens", type=int, default=128)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--out", type=Path, help="folder of the results")
    return parser


if __name__ == "__main__":
    sys.exit(main())
