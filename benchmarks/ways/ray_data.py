"""Ray Data: a pool of two actors, each with a model of sentence-transformers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import ray

from benchmarks.ways.hugging_face import sentence_model
from benchmarks.ways.job import Answer, Job, Meter, Outcome, run_way
from benchmarks.ways.start import after_start, arrive
from nightshelf.models.choice import ModelChoice
from nightshelf.models.encoder_files import find_encoder

_BATCH = 512


class Embedder:
    def __init__(self, choice: ModelChoice, started: str, slots: int) -> None:
        folder = find_encoder(choice.encoder).folder
        self._model = sentence_model(folder, choice.precision, choice.max_tokens)
        arrive(started, slots)

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        vectors = self._model.encode(
            batch["text"].tolist(), normalize_embeddings=True, show_progress_bar=False
        )
        return {"vector": vectors}


@contextmanager
def ray_data(job: Job, meter: Meter) -> Iterator[Answer]:
    # One more than the actors hold: with none left for them, reading tasks wait for ever.
    cpus = job.slots + 1
    place = str(Path(job.home).absolute())
    ray.init(num_cpus=cpus, include_dashboard=False, log_to_driver=False, _temp_dir=place)
    ray.data.DataContext.get_current().enable_progress_bars = False

    def answer(folder: Path) -> Outcome:
        started = f"{job.home}/{folder.name}"
        texts = ray.data.read_parquet(str(folder)).select_columns(["text"])
        vectors = texts.map_batches(
            Embedder,
            fn_constructor_args=(ModelChoice(**job.choice), started, job.slots),
            batch_size=_BATCH,
            compute=ray.data.ActorPoolStrategy(size=job.slots),
            num_cpus=1,
        )
        with after_start(started, job.slots, meter) as work:
            firsts = [batch["vector"][:, 0] for batch in vectors.iter_batches(batch_size=None)]
        first = np.concatenate(firsts)
        return Outcome(answered=len(first), first=float(first.mean()), cpu=work.cpu, wall=work.wall)

    try:
        yield answer
    finally:
        ray.shutdown()


if __name__ == "__main__":
    run_way(ray_data)
