"""Who a text is about: the title as a subject, its number, and the noun for the product."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nightshelf.composer.fact import Fact
from nightshelf.composer.lexicon import NOUN, WORDS
from nightshelf.composer.words import is_plural, singular, small
from nightshelf.contracts.description_rules import category_path
from nightshelf.contracts.product_fields import ProductFields, attribute_name

#: A longer title is no subject of a sentence; it stands alone before it.
LONGEST = 90
_TAIL = re.compile(
    r"\s*(?:[-–|,(]\s*)?\bfor\s+(?:boys|girls|men|women|kids|babies|unisex)\b.*$", re.I
)
_CUT = re.compile(
    r"\s(?:with|w|for|of|in|at|on|from|to|by|incl|including)\s|\s?[,(\[|:;]|\s[-–]\s",
    re.I,
)
_SEVERAL = re.compile(r"\b(?:and|&|\+) \d+ \w+s\b", re.IGNORECASE)
_OWN_ARTICLE = re.compile(r"(?:the|a|an|my|our|your|this|set of|pack of|pair of|\d)\b", re.I)
_UNITS = frozenset({"cm", "mm", "kg", "db", "ml", "lm", "inch", "pack", "pcs"})
_WORD = re.compile(r"[^\W\d_]{2,}(?:'s)?")


@dataclass(frozen=True, kw_only=True)
class Subject:
    """`name` opens a sentence; `noun` is what the product is, empty where no field is sure."""

    name: str
    title: str
    is_plural: bool
    noun: str = ""
    noun_fields: tuple[str, ...] = ()


def subject_of(fields: ProductFields, facts: Sequence[Fact]) -> Subject:
    title = _shown(fields, facts)
    head = _head(title, fields.brand)
    several = bool(_SEVERAL.search(title))
    noun, sources = ("", ()) if several else _noun(fields, facts, head)
    # "The Blue Shoe" is one, whatever the category calls shoes.
    is_pair = _is_pair(noun) and head.casefold() != _last(noun)
    plural = several or is_plural(head) or is_pair
    if noun and not plural:
        noun = _one(noun)
    article = "" if _OWN_ARTICLE.match(title) else "The "
    return Subject(
        name=f"{article}{title}",
        title=title,
        is_plural=plural,
        noun=_spelt(noun),
        noun_fields=sources,
    )


def _shown(fields: ProductFields, facts: Sequence[Fact]) -> str:
    """Without a tail such as `- For Men` that an attribute says as well."""
    title = fields.title.rstrip(" .,;:-")
    has_audience = any(fact.kind.name == "audience" for fact in facts)
    return (_TAIL.sub("", title) if has_audience else title) or fields.title


def _head(title: str, brand: str) -> str:
    """
    >>> _head("Tarn Stoneware Mugs, set of 4", "Tarn"), _head("Nest of tables", "")
    ('Mugs', 'Nest')
    """
    rest = title.removeprefix(brand).strip() or title
    for part in _CUT.split(rest):
        words = [word for word in _WORD.findall(part) if not word.isupper() or part.isupper()]
        words = [word for word in words if word.casefold() not in _UNITS]
        if words[1:] and words[-1].casefold() in WORDS["after_pairs"]:
            return str(words[-2])
        if words:
            return str(words[-1])
    return ""


def _noun(fields: ProductFields, facts: Sequence[Fact], head: str) -> tuple[str, tuple[str, ...]]:
    """
    What an attribute or the category calls the product, if it is what the title calls it, too.

    A category is believed only where the title's own noun is the same: a chair pad lies among
    chairs and is none.
    """
    for fact in facts:
        if fact.kind.role == NOUN and len(fact.values) == 1 and _is_noun(fact.values[0]):
            named = attribute_name(fact.label) not in ("type", "类型")
            if named or _last(fact.values[0]) == singular(head):
                return fact.values[0], fact.fields
    for level in levels(fields):
        if _is_noun(level) and _last(level) == singular(head):
            return small(level), ("category",)
    return "", ()


def levels(fields: ProductFields) -> Iterator[str]:
    """From the leaf up; a level that repeats how the title begins is a name, not a noun."""
    first = fields.title.split(" ", 1)[0].casefold()
    parts = [part.strip() for part in re.split(r"[>/]", fields.category)]
    for part in reversed(parts):
        brand = fields.brand.casefold()
        if (
            part
            and first not in part.casefold().split()
            and not (brand and brand in part.casefold())
        ):
            yield part


def _is_noun(phrase: str) -> bool:
    words = category_path(phrase)
    return (
        bool(words)
        and re.fullmatch(r"[^\W\d_][^\W\d_' -]*(?:[ '-][^\W\d_]+){0,2}", phrase) is not (None)
        and not re.search(r"\band\b|&", phrase, re.IGNORECASE)
    )


def _last(phrase: str) -> str:
    return singular(phrase.rpartition(" ")[2])


def _spelt(noun: str) -> str:
    return re.sub(r"\bt-?shirt", "T-shirt", noun)


def _is_pair(noun: str) -> bool:
    return noun.rpartition(" ")[2].casefold() in WORDS["pairs"]


def _one(noun: str) -> str:
    start, blank, last = noun.rpartition(" ")
    return f"{start}{blank}{singular(last)}" if is_plural(last) else noun
