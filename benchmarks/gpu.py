"""One GPU: `python -m benchmarks.gpu` measures the engine and its hosts, without Spark."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch

from benchmarks.corpus import read_corpus
from benchmarks.figure import Figure, in_words
from benchmarks.gpu_ways import Roof, SentenceTransformers, Texts, Way, Workers
from benchmarks.machine import machine
from nightshelf.engine.batching import plan_batches
from nightshelf.models.choice import ModelChoice
from nightshelf.models.encoder import open_encoder
from nightshelf.models.panel import open_reader
from nightshelf.settings import Settings

#: Of so many texts vectors are compared.
_GOLDEN = 1_000


def speeds(ways: dict[str, Way], precision: str, repeat: int) -> Iterator[Figure]:
    """Rows a second of each, interleaved, after a round that does not count."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(repeat + 1):
        for name, way in ways.items():
            rate = way.rows / way.run()
            sys.stderr.write(f"{precision} {name}: {rate:.0f} rows/s\n")
            if number:
                found[name].append(rate)
    for name, way in ways.items():
        way.end()
        yield Figure(
            name=f"{precision}_{name}",
            what=f"rows a second, {precision}",
            values=tuple(found[name]),
        )


def fidelity(choice: ModelChoice, texts: Texts) -> Iterator[Figure]:
    """Cosines of vectors from the GPU with those of fp32 on the CPU."""
    tokens = open_reader(choice).prepare(texts[:_GOLDEN])
    parts = plan_batches(tokens.lengths, max_padded_tokens=8_192)
    exact, gpu = open_encoder(replace(choice, precision="fp32")), open_encoder(choice, "cuda")
    cosines = np.concatenate(
        [(exact.embed(part) * gpu.embed(part)).sum(1) for part in map(tokens.take, parts)]
    )
    for name, value in (("least", cosines.min()), ("mean", cosines.mean())):
        what = f"{name} cosine with fp32 on the CPU, {len(cosines):,} texts"
        yield Figure(name=f"{choice.precision}_{name}_cosine", what=what, values=(float(value),))


def measured(texts: Texts, args: argparse.Namespace) -> Sequence[Figure]:
    plain, figures = ModelChoice.from_settings(Settings()), []
    for precision in args.precisions:
        choice = replace(plain, precision=precision)
        ways: dict[str, Way] = {"roof": Roof(choice, texts, args.padded)}
        for count in args.workers:
            ways[f"workers_{count}"] = Workers(choice, texts, args.padded, count)
        for batch in args.peer_batches:
            few = texts[: args.peer_rows]
            ways[f"sentence_transformers_{batch}"] = SentenceTransformers(choice, few, batch)
        figures += [*speeds(ways, precision, args.repeat), *fidelity(choice, texts)]
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=160_000)
    parser.add_argument("--padded", type=int, default=65_536, help="padded tokens a batch")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--peer-rows", type=int, default=10_000)
    parser.add_argument("--peer-batches", type=int, nargs="+", default=[32, 512])
    parser.add_argument("--precisions", nargs="+", default=["bf16", "fp32"])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--data", type=Path, help="real reviews: FOLDER/reviews_*/reviews.parquet")
    parser.add_argument("--out", type=Path, help="a JSON file for the figures")
    args = parser.parse_args()
    corpus = read_corpus(args.data)
    texts = [corpus.texts[row % len(corpus.texts)] for row in range(args.rows)]
    figures = measured(texts, args)
    about = machine() | {
        "GPU": torch.cuda.get_device_name(),
        "corpus": corpus.origin,
        "rows": str(args.rows),
        "padded tokens a batch": str(args.padded),
    }
    if args.out:
        found = [asdict(one) | {"value": one.value} for one in figures]
        args.out.write_text(json.dumps({"about": about, "figures": found}, indent=1) + "\n")
    sys.stdout.write(f"{json.dumps(about, indent=1)}\n{in_words(figures)}\n")


if __name__ == "__main__":
    main()
