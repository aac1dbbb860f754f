"""Real reviews, in which hardly anybody is named: whatever is replaced in them is mostly a loss."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from nightshelf.engine.batching import plan_batches
from nightshelf.models.choice import ModelChoice
from nightshelf.models.panel import open_panel, open_reader
from nightshelf.names import SENTIMENT
from nightshelf.privacy.false_finds import words
from nightshelf.privacy.names import CatalogNames, NameRedactor
from nightshelf.privacy.spans import Span, replaced
from nightshelf.settings import Settings

#: By our name: the data set's folder, and whether its rows say which product they are about.
SHOPS = {
    "amazon": ("reviews_amazon_datafiniti", True),
    "clothing": ("reviews_womens_clothing", False),
    "sentences": ("reviews_uci_sentences", False),
}
#: Sentences about goods, with brand and title as the catalog flipkart has them.
GOODS = "goods"
_SAID = (
    "I bought the {} last month and it works as it should.",
    "We have had {} for a year now. Would buy again!",
    "{} arrived late, but my sister loves it.",
    "Not as good as the old one, the {} broke within a week.",
)
_SEED = 20261128


@dataclass(frozen=True)
class Review:
    """`title` and `brand` are the product's, empty where the data set does not say."""

    product: str
    text: str
    title: str = ""
    brand: str = ""


def read_reviews(folder: Path, shop: str, most: int) -> list[Review]:
    """Distinct texts, a seeded sample of them."""
    name, has_products = SHOPS[shop]
    path = folder / name / "reviews.parquet"
    columns = ["text", *(["product_id", "product_name", "brand"] * has_products)]
    found = {}
    for row in pq.read_table(path, columns=columns).to_pylist():
        about = (row.get("product_id") or "", row["text"], row.get("product_name") or "")
        if row["text"]:
            found[row["text"]] = Review(*about, row.get("brand") or "")
    rows = list(found.values())
    return random.Random(_SEED).sample(rows, min(most, len(rows)))  # noqa: S311  seeded on purpose


def read_goods(folder: Path, most: int) -> list[Review]:
    """One sentence a product that has a brand: with the brand, or the first words of the title."""
    rows = pq.read_table(
        folder / "catalog_flipkart" / "products.parquet", columns=["product_id", "title", "brand"]
    ).to_pylist()
    named = [row for row in rows if row["brand"] and row["title"]]
    made = []
    for n, row in enumerate(random.Random(_SEED).sample(named, min(most, len(named)))):  # noqa: S311
        name = row["brand"] if n % 2 else " ".join(row["title"].split()[:4])
        text = _SAID[n // 2 % len(_SAID)].format(name)
        made.append(Review(row["product_id"], text, row["title"], row["brand"]))
    return made


def names_of(reviews: Sequence[Review]) -> CatalogNames:
    return CatalogNames.of((one.product, one.title, one.brand) for one in reviews if one.product)


def eaten(
    reviews: Sequence[Review], found: Sequence[Sequence[Span]], kept: CatalogNames
) -> tuple[int, int]:
    """Of the words with a capital that are of the product's title or a brand: replaced, all."""
    brands = {word for brand in kept.brands for word in brand}
    lost = total = 0
    for one, spans in zip(reviews, found, strict=True):
        own = kept.titles.get(one.product, frozenset()) | brands
        start = 0
        for word in one.text.split():
            start = one.text.index(word, start)
            said = words(word)
            if word[0].isupper() and said and set(said) <= own:
                total += 1
                lost += any(span.start <= start < span.end for span in spans)
            start += len(word)
    return lost, total


def flips(reviews: Sequence[Review], found: Sequence[Sequence[Span]]) -> int:
    """Of how many reviews the sentiment's label is another after the finds are replaced."""
    pairs = [
        (one.text, replaced(one.text, spans))
        for one, spans in zip(reviews, found, strict=True)
        if spans
    ]
    if not pairs:
        return 0
    before, after = (_labels([pair[n] for pair in pairs]) for n in (0, 1))
    return int((before != after).sum())


def _labels(texts: list[str]) -> "np.typing.NDArray[np.int64]":
    choice = ModelChoice.from_settings(Settings())
    tokens, model = open_reader(choice).prepare(texts), open_panel(choice)
    labels = np.empty(len(texts), np.int64)
    for rows in plan_batches(tokens.lengths, max_padded_tokens=2_048):
        labels[rows] = np.asarray(model.answer(tokens.take(rows))[SENTIMENT]).argmax(axis=1)
    return labels


def finds(redactor: NameRedactor, reviews: Sequence[Review]) -> list[list[Span]]:
    return redactor.find([one.text for one in reviews], [one.product for one in reviews])
