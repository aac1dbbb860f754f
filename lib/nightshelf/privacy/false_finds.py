"""Tell names of people and places from the names of goods, shops and plain words."""

import re
from collections.abc import Collection
from functools import cache
from importlib.resources import files

#: Longest brand, in words.
_LONGEST = 5
_WORD = re.compile(r"[^\W_]+(?:['’&-][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
# No name has one of these inside; where a space is missing, one sentence runs on into the next.
_NO_NAME = re.compile(r"[!?()\[\]{}:;/\\=*_<>|~@#%^+\"\u201c\u201d]|\w\.\w{3}|\w - \w|--")


def words(text: str) -> tuple[str, ...]:
    """
    In small letters, without what shows possession.

    >>> words("Jo's Wi-Fi")
    ('jo', 'wi-fi')
    """
    return tuple(_POSSESSIVE.sub("", word.casefold()) for word in _WORD.findall(text))


def is_false(found: str, brands: Collection[tuple[str, ...]], own: Collection[str]) -> bool:
    """
    Whether `found` is made of nothing but brands, words of the product's `own` title and words
    that are no names; or of no word at all.

    >>> is_false("Kindle Fire", (), ()), is_false("Tarn Mug", {("tarn",)}, {"mug"})
    (True, True)
    >>> is_false("Jo Tarn", {("tarn",)}, {"mug"})
    False
    """
    if _NO_NAME.search(found):
        return True
    left = words(found)
    while left:
        taken = _begins(left, brands) or (left[0] in own or left[0] in _no_names())
        if not (taken or left[0][0].isdigit()):
            return False
        left = left[int(taken) or 1 :]
    return True


def _begins(left: tuple[str, ...], brands: Collection[tuple[str, ...]]) -> int:
    """How many words the longest brand has that `left` begins with."""
    return next((n for n in range(min(_LONGEST, len(left)), 0, -1) if left[:n] in brands), 0)


@cache
def _no_names() -> frozenset[str]:
    text = files(__package__).joinpath("no_names.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())
