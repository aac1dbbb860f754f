"""sentence-transformers: its own pool of two processes over all texts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.ways.hugging_face import sentence_model
from benchmarks.ways.job import Answer, Job, Meter, Outcome, run_way
from benchmarks.ways.texts import read_texts
from nightshelf.models.choice import ModelChoice
from nightshelf.models.encoder_files import find_encoder


@contextmanager
def sentence_encode(job: Job, _: Meter) -> Iterator[Answer]:
    choice = ModelChoice(**job.choice)
    folder = find_encoder(choice.encoder).folder
    model = sentence_model(folder, choice.precision, choice.max_tokens)
    pool = model.start_multi_process_pool(["cpu"] * job.slots)

    def answer(folder: Path) -> Outcome:
        texts = read_texts(folder)
        size = -(-len(texts) // job.slots)
        vectors = model.encode(texts, pool=pool, chunk_size=size, normalize_embeddings=True)
        return Outcome(answered=len(vectors), first=float(vectors[:, 0].mean()))

    try:
        yield answer
    finally:
        model.stop_multi_process_pool(pool)


if __name__ == "__main__":
    run_way(sentence_encode)
