"""Find names of people by the words before them; a model needs no help with whole sentences."""

import re
from collections.abc import Iterator

from nightshelf.privacy.spans import Span

_PART = r"[^\W\d_a-zß-öø-ÿ][^\W\d_]*(?:['’-][^\W\d_]+)*"
_FULL = rf"{_PART}(?:[ ](?:[A-Z]\.?[ ])?(?:(?:van|von|de|der|del|la|al)[ ]){{0,2}}{_PART}){{0,2}}"
_ONE = rf"{_PART}(?:[ ]{_PART})?"
_KIN = (
    "husband|wife|son|daughter|brother|sister|mother|father|mom|dad|grandson|granddaughter|"
    "nephew|niece|uncle|aunt|cousin|boyfriend|girlfriend|fiance|fiancee|friend|neighbor|neighbour|"
    "boss|colleague|partner"
)
_NAMES = (
    re.compile(rf"\b(?P<name>(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Madam)\b\.?[ ]{_FULL})"),
    re.compile(rf"\b(?:[Mm]y name is|[Nn]amed (?:him|her|me)|[Mm]y name's)[ ](?P<name>{_FULL})"),
    re.compile(rf"\b[Nn]ame(?: on the account)?:[ ]?(?P<name>{_FULL})"),
    re.compile(
        rf"\b[Nn]ame on the (?:account|card)\?[^A-Z\n]{{0,3}}(?:User:)?[ ](?P<name>{_FULL})"
    ),
    re.compile(rf"\b(?:[Mm]y|[Oo]ur|[Hh]is|[Hh]er)[ ](?:{_KIN}),?[ ](?P<name>{_ONE})"),
    re.compile(rf"(?:^|[.!]\s)(?:Dear|Hello|Hi|Hey)[ ](?P<name>{_ONE})(?=[,!:\n])"),
    re.compile(rf"(?:[Rr]egards|[Ss]incerely|[Cc]heers|[Tt]hanks),\s(?P<name>{_FULL})(?=\W*$)"),
    re.compile(
        rf"\b(?:spoke|talked|chatted|speaking|dealt)[ ](?:with|to)[ ](?P<name>{_ONE})"
        rf"|\b(?P<other>{_PART})[ ](?:from|in|at)[ ](?:the[ ])?(?:customer|tech|support|sales)\b"
    ),
)


def find_people(text: str) -> Iterator[Span]:
    """
    May overlap; a title such as Mr. is part of a name: it tells who is meant, and brands have it.

    >>> list(find_people("My son Tom loves it."))
    [Span(start=7, end=10, kind='name')]
    """
    for shape in _NAMES:
        for match in shape.finditer(text):
            group = "other" if "other" in shape.groupindex and match["other"] else "name"
            yield Span(*match.span(group), "name")
