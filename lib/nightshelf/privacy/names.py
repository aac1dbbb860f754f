"""Replace names of people, places and addresses in English texts."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from nightshelf.privacy.addresses import find_addresses
from nightshelf.privacy.english import DETECTOR
from nightshelf.privacy.false_finds import is_false, words
from nightshelf.privacy.people import find_people
from nightshelf.privacy.redact import Redacted
from nightshelf.privacy.spans import Span, merged, replaced

#: Goes up with every change of what is found or left.
RULES = 1
_PLACEHOLDER = re.compile(r"\[(?:email|phone|card|iban|name|place|address)\]")
_ARTICLE = re.compile(r"^(?:the|a|an|this|my|our)\s+", re.IGNORECASE)
_PART = re.compile(r"[^\W\d_]{3,}")
_EDGE = " \t\r\n.,;:!?'\u2019\"-"


class NameFinder(Protocol):
    """A model that marks names and places; `version` names it and all that its finds hang on."""

    version: str

    def find(self, texts: Sequence[str]) -> list[list[Span]]: ...


def names_version(finder: NameFinder) -> str:
    """What finds names, without what tells languages apart: recall is measured in English."""
    return f"names-{RULES} {finder.version}"


@dataclass(frozen=True)
class CatalogNames:
    """What the shop sells: brands as words, and products by id as the words of their title."""

    brands: frozenset[tuple[str, ...]] = frozenset()
    titles: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, products: Iterable[tuple[str, str | None, str | None]]) -> "CatalogNames":
        """Of (product id, title, brand); several versions of a product add up."""
        brands, titles = set(), dict[str, frozenset[str]]()
        for product, title, brand in products:
            if brand:
                brands.add(words(brand))
            own = titles.get(product, frozenset())
            titles[product] = own | frozenset(words(f"{title or ''} {brand or ''}"))
        return cls(frozenset(brands), titles)


@dataclass(frozen=True)
class NameRedactor:
    """
    `version` is recorded with each row that it has read. The same texts with the same `kept`
    always give the same result; unlike the rules of `redact`, twice may find more.
    """

    finder: NameFinder
    kept: CatalogNames = field(default_factory=CatalogNames)

    @property
    def version(self) -> str:
        return f"{names_version(self.finder)} {DETECTOR}"

    def redact(self, texts: Sequence[str], products: Sequence[str]) -> list[Redacted]:
        """Each text clean of names and addresses; `products` are the ids of what each is about."""
        results = []
        for text, spans in zip(texts, self.find(texts, products), strict=True):
            counts = Counter(span.kind for span in spans)
            results.append(Redacted(replaced(text, spans), dict(counts)))
        return results

    def find(self, texts: Sequence[str], products: Sequence[str]) -> list[list[Span]]:
        """As `redact` replaces them: in reading order, without overlaps."""
        marked = self.finder.find(texts)
        return [
            self._of_one(text, spans, self.kept.titles.get(product, frozenset()))
            for text, spans, product in zip(texts, marked, products, strict=True)
        ]

    def _of_one(self, text: str, marked: Sequence[Span], own: Collection[str]) -> list[Span]:
        named = [
            part
            for span in (*marked, *find_people(text))
            for part in _outside_placeholders(text, span)
        ]
        is_cased = any(char.isupper() for char in text)
        found = [span for span in named if self._is_name(text, span, own, is_cased=is_cased)]
        again = _again(text, [span for span in found if span.kind == "name"], self.kept.brands, own)
        spans = merged([*found, *again, *find_addresses(text)])
        return [part for span in spans for part in _outside_placeholders(text, span)]

    def _is_name(self, text: str, span: Span, own: Collection[str], *, is_cased: bool) -> bool:
        found = text[span.start : span.end]
        if not any(char.isalpha() for char in found):
            return False
        # Who writes with capitals writes names with them.
        if is_cased and found == found.lower() and found.isascii():
            return False
        return not is_false(found, self.kept.brands, own)


def _again(
    text: str,
    names: Sequence[Span],
    brands: Collection[tuple[str, ...]],
    own: Collection[str],
) -> Iterable[Span]:
    """Who is named in full in one place is meant by a part of that name in another."""
    parts = {
        part
        for span in names
        for part in _PART.findall(text[span.start : span.end])
        if part[0].isupper() and not is_false(part, brands, own)
    }
    if parts:
        shape = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(parts)))})\b")
        yield from (Span(*match.span(), "name") for match in shape.finditer(text))


def _trimmed(text: str, span: Span) -> Span:
    """Without an article before it, and what is no word at its ends."""
    start, end = span.start, span.end
    if article := _ARTICLE.match(text[start:end]):
        start += article.end()
    found = text[start:end]
    start += len(found) - len(found.lstrip(_EDGE))
    end -= len(found) - len(found.rstrip(_EDGE))
    return Span(start, max(start, end), span.kind)


def _outside_placeholders(text: str, span: Span) -> Iterable[Span]:
    """Where other personal data was replaced before, its placeholder stays."""
    start = span.start
    for match in _PLACEHOLDER.finditer(text):
        if match.end() > start and match.start() < span.end:
            yield from _worth(text, Span(start, match.start(), span.kind))
            start = match.end()
    yield from _worth(text, Span(start, span.end, span.kind))


def _worth(text: str, span: Span) -> Iterable[Span]:
    if any(char.isalnum() for char in text[span.start : span.end]):
        yield _trimmed(text, span)
