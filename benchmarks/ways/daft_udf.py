"""Daft: two persistent UDF processes, each with a model of sentence-transformers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import daft
import numpy as np
from numpy.typing import NDArray

from benchmarks.ways.hugging_face import sentence_model
from benchmarks.ways.job import Answer, Job, Meter, Outcome, run_way
from benchmarks.ways.start import after_start, arrive
from nightshelf.models.choice import ModelChoice
from nightshelf.models.encoder_files import find_encoder

_BATCH = 512


@contextmanager
def daft_udf(job: Job, meter: Meter) -> Iterator[Answer]:
    choice = ModelChoice(**job.choice)
    files = find_encoder(choice.encoder)
    width = int(files.config["hidden_size"])
    vector = daft.DataType.embedding(daft.DataType.float32(), width)

    @daft.udf(return_dtype=vector, batch_size=_BATCH, concurrency=job.slots, use_process=True)
    class Embedder:
        def __init__(self, started: str) -> None:
            self._model = sentence_model(files.folder, choice.precision, choice.max_tokens)
            arrive(started, job.slots)

        def __call__(self, texts: daft.Series) -> NDArray[np.float32]:
            found: NDArray[np.float32] = self._model.encode(
                texts.to_pylist(), normalize_embeddings=True, show_progress_bar=False
            )
            return found

    def answer(folder: Path) -> Outcome:
        texts = daft.read_parquet(f"{folder}/*.parquet").into_batches(_BATCH)
        started = f"{job.home}/{folder.name}"
        embed = Embedder.with_init_args(started)
        with after_start(started, job.slots, meter) as work:
            table = texts.select(embed(daft.col("text")).alias("vector")).to_arrow()
        vectors = np.stack(table["vector"].to_numpy())
        return Outcome(
            answered=len(vectors),
            first=float(vectors[:, 0].mean()),
            cpu=work.cpu,
            wall=work.wall,
        )

    yield answer


if __name__ == "__main__":
    run_way(daft_udf)
