"""
Train the sentiment head that ships, and write it with its card.

    python -m nightshelf.training.sentiment_head \\
        --clothing CLOTHING/reviews.parquet --uci UCI/reviews.parquet --out lib/nightshelf/models
"""

import argparse
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import product
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save

from nightshelf.engine.batching import plan_batches
from nightshelf.engine.model import Reader
from nightshelf.models.choice import ModelChoice
from nightshelf.models.encoder import Encoder, open_encoder
from nightshelf.models.encoder_files import find_encoder, sha256
from nightshelf.models.reader import open_token_reader
from nightshelf.models.sentiment_head import ABOUT, FILE, LABELS, SentimentHead
from nightshelf.settings import Settings
from nightshelf.training.head_fit import Recipe, fit_head
from nightshelf.training.head_report import card, measure
from nightshelf.training.labelled_texts import (
    TRAIN,
    VALIDATION,
    LabelledText,
    read_clothing,
    read_uci,
)
from nightshelf.training.scores import score

#: All are tried; the best macro-F1 on the validation part ships.
RECIPES = tuple(
    Recipe(hidden=hidden, balance=balance)
    for hidden, balance in product((32, 64, 128), (0.25, 0.5, 0.75))
)
LICENCE = "from CC0 and CC BY 4.0 data, see sentiment_head.md"

log = logging.getLogger(__name__)


def train(
    texts: Sequence[LabelledText],
    embeddings: NDArray[np.float32],
    recipes: Sequence[Recipe],
    made_from: Mapping[str, str],
    out: Path,
) -> None:
    """
    Fit each recipe to the train part, and write the best and its card to the folder `out`.

    `embeddings` (texts, width) in the order of `texts`; `made_from` says what encoder and data
    they come from, and is kept with the head; `encoder_sha256` must be in it.
    """
    tried = [(recipe, *_fitted(texts, embeddings, recipe, made_from)) for recipe in recipes]
    recipe, tensors, head, _ = max(tried, key=lambda attempt: attempt[-1])
    lines = measure(head, texts, embeddings)
    about = {
        "labels": LABELS,
        "licence": LICENCE,
        "recipe": asdict(recipe),
        "scores": [asdict(line) for line in lines],
        **made_from,
    }
    # Not `save_file`: that makes a file which nobody but its owner can read. One entry of
    # metadata: several are written in random order, and the file's hash is part of its version.
    metadata = {ABOUT: json.dumps(about, sort_keys=True)}
    (out / FILE).write_bytes(save(tensors, metadata))
    (out / FILE).with_suffix(".md").write_text(card(lines, recipe, made_from), "utf-8")


def _fitted(
    texts: Sequence[LabelledText],
    embeddings: NDArray[np.float32],
    recipe: Recipe,
    made_from: Mapping[str, str],
) -> tuple[dict[str, NDArray[np.float32]], SentimentHead, float]:
    labels = np.array([text.label for text in texts])
    parts = np.array([text.part for text in texts])
    fitting, choosing = parts == TRAIN, parts == VALIDATION
    tensors = fit_head(embeddings[fitting], labels[fitting], recipe)
    head = SentimentHead(**tensors, encoder_sha256=made_from["encoder_sha256"], licence=LICENCE)
    given = np.array(head.answer(embeddings[choosing])).argmax(axis=1)
    measured = score(labels[choosing], given)
    log.info("%s: %s", recipe, measured)
    return tensors, head, measured.macro_f1


def embed(reader: Reader, encoder: Encoder, texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors (texts, width) in the order of `texts`, which are encoded sorted by length."""
    prepared = reader.prepare(texts)
    batches = plan_batches([len(ids) for ids in prepared], max_padded_tokens=2_048)
    vectors = []
    for number, batch in enumerate(batches):
        if number % 100 == 0:
            log.info("encoding, batch %d of %d", number, len(batches))
        vectors.append(encoder.embed([prepared[row] for row in batch]))
    order = np.concatenate([np.array(batch) for batch in batches])
    return np.concatenate(vectors)[np.argsort(order)]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1] if __doc__ else None)
    for name, what in {
        "clothing": "Women's E-Commerce Clothing Reviews, Parquet with title, text, rating",
        "uci": "UCI Sentiment Labelled Sentences, Parquet with text, label (0 or 1)",
        "out": "folder for the head and its card",
    }.items():
        parser.add_argument(f"--{name}", type=Path, required=True, help=what)
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    choice = ModelChoice.from_settings(Settings.from_environ())
    texts = [*read_clothing(given.clothing), *read_uci(given.uci)]
    made_from = {
        "encoder": choice.encoder,
        "max_tokens": str(choice.max_tokens),
        "encoder_sha256": find_encoder(choice.encoder).weights_sha256(),
        "clothing_sha256": sha256(given.clothing),
        "uci_sha256": sha256(given.uci),
    }
    # One thread: on several the sums, and so the head, may differ from run to run.
    torch.set_num_threads(1)
    embeddings = embed(
        open_token_reader(choice), open_encoder(choice), [text.text for text in texts]
    )
    train(texts, embeddings, RECIPES, made_from, given.out)


if __name__ == "__main__":
    main()
