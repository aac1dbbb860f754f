"""A writer that lies on purpose, hides its lies, and keeps a ledger of them."""

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.corrupt.lies import KINDS, lie
from benchmarks.corrupt.products import Product
from benchmarks.corrupt.sentences import Writer
from benchmarks.corrupt.statements import chosen

_MOST = 6
_LOOK_ALIKE = str.maketrans(
    {"a": "\u0430", "e": "\u0435", "o": "\u043e", "c": "\u0441", "p": "\u0440"}
)
_BACK = {
    ord(theirs): chr(ours)
    for ours, theirs in (
        (key, chr(value) if isinstance(value, int) else value) for key, value in _LOOK_ALIKE.items()
    )
}
_WIDE = {code: code + 0xFEE0 for code in range(ord("0"), ord("9") + 1)}


@dataclass(frozen=True)
class Draft:
    """`ledger`: each invented sentence, as a reader sees it."""

    product: Product
    language: str
    words: str
    ledger: tuple[str, ...]


def describe(
    product: Product, language: str, source: random.Random, brands: Sequence[str]
) -> Draft:
    """True sentences with up to three invented ones between, some of them in disguise."""
    writer = Writer(language, source)
    said = chosen(product, source, _MOST)
    sentences = [writer.write(one) for one in said]
    ledger = []
    for _ in range(source.randrange(4)):
        made = lie(source.choice(KINDS), product, said, writer, brands)
        if made is None or made.sentence in sentences:
            continue
        ledger.append(made.sentence)
        sentences.insert(source.randrange(len(sentences) + 1), _hidden(made.sentence, source))
    joined = (" " if language == "en" else "").join(sentences)
    return Draft(product, language, joined, tuple(ledger))


def _hidden(sentence: str, source: random.Random) -> str:
    """As it is, or with marks that are not seen, look-alikes, wide digits, or joined to another."""
    way = source.randrange(6)
    if way == 0:
        at = source.randrange(len(sentence))
        return f"{sentence[:at]}\u200b{sentence[at:]}"
    if way == 1:
        return sentence.translate(_LOOK_ALIKE)
    if way == 2:
        return sentence.translate(_WIDE)
    return sentence


def seen(text: str) -> str:
    """
    What a reader sees: one form of each letter and digit, nothing invisible, single blanks.

    >>> seen("６０\u200b  cm \u043ek")
    '60 cm ok'
    """
    plain = unicodedata.normalize("NFKC", text).translate(_BACK)
    shown = "".join(char for char in plain if unicodedata.category(char) != "Cf")
    return " ".join(shown.lower().split())


def published_lies(text: str, ledger: Sequence[str]) -> int:
    """How many sentences of the ledger a reader of `text` sees."""
    shown = seen(text)
    return sum(seen(sentence) in shown for sentence in ledger)
