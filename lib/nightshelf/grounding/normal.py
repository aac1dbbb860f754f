"""Text as a reader sees it: one form for each letter, digit and dash, with the way back."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_SAME = {
    **dict.fromkeys("\u2018\u2019\u201a\u02bc\u2032\u00b4`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u00d7\u2715\u2716", "x"),
    **dict.fromkeys("\u3001\uff64", "\u3001"),
    **dict(
        zip(
            "\u00bc\u00bd\u00be\u2153\u2154\u215b",
            (" 1/4", " 1/2", " 3/4", " 1/3", " 2/3", " 1/8"),
            strict=True,
        )
    ),
    **dict(zip("\u00b2\u00b3", ("^2", "^3"), strict=True)),
    "\u00b5": "u",
    "\u03bc": "u",
    "\u00b0": "°",
    "\u2103": "°C",
    "\u2109": "°F",
    "\u2122": "",
    "\u00ae": "",
    "\u00a9": "",
}
_BLANKS = "\t\r\n"
_INVISIBLE = {"Cf", "Co", "Cn", "Cs", "Cc"}


@dataclass(frozen=True, slots=True)
class Normal:
    """`text` in one form; `places[i]` is where its character `i` begins in the given text."""

    text: str
    places: tuple[int, ...] | None
    disguises: tuple[int, ...]
    """Places in the given text of marks that are not seen, or struck over others."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Of the given text, what `text[start:end]` was made of."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def normal(text: str) -> Normal:
    """
    Without accents, full-width forms, invisible marks and the many forms of a dash.

    >>> normal("６０\u200bｃｍ").text, normal("６０\u200bｃｍ").disguises
    ('60cm', (2,))
    """
    if text.isascii():
        hidden = tuple(i for i, char in enumerate(text) if char < " " and char not in _BLANKS)
        return Normal(text, None, hidden)
    made: list[str] = []
    places: list[int] = []
    disguises: list[int] = []
    for place, char in enumerate(text):
        form, is_disguise = _form(char)
        if is_disguise or (not form and _is_loose(text, place)):
            disguises.append(place)
        made.append(form)
        places.extend([place] * len(form))
    return Normal("".join(made), tuple(places), tuple(disguises))


@lru_cache(maxsize=16_384)
def _form(char: str) -> tuple[str, bool]:
    if char in _SAME:
        return _SAME[char], False
    if unicodedata.category(char) in _INVISIBLE and char not in _BLANKS:
        return "", True
    form = "".join(
        _digit(part) for part in unicodedata.normalize("NFKD", char) if not _is_mark(part)
    )
    return form, False


def _digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else _SAME.get(char, char)


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Me")


def _is_loose(text: str, place: int) -> bool:
    """A mark that is no accent of the letter before it."""
    if not _is_mark(text[place]):
        return False
    return place == 0 or len(unicodedata.normalize("NFC", text[place - 1 : place + 1])) != 1
