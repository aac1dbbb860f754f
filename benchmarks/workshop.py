"""Prepare the texts and models of each step, run it, and keep what it took."""

import json
import shutil
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks.corpus import Corpus, Lengths, write
from benchmarks.measure import measure
from benchmarks.measured import Measured
from benchmarks.plan import INT8, PEERS, Step, Texts
from benchmarks.tiny import make_tiny
from benchmarks.ways.job import Job
from nightshelf.models.choice import FAULTY, ModelChoice
from nightshelf.models.panel import open_reader
from nightshelf.settings import Settings


class Workshop:
    """
    Everything lies below `folder`, and is gone with it.

    Peers compute in `peer_precision`, or as `choice` says.
    """

    def __init__(
        self,
        folder: Path,
        corpus: Corpus,
        choice: ModelChoice,
        java_home: Path,
        peer_precision: str | None = None,
    ) -> None:
        self._folder = folder
        self._corpus = corpus
        self._choice = choice
        self._peer_precision = peer_precision or choice.precision
        self._tiny = make_tiny(choice, folder / "tiny")
        self._java_home = java_home
        # The tiny model has the tokenizer of the real one.
        self._lengths = Lengths(corpus, open_reader(choice))
        self._homes = 0

    def run(self, step: Step) -> Measured:
        begun = time.monotonic()
        self._homes += 1
        home = self._folder / f"home-{self._homes}"
        job = Job(
            runs={name: str(self._texts(texts)) for name, texts in step.runs.items()},
            choice=asdict(self._model(step)),
            home=str(home),
            jars=str(Settings.from_environ().jars),
            slots=step.slots,
            shards=step.shards,
        )
        log = self._folder / f"errors-{self._homes}.log"
        took, trouble = measure(step.way, job, self._java_home, log)
        shutil.rmtree(home, ignore_errors=True)
        if trouble.startswith("failed"):
            say(log.read_text(errors="replace")[-2_000:])
        runs = [] if trouble else json.loads(took.out.splitlines()[-1])
        for run in runs:
            rows = step.runs[run["name"]].rows
            run |= {"rows": rows, "tokens": self._lengths.tokens(rows)}
            if rows != run["answered"] + run["failed"]:
                trouble = f"failed: of {rows} rows {run['answered']} came back answered"
        measured = Measured(
            part=step.part,
            way=step.way,
            repetition=step.repetition,
            cpu=took.cpu,
            wall=took.wall,
            runs=tuple(runs),
            trouble=trouble,
        )
        say(_line(measured, time.monotonic() - begun))
        return measured

    def _model(self, step: Step) -> ModelChoice:
        chosen = self._tiny if step.tiny else self._choice
        if step.way == INT8:
            chosen = replace(chosen, precision="int8")
        if step.way in PEERS:
            chosen = replace(chosen, precision=self._peer_precision)
        return replace(chosen, encoder=FAULTY + chosen.encoder) if step.faulty else chosen

    def _texts(self, texts: Texts) -> Path:
        folder = self._folder / f"texts-{texts.rows}-{texts.kind or 'good'}"
        return folder if folder.exists() else write(self._corpus, folder, texts.rows, texts.kind)


def _line(one: Measured, seconds: float) -> str:
    told = ", ".join(
        f"{run['name']} {run['rows']} rows {run['cpu']:.1f} CPU-s {run['wall']:.1f} s"
        for run in one.runs
    )
    name = f"{one.part} {one.way} #{one.repetition + 1}"
    return f"[{seconds:5.0f} s] {name}: {one.trouble or told}; all in all {one.cpu:.1f} CPU-s"


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
