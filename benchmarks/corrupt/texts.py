"""Texts about a catalog's products, true ones and ones with a lie, from a seed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.corrupt.lies import KINDS, lie
from benchmarks.corrupt.products import Product
from benchmarks.corrupt.sentences import Writer
from benchmarks.corrupt.statements import chosen

TRUE = "true"
#: True as well, in ways that no rule was ever tried on.
UNSEEN = "unseen"
LANGUAGES = ("en", "zh")
_MOST_SENTENCES = 5


@dataclass(frozen=True)
class Text:
    """`kind` is `true`, `unseen` or the kind of the lie, which stands in `lie`."""

    product: Product
    language: str
    kind: str
    words: str
    lie: str = ""


def unseen(products: Sequence[Product], language: str, most: int) -> Iterator[Text]:
    source = random.Random(f"{products[0].catalog} {language} unseen")
    return _made(products, language, UNSEEN, most, source)


def texts(products: Sequence[Product], language: str, each: int, true: int) -> Iterator[Text]:
    """`true` true ones, and of each kind up to `each`; fewer where the catalog lacks them."""
    catalog = products[0].catalog
    yield from _made(products, language, TRUE, true, random.Random(f"{catalog} {language} true"))
    for kind in KINDS:
        source = random.Random(f"{catalog} {language} {kind}")
        yield from _made(products, language, kind, each, source)


def _made(
    products: Sequence[Product], language: str, kind: str, most: int, source: random.Random
) -> Iterator[Text]:
    brands = sorted({one.brand for one in products if one.brand})
    found = 0
    for product in source.sample(products, len(products)):
        if found >= most:
            return
        if one := write(product, language, kind, source, brands):
            found += 1
            yield one


def write(
    product: Product, language: str, kind: str, source: random.Random, brands: Sequence[str]
) -> Text | None:
    """One text of this kind; None where the product does not have what it takes."""
    writer = Writer(language, source, unseen=kind == UNSEEN)
    said = chosen(product, source, _MOST_SENTENCES)
    sentences = [writer.write(one) for one in said]
    is_true = kind in (TRUE, UNSEEN)
    false = None if is_true else lie(kind, product, said, writer, brands)
    if not is_true and false is None:
        return None
    if false and false.at >= 0:
        sentences[false.at] = false.sentence
    elif false:
        sentences.insert(source.randrange(len(sentences)) + 1, false.sentence)
    joined = (" " if language == "en" else "").join(sentences)
    return Text(product, language, kind, joined, false.sentence if false else "")
