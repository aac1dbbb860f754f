"""The words that the gate knows, read once from the lists in `words/`."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nightshelf.grounding.claims import (
    CERTIFICATION,
    COLOUR,
    COMPATIBILITY,
    HEALTH,
    LABEL,
    LEGAL,
    MATERIAL,
    PRICE,
    SUPERLATIVE,
    TERM,
)

_FOLDER = Path(__file__).parent / "words"
#: A word of two lists belongs to the first.
_KINDS = {
    "colour": COLOUR,
    "material": MATERIAL,
    "label": LABEL,
    "superlative": SUPERLATIVE,
    "certification": CERTIFICATION,
    "health": HEALTH,
    "legal": LEGAL,
    "price": PRICE,
    "compatibility": COMPATIBILITY,
    "thing": TERM,
}
_APART = re.compile(r"[^\W_]+")
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAN = re.compile(f"[{HAN}]")


@dataclass(frozen=True, slots=True)
class Term:
    """A concept of a list: `parents` are what is true of it, too (oak is wood)."""

    kind: str
    concept: str
    parents: frozenset[str]


@dataclass(frozen=True)
class Lexicon:
    """
    `phrases`: first key of an English term -> its keys and itself, the longest first.
    `han`: Chinese word -> its term. `longest` is the most characters that one has.
    """

    phrases: dict[str, tuple[tuple[tuple[str, ...], Term], ...]]
    han: dict[str, Term]
    neutral: frozenset[str]
    classifiers: frozenset[str]
    negations: frozenset[str]
    longest: int


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """
    In lower case, singular, without `'s`.

    >>> stem("Chairs"), stem("boxes"), stem("Women's"), stem("glass"), stem("batteries")
    ('chair', 'box', 'women', 'glass', 'battery')
    """
    key = word.casefold()
    key = key.removesuffix("'s").replace("'", "")
    if len(key) <= 3 or not key.endswith("s") or key.endswith(("ss", "us", "is")):
        return key
    if key.endswith("ies") and len(key) > 4:
        return key[:-3] + "y"
    if key.endswith(("xes", "shes", "ches", "sses", "zes")):
        return key[:-2]
    return key[:-1]


def keys_of(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in _APART.findall(text))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    phrases: dict[str, dict[tuple[str, ...], Term]] = {}
    han: dict[str, Term] = {}
    for name, kind in _KINDS.items():
        for concept, parents, english, chinese in rows(name):
            term = Term(kind, concept, frozenset(filter(None, parents.split(","))))
            for phrase in filter(None, english.split("|")):
                keys = keys_of(phrase)
                phrases.setdefault(keys[0], {}).setdefault(keys, term)
            for word in filter(None, chinese.split("|")):
                if _HAN.search(word):
                    han.setdefault(word, term)
    neutral_han = _lines("neutral_zh.txt")
    negations = _lines("negations.txt")
    words = [*han, *neutral_han, *negations]
    return Lexicon(
        phrases={
            first: tuple(sorted(found.items(), key=lambda item: -len(item[0])))
            for first, found in phrases.items()
        },
        han=han,
        neutral=frozenset({*_lines("neutral_en.txt"), *neutral_han}),
        classifiers=frozenset(_lines("classifiers.txt")),
        negations=frozenset(negations),
        longest=max(map(len, words)),
    )


def rows(name: str) -> Iterator[list[str]]:
    """The cells of each line of the list `words/NAME.tsv`."""
    for line in _lines(f"{name}.tsv"):
        yield line.split("\t")


def _lines(file: str) -> list[str]:
    text = (_FOLDER / file).read_text("utf-8")
    return [line for line in text.split("\n") if line.strip()]


def digest() -> str:
    """Eight hex digits of all lists: another list, other verdicts."""
    seen = hashlib.sha256()
    for path in sorted(_FOLDER.iterdir()):
        seen.update(path.name.encode() + path.read_bytes())
    return seen.hexdigest()[:8]
