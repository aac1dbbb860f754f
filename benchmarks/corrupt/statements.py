"""One true statement about a product at a time, with what in it can be made false."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.corrupt.products import Product
from benchmarks.corrupt.vocabulary import COLOURS, LABELS, MATERIALS, UNITS

TITLE, BRAND, CATEGORY = "title", "brand", "category"
COLOUR, MATERIAL, MEASURE, ATTRIBUTE = "colour", "material", "measure", "attribute"

#: The shop's measure, and nothing else: `60 cm`, `0.5 inch`, `4`.
_MEASURE = re.compile(rf"(\d{{1,6}}(?:\.\d{{1,3}})?)\s*({'|'.join(UNITS)})?\.?", re.IGNORECASE)
_WHOLE_LABEL = re.compile(r"(?:fabric|outer|main)? ?(?:material|fabric)(?: type)?|colou?r")
_LONGEST_VALUE = 60


@dataclass(frozen=True)
class Statement:
    """`label` is the shop's own name of it; `amount` and `unit` are of measures only."""

    kind: str
    label: str
    value: str
    amount: float = 0.0
    unit: str = ""


def statements(product: Product) -> Iterator[Statement]:
    """All that the texts can say of it, the title first."""
    yield Statement(TITLE, "title", product.title)
    if product.brand:
        yield Statement(BRAND, "brand", product.brand)
    if product.category and len(product.category) <= _LONGEST_VALUE:
        yield Statement(CATEGORY, "category", product.category)
    for name, value in product.attributes.items():
        says = any(char.isalnum() for char in value)
        if says and len(value) <= _LONGEST_VALUE and len(name) <= _LONGEST_VALUE:
            yield _of_attribute(name, value.strip())


def _of_attribute(name: str, value: str) -> Statement:
    plain = value.lower()
    if _WHOLE_LABEL.fullmatch(name.lower()):
        if plain in COLOURS:
            return Statement(COLOUR, name, plain)
        if plain in MATERIALS:
            return Statement(MATERIAL, name, plain)
    match = _MEASURE.fullmatch(value)
    # `12 M` is the size of a shoe.
    if match and match[2] != "M":
        return Statement(MEASURE, name, value, float(match[1]), (match[2] or "").lower())
    return Statement(ATTRIBUTE, name, value)


def chosen(product: Product, source: random.Random, most: int) -> list[Statement]:
    """The title and up to `most - 1` of the others."""
    first, *rest = statements(product)
    return [first, *source.sample(rest, min(len(rest), most - 1))]


def is_measure(one: Statement) -> bool:
    return one.kind == MEASURE and one.unit in UNITS


def label_in_chinese(label: str) -> str:
    """Where it is not one that the lists know, as the shop writes it."""
    return LABELS.get(label.lower(), label)
