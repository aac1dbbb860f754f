"""Make one statement of a text false, in a way that no field of the product carries."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.corrupt.products import Product
from benchmarks.corrupt.sentences import Writer
from benchmarks.corrupt.statements import (
    BRAND,
    COLOUR,
    MATERIAL,
    MEASURE,
    TITLE,
    Statement,
    is_measure,
)
from benchmarks.corrupt.vocabulary import COLOURS, GENERAL, INVENTIONS, MATERIALS, UNITS

KINDS = (
    *("number", "unit", "unit_swap", "material", "colour"),
    *("brand", "negation", "invention", "moved"),
)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
#: Close enough to pass for rounded: no lie keeps nearer than that.
_APART = 0.08


@dataclass(frozen=True)
class Lie:
    """A false sentence, and the number of the statement that it takes the place of (or -1)."""

    sentence: str
    at: int


def lie(
    kind: str, product: Product, said: Sequence[Statement], writer: Writer, brands: Sequence[str]
) -> Lie | None:
    """None where nothing in these statements can be made false in this way."""
    if kind == "invention":
        return _invention(product, writer)
    if kind == "brand":
        return _replaced(said, BRAND, _foreign(brands, product, writer.source), writer)
    return _LIES[kind](product, said, writer)


def _number(product: Product, said: Sequence[Statement], writer: Writer) -> Lie | None:
    places = [at for at, one in enumerate(said) if one.kind in (MEASURE, TITLE)]
    writer.source.shuffle(places)
    for at in places:
        one = said[at]
        if one.kind == TITLE:
            changed = _with_other_number(one.value, product, writer.source)
            if changed:
                return Lie(writer.write(replace(one, value=changed)), at)
        elif other := _other_amount(one.amount, product, writer.source):
            false = replace(one, amount=other, value=_shown(one.value, other))
            return Lie(writer.write(false), at)
    return None


def _shown(value: str, amount: float) -> str:
    return _NUMBER.sub(f"{amount:g}", value, count=1)


def _with_other_number(title: str, product: Product, source: random.Random) -> str | None:
    found = list(_NUMBER.finditer(title))
    if not found:
        return None
    match = source.choice(found)
    other = _other_amount(float(match[0]), product, source)
    return None if other is None else f"{title[: match.start()]}{other:g}{title[match.end() :]}"


def _other_amount(amount: float, product: Product, source: random.Random) -> float | None:
    """Another one that stands nowhere in the product and cannot be a rounded one."""
    known = {float(match[0]) for match in _NUMBER.finditer(product.words)}
    for _ in range(20):
        other = round(amount * source.uniform(0.3, 3.0)) + source.choice((0, 1, 2))
        if other > 0 and all(abs(other - one) > _APART * max(one, 1) for one in known):
            return float(other)
    return None


def _unit(product: Product, said: Sequence[Statement], writer: Writer) -> Lie | None:
    return _with_unit(product, said, writer, lambda ours, theirs: ours != theirs)


def _unit_swap(product: Product, said: Sequence[Statement], writer: Writer) -> Lie | None:
    return _with_unit(product, said, writer, lambda ours, theirs: ours == theirs)


def _with_unit(
    product: Product, said: Sequence[Statement], writer: Writer, fits: Callable[[str, str], bool]
) -> Lie | None:
    places = [at for at, one in enumerate(said) if is_measure(one)]
    if not places:
        return None
    at = writer.source.choice(places)
    kind, factor, *_ = UNITS[said[at].unit]
    others = [
        name
        for name, (other, times, *_) in UNITS.items()
        if fits(kind, other)
        and (other != kind or not 0.9 < times / factor < 1.1)
        # What is another measure of the product is not made up; `moved` lies so.
        and not _is_known(said[at].amount * times, other, product)
    ]
    if not others:
        return None
    return Lie(writer.write(replace(said[at], unit=writer.source.choice(others))), at)


_SPELT = {way: name for name, (_, _, ways, _) in UNITS.items() for way in (*ways, f"{name}s", name)}
#: Of `12x10x5 cms` the unit is that of all three.
_WAYS = "|".join(sorted(_SPELT, key=len, reverse=True))
_MEASURES = re.compile(rf"((?:\d+(?:\.\d+)?\s*[x*/-]\s*)*\d+(?:\.\d+)?)\s*-?({_WAYS})\b")


def _is_known(size: float, kind: str, product: Product) -> bool:
    """Whether some field says this size, however it spells it; `size` is in the kind's own unit."""
    for match in _MEASURES.finditer(product.words):
        other, times, *_ = UNITS[_SPELT[match[2]]]
        for number in _NUMBERS.findall(match[1]):
            theirs = float(number) * times
            if other == kind and abs(size - theirs) <= _APART * max(size, theirs):
                return True
    return False


def _moved(product: Product, said: Sequence[Statement], writer: Writer) -> Lie | None:
    """The amount of one measure under the label of another."""
    places = [at for at, one in enumerate(said) if is_measure(one)]
    writer.source.shuffle(places)
    for at in places:
        for other in places:
            ours, theirs = said[at], said[other]
            if UNITS[ours.unit][0] != UNITS[theirs.unit][0] or ours.label == theirs.label:
                continue
            sizes = [one.amount * UNITS[one.unit][1] for one in (ours, theirs)]
            if abs(sizes[0] - sizes[1]) > _APART * max(sizes):
                moved = replace(theirs, label=ours.label)
                return Lie(writer.write(moved), at)
    return None


def _look(
    kind: str, words: Sequence[str], known: Mapping[str, tuple[Sequence[str], str]]
) -> Callable[..., Lie | None]:
    def make(product: Product, said: Sequence[Statement], writer: Writer) -> Lie | None:
        held = set(_letters(product.words))
        # Nor may another word for it stand there: what is golden is gold.
        free = [
            word
            for word in words
            if not any(set(way.split()) & held for way in (word, *known[word][0]))
        ]
        return _replaced(said, kind, writer.source.choice(free) if free else None, writer)

    return make


def _letters(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text)


def _foreign(brands: Sequence[str], product: Product, source: random.Random) -> str | None:
    free = [one for one in brands if not set(_letters(one.lower())) & set(_letters(product.words))]
    return source.choice(free) if free else None


def _replaced(
    said: Sequence[Statement], kind: str, value: str | None, writer: Writer
) -> Lie | None:
    for at, one in enumerate(said):
        if one.kind == kind and value is not None:
            return Lie(writer.write(replace(one, value=value)), at)
    return None


def _negation(product: Product, said: Sequence[Statement], writer: Writer) -> Lie | None:
    at = writer.source.randrange(len(said))
    return Lie(writer.write(said[at], denied=True), at)


def _invention(product: Product, writer: Writer) -> Lie | None:
    english, chinese = writer.source.choice(INVENTIONS)
    known = set(_letters(product.words))
    said = [word for word in _letters(english.lower()) if len(word) > 3]
    if sum(word in known for word in said) > len(said) / 2:
        return None
    return Lie(english if writer.is_english else chinese, -1)


_LIES: dict[str, Callable[[Product, Sequence[Statement], Writer], Lie | None]] = {
    "number": _number,
    "unit": _unit,
    "unit_swap": _unit_swap,
    "moved": _moved,
    "material": _look(MATERIAL, [one for one in MATERIALS if one not in GENERAL], MATERIALS),
    "colour": _look(COLOUR, list(COLOURS), COLOURS),
    "negation": _negation,
}
