"""Which reviews can be learned from, each with its label and without personal data."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from nightshelf.errors import SettingsError
from nightshelf.privacy.redact import redact
from nightshelf.questions.content import review_content
from nightshelf.training.prepare.near_duplicates import near_duplicates
from nightshelf.training.prepare.reading import Review

LABELS = {2: ("negative", "positive"), 3: ("negative", "neutral", "positive")}
#: A longer text is cut there, after redaction; no model reads so far.
MOST_CHARACTERS = 20_000
#: Why a review is left out.
NO_STARS, NEUTRAL, NO_WORDS = "no_stars", "neutral", "no_words"
CONTRADICTING, DUPLICATE, NEAR_DUPLICATE = "contradicting", "duplicate", "near_duplicate"
#: What happened to texts that stay.
REDACTED, VERY_LONG = "redacted", "very_long"


@dataclass(frozen=True, slots=True)
class Example:
    """A text, the place of its label in `LABELS`, and what it is about."""

    text: str
    label: int
    product_id: str | None = None
    category: str | None = None
    created_at: datetime | None = None

    @property
    def words(self) -> str:
        """
        The text's letters and digits alone; the same for texts that say the same.

        >>> Example("Great dress!!", 1).words
        'greatdress'
        """
        folded = unicodedata.normalize("NFKC", self.text).lower()
        return "".join(character for character in folded if character.isalnum())


@dataclass(frozen=True)
class Cleaned:
    """`left_out` by reason; `changed`: texts that stay, by what was done to them."""

    examples: list[Example]
    left_out: Counter[str]
    changed: Counter[str]


def label_of(rating: float | None, classes: int) -> int | None:
    """
    By stars: up to 2 negative, from 4 positive, between them neutral; None where there is none.

    >>> [label_of(stars, 3) for stars in (1, 2, 3, 4, 5, 6, None)]
    [0, 0, 1, 2, 2, None, None]
    >>> [label_of(stars, 2) for stars in (2, 3, 4)]
    [0, None, 1]
    """
    if rating is None or not 1 <= rating <= 5:
        return None
    if 2 < rating < 4:
        return 1 if classes == 3 else None
    return 0 if rating <= 2 else classes - 1


def clean(reviews: Sequence[Review], classes: int) -> Cleaned:
    """
    Examples in the order of the reviews; of texts that say the same the first one stays.

    Texts that say the same and have several labels are left out, all of them.
    """
    if classes not in LABELS:
        raise SettingsError(f"{classes} classes: use {' or '.join(map(str, LABELS))}")
    left_out: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    examples = list(_labelled(reviews, classes, left_out, changed))
    examples = _distinct(examples, left_out)
    alike = near_duplicates([example.words for example in examples])
    left_out[NEAR_DUPLICATE] += len(alike)
    kept = [example for place, example in enumerate(examples) if place not in alike]
    return Cleaned(kept, +left_out, +changed)


def text_of(review: Review, changed: Counter[str]) -> str:
    """What a model reads: title and body, each redacted; `changed` counts what was done."""
    parts = [redact(part) for part in (review.title or "", review.body or "")]
    text = review_content(parts[0].text, parts[1].text)
    changed[REDACTED] += any(part.counts for part in parts)
    changed[VERY_LONG] += len(text) > MOST_CHARACTERS
    return text[:MOST_CHARACTERS]


def _labelled(
    reviews: Iterable[Review], classes: int, left_out: Counter[str], changed: Counter[str]
) -> Iterable[Example]:
    for review in reviews:
        label = label_of(review.rating, classes)
        if label is None:
            left_out[NO_STARS if label_of(review.rating, 3) is None else NEUTRAL] += 1
            continue
        noted: Counter[str] = Counter()
        text = text_of(review, noted)
        example = Example(text, label, review.product_id, review.category, review.created_at)
        if example.words:
            changed += noted
            yield example
        else:
            left_out[NO_WORDS] += 1


def _distinct(examples: Sequence[Example], left_out: Counter[str]) -> list[Example]:
    by_words: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_words[example.words].append(example)
    kept = []
    for alike in by_words.values():
        if len({example.label for example in alike}) > 1:
            left_out[CONTRADICTING] += len(alike)
        else:
            left_out[DUPLICATE] += len(alike) - 1
            kept.append(alike[0])
    return kept
