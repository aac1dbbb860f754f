"""What is known of attributes by their names, read once from `attributes.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightshelf.contracts.product_fields import attribute_name

NOUN, PREDICATE, LABEL, DIMENSION = "noun", "predicate", "label", "dimension"
SIZE, MEASURE, PACK, COUNT = "size", "measure", "pack", "count"
DETAIL, HIDDEN = "detail", "hidden"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`place` orders kinds in a text; the unknown come last. `split`: what else parts values;
    `letters`: a value without any is none."""

    name: str
    place: int
    names: tuple[str, ...]
    role: str = PREDICATE
    en: str = ""
    en_ending: str = ""
    en_label: str = ""
    endings: tuple[str, ...] = ()
    zh: str = ""
    zh_label: str = ""
    lower: bool = False
    split: str = ""
    letters: bool = False


def _value(value: Any) -> Any:  # noqa: ANN401  as TOML has it
    return tuple(value) if isinstance(value, list) else value


def _read() -> tuple[tuple[Kind, ...], Mapping[str, tuple[str, ...]]]:
    told = tomllib.loads(Path(__file__).with_name("attributes.toml").read_text("utf-8"))
    kinds = tuple(
        Kind(place=place, **{key: _value(value) for key, value in kind.items()})
        for place, kind in enumerate(told["kind"])
    )
    return kinds, {name: tuple(words) for name, words in told["words"].items()}


KINDS, _WORDS = _read()
WORDS: Mapping[str, frozenset[str]] = {name: frozenset(words) for name, words in _WORDS.items()}
_BY_NAME = {name: kind for kind in KINDS for name in kind.names}
_OTHER = Kind(name="other", place=len(KINDS), names=(), role="other")
_NOUN = Kind(name="noun", place=len(KINDS) - 1, names=(), role=LABEL)
_PLAIN_NOUN = Kind(name="noun", place=len(KINDS) - 1, names=(), role=LABEL, lower=True)


def kind_of(name: str) -> Kind:
    """
    Of an attribute, by its whole name, else by the noun at its end.

    >>> kind_of("Seat_Height").role, kind_of("FABRIC").name, kind_of("camera").role
    ('label', 'material', 'other')
    """
    plain = attribute_name(name)
    if plain in _BY_NAME:
        return _BY_NAME[plain]
    last = plain.rpartition(" ")[2]
    if last in WORDS["plain_nouns"]:
        return _PLAIN_NOUN
    return _NOUN if last in WORDS["nouns"] or plain[-1:] in WORDS["zh_nouns"] else _OTHER
