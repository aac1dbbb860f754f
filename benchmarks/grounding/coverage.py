"""Attributes that matter: how many of those a product has the composer's text says."""

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from benchmarks.figure import Figure, at_least, in_words
from benchmarks.grounding import catalogs
from nightshelf.composer import compose
from nightshelf.contracts.description_rules import DescriptionRules
from nightshelf.contracts.product_fields import ProductFields

PRODUCTS = 3_000
#: What a shopper asks before buying, by the names of each catalog; chosen from the names alone.
MATTER: Mapping[str, Sequence[str]] = {
    "ikea": ("width_cm", "depth_cm", "height_cm", "designer"),
    "fashion": ("gender", "article_type", "color", "season", "usage"),
    "flipkart": (
        *("Ideal For", "Occasion", "Type", "Pattern", "Color", "Fabric", "Sleeve", "Neck"),
        *("Outer Material", "Inner Material", "Sole Material", "Base Material", "Material"),
        *("Heel Height", "Closure", "Gemstone", "Gold Purity", "Ring Size", "Diamond Weight"),
        *("Width", "Height", "Length", "Depth", "Diameter", "Weight", "Size", "Capacity"),
        *("Dial Color", "Dial Shape", "Strap Color", "Strap Material", "Water Resistant"),
        *("Sales Package", "Suitable For", "Designed for", "Primary Color", "Primary Material"),
        *("Finish", "Fit", "Style", "Shape", "Plating", "Mechanism", "Power Source", "Quantity"),
        *("Microwave Safe", "Machine Washable", "Reversible", "Filling Material", "Connector"),
    ),
}
#: Nothing to say: left out of the count, as is a flag that says no.
_SAYS_NOTHING = re.compile(r"\s*(?:n/?a|no|none|unknown|other|others|not specified|-|0)?\s*", re.I)
_YES = re.compile(r"yes\b", re.I)


def is_said(name: str, value: str, text: str) -> bool:
    """
    Whether each word of the value is in the text; of a flag, those of its name.

    Independent of the composer: words and numbers are searched in what it wrote, in any order.
    """
    words = _words(text)
    # "T-shirts" says what a field spells "tshirts".
    found = {*words, *(a + b for a, b in pairwise(words))}
    return all(word in found for word in _words(name if _YES.match(value) else value))


def _words(text: str) -> list[str]:
    """Without the sign of plural or possession, and without what only joins."""
    plain = re.findall(r"[^\W_]+", text.casefold())
    return [re.sub(r"(?<=\w\w)s$", "", word) for word in plain if word not in ("s", "and")]


def asked(name: str, fields: ProductFields) -> Iterator[tuple[str, str]]:
    for attribute in MATTER[name]:
        value = fields.attributes.get(attribute, "")
        if not _SAYS_NOTHING.fullmatch(value):
            yield attribute, value


def figures(folder: Path | None) -> list[Figure]:
    """One a catalog; without a value where the catalog is absent."""
    return [_figure(name, catalogs.catalog(name, folder)) for name in catalogs.NAMES]


def _figure(name: str, products: list[ProductFields]) -> Figure:
    chosen = random.Random(8).sample(products, min(PRODUCTS, len(products)))
    rules = DescriptionRules(matter=tuple(MATTER[name]))
    wanted: Counter[str] = Counter()
    said: Counter[str] = Counter()
    for fields in chosen:
        text = compose(fields, rules).text
        for attribute, value in asked(name, fields):
            wanted[attribute] += 1
            said[attribute] += is_said(attribute, value, text)
    worst = sorted(wanted, key=lambda one: said[one] - wanted[one])[:3]
    missed = {one: wanted[one] - said[one] for one in worst if wanted[one] > said[one]}
    return Figure(
        name=f"composer_coverage_{name}",
        what=f"attributes that matter, said: {said.total()} of {wanted.total()}; missed {missed}",
        goal=at_least(0.9),
        values=(said.total() / wanted.total(),) if wanted else (),
    )


if __name__ == "__main__":
    found = figures(catalogs.data_folder())
    print("\n".join(f"{figure.name}: {figure.what}" for figure in found))
    print(in_words(found))
