"""Which texts two models are compared by: none that one of them has learned from."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from nightshelf.training.prepare.cleaning import Example, label_of, text_of
from nightshelf.training.prepare.reading import Review
from nightshelf.training.prepare.split import TEST, split

#: What `nightshelf train` leaves in a model's folder.
ABOUT = "training.json"


def examples_to_compare(
    reviews: Sequence[Review], classes: int, models: Sequence[str], files: Mapping[str, str]
) -> tuple[list[Example], list[str]]:
    """
    Distinct texts of the reviews, and what has to be said of them.

    Of files (SHA-256 by name) that one of `models` (paths) was trained on, only the rows that its
    training had put into the test part are left. With two classes neutral ones have no label.
    """
    seen: dict[str, Example] = {}
    for review in reviews:
        label = label_of(review.rating, classes)
        example = Example(
            text_of(review, Counter()),
            -1 if label is None else label,
            review.product_id,
            review.category,
            review.created_at,
        )
        if example.words:
            seen.setdefault(example.words, example)
    examples, said = list(seen.values()), []
    for model in models:
        how = _split_of(model, files)
        if how:
            _, parts = split(examples, how)
            examples = [e for e, part in zip(examples, parts, strict=True) if part == TEST]
            said.append(f"{model} was trained on this data: only its test part is compared by")
    return examples, said


def sha256_of(examples: Sequence[Example]) -> str:
    """Over texts and labels in their order: the same for two comparisons by the same set."""
    digest = hashlib.sha256()
    for example in examples:
        digest.update(json.dumps([example.label, example.text]).encode())
    return digest.hexdigest()


def _split_of(model: str, files: Mapping[str, str]) -> str | None:
    """How the training of a model split these files; None where it has not read them."""
    about = Path(model.removeprefix("folder:")).expanduser() / ABOUT
    try:
        known = json.loads(about.read_text("utf-8"))
        read = set(known["made_from"].values())
        return str(known["split"]) if read & set(files.values()) else None
    except (OSError, ValueError, KeyError, AttributeError):
        return None
