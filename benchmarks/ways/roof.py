"""The roof: forward passes alone, tokenised before, in the best batches, without Spark."""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import torch

from benchmarks.ways.job import Answer, Job, Meter, Outcome, run_way
from benchmarks.ways.texts import read_texts
from nightshelf.engine.batching import plan_batches
from nightshelf.engine.tokens import Tokens
from nightshelf.models.choice import ModelChoice
from nightshelf.models.encoder import Encoder, open_encoder
from nightshelf.models.reader import open_token_reader
from nightshelf.settings import Settings

#: Of so many texts the gate compares the answers.
GOLDEN_TEXTS = 1_000


@contextmanager
def roof(job: Job, _: Meter) -> Iterator[Answer]:
    choice = ModelChoice(**job.choice)
    torch.set_num_threads(1)
    reader, encoder = open_token_reader(choice), open_encoder(choice)

    def answer(folder: Path) -> Outcome:
        texts = read_texts(folder)
        tokens = reader.prepare(texts)
        plan = plan_batches(tokens.lengths, max_padded_tokens=Settings.max_padded_tokens)
        parts = _in_processes(encoder, [tokens.take(rows) for rows in plan], job.slots)
        rows = sum(part["rows"] for part in parts)
        return Outcome(
            answered=rows,
            first=sum(part["sum"] for part in parts) / rows,
            cpu=sum(part["cpu"] for part in parts),
            wall=max(part["ended"] for part in parts) - min(part["begun"] for part in parts),
            details=_fidelity(choice, texts) if choice.precision != "fp32" else {},
        )

    yield answer


def _fidelity(choice: ModelChoice, texts: list[str]) -> dict[str, Any]:
    """What the product's gate says of it; nothing where there are too few texts to say it."""
    from nightshelf.models.fidelity import FEWEST_TEXTS, measure

    if len(set(texts)) < FEWEST_TEXTS:
        return {}
    found = measure(choice, texts[:GOLDEN_TEXTS])
    return asdict(found) | {"refusals": found.refusals}


def _in_processes(encoder: Encoder, batches: list[Tokens], slots: int) -> list[dict[str, Any]]:
    fork = multiprocessing.get_context("fork")
    # Whoever is free takes the next batch: all end together.
    following, ready = fork.Value("l", 0), fork.Barrier(slots)
    ends = []
    for _ in range(slots):
        mine, theirs = fork.Pipe(duplex=False)
        arguments = (encoder, batches, following, ready, theirs)
        fork.Process(target=_forward, args=arguments, daemon=True).start()
        ends.append(mine)
    return [end.recv() for end in ends]


def _forward(
    encoder: Encoder,
    batches: list[Tokens],
    following: Any,  # noqa: ANN401  multiprocessing has no public type of it
    ready: Any,  # noqa: ANN401
    result: Connection,
) -> None:
    encoder.embed(batches[-1])
    ready.wait()
    begun, cpu = time.monotonic(), time.process_time()
    rows, total = 0, 0.0
    while True:
        with following.get_lock():
            number = following.value
            following.value += 1
        if number >= len(batches):
            break
        vectors = encoder.embed(batches[number])
        rows, total = rows + len(vectors), total + float(vectors[:, 0].sum())
    cpu, ended = time.process_time() - cpu, time.monotonic()
    result.send({"rows": rows, "sum": total, "cpu": cpu, "begun": begun, "ended": ended})


if __name__ == "__main__":
    run_way(roof)
