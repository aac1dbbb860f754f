"""Who answers on the GPU: forward passes alone, workers that share a model host, a peer."""

import multiprocessing
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from nightshelf.engine.batching import plan_batches
from nightshelf.engine.runner import Limits, Panel, ask
from nightshelf.engine.usage import Usage
from nightshelf.host.client import GPU_DEPTH, HostDevice
from nightshelf.host.folder import HostFolder
from nightshelf.host.slots import gpu_slot
from nightshelf.host.start import HostLimits, host_of, stop_hosts
from nightshelf.models.choice import ModelChoice
from nightshelf.models.encoder import DTYPES, open_encoder
from nightshelf.models.encoder_files import find_encoder
from nightshelf.models.panel import open_reader
from nightshelf.names import EMBEDDING
from nightshelf.questions import QUESTIONS
from nightshelf.settings import Settings

Texts = Sequence[str]


class Way(Protocol):
    """`rows` are answered by each `run`."""

    rows: int

    def run(self) -> float:
        """Seconds that it took."""

    def end(self) -> None:
        """Let go of the device."""


class Roof:
    """Tokenised before, in the best batches; all that is left is to compute and to fetch."""

    def __init__(self, choice: ModelChoice, texts: Texts, padded: int) -> None:
        self.rows = len(texts)
        self._encoder = open_encoder(choice, "cuda")
        tokens = open_reader(choice, every_core=True).prepare(texts)
        plan = plan_batches(tokens.lengths, max_padded_tokens=padded)
        self._batches = [tokens.take(rows) for rows in plan]

    def run(self) -> float:
        begun = time.perf_counter()
        waiting = [self._encoder.begin(batch) for batch in self._batches[:2]]
        for batch in self._batches[2:]:
            waiting.pop(0)()
            waiting.append(self._encoder.begin(batch))
        for vectors in waiting:
            vectors()
        return time.perf_counter() - begun

    def end(self) -> None:
        del self._encoder


@dataclass(frozen=True)
class _Task:
    """What one worker process does again and again."""

    home: Path
    choice: ModelChoice
    texts: Texts
    padded: int
    every_core: bool


class Workers:
    """
    The product without Spark: processes that tokenise, and share the GPU's model host.

    One alone uses every core to tokenise, as where Spark gives a task a GPU of its own.
    """

    def __init__(self, choice: ModelChoice, texts: Texts, padded: int, workers: int) -> None:
        self.rows = len(texts)
        self._home = Path(tempfile.mkdtemp(prefix="nightshelf-bench-"))
        context = multiprocessing.get_context("spawn")
        self._orders = [context.SimpleQueue() for _ in range(workers)]
        self._found = context.SimpleQueue()
        for place, orders in enumerate(self._orders):
            task = _Task(self._home, choice, texts[place::workers], padded, workers == 1)
            arguments = (task, orders, self._found)
            context.Process(target=_work, args=arguments, daemon=True).start()

    def run(self) -> float:
        for orders in self._orders:
            orders.put("go")
        found = [self._found.get() for _ in self._orders]
        if sum(one["answered"] for one in found) != self.rows:
            raise RuntimeError(f"of {self.rows} rows these were answered: {found}")
        return float(max(one["ended"] for one in found) - min(one["begun"] for one in found))

    def end(self) -> None:
        for orders in self._orders:
            orders.put("")
        stop_hosts(HostFolder.of(self._home))


class SentenceTransformers:
    """On the same device and in the same precision, `batch` rows at a time."""

    def __init__(self, choice: ModelChoice, texts: Texts, batch: int) -> None:
        from sentence_transformers import SentenceTransformer

        self.rows = len(texts)
        self._texts, self._batch = list(texts), batch
        folder = str(find_encoder(choice.encoder).folder)
        kwargs = {"dtype": DTYPES[choice.precision]}
        self._model = SentenceTransformer(folder, device="cuda", model_kwargs=kwargs)
        self._model.max_seq_length = choice.max_tokens

    def run(self) -> float:
        begun = time.perf_counter()
        self._model.encode(self._texts, batch_size=self._batch, normalize_embeddings=True)
        return time.perf_counter() - begun

    def end(self) -> None:
        del self._model


def _work(task: _Task, orders: Any, found: Any) -> None:  # noqa: ANN401  queues have no public type
    folder = HostFolder.of(task.home)
    folder.make()
    hosts = HostLimits(idle_seconds=60, memory_mb=Settings.host_memory_mb)
    connect = partial(host_of, folder, gpu_slot("0"), hosts, task.choice)
    questions = list(QUESTIONS.values())
    reader = open_reader(task.choice, every_core=task.every_core)
    limits = Limits(
        max_padded_tokens=task.padded, window_rows=Settings.window_rows, max_failed_share=0.01
    )
    keys = [f"c{number}" for number in range(len(task.texts))]
    columns = {"content_key": keys, "text": list(task.texts)}
    rows = pa.table(columns | {f"key_{name}": keys for name in QUESTIONS}).to_batches(2_000)
    while orders.get():
        device = HostDevice(connect, task.choice, questions, GPU_DEPTH)
        panel = Panel(questions=questions, reader=reader, device=device, limits=limits)
        begun = time.monotonic()
        answers = [(question.name, batch.num_rows) for question, batch in ask(rows, panel, Usage())]
        ended = time.monotonic()
        answered = sum(count for name, count in answers if name == EMBEDDING)
        found.put({"answered": answered, "begun": begun, "ended": ended})
        device.close()
