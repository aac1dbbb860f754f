"""A product's attributes as facts, in the order in which a text says them."""

import re
from collections.abc import Iterator

from nightshelf.composer import values
from nightshelf.composer.fact import Fact, with_sides_joined
from nightshelf.composer.lexicon import DIMENSION, HIDDEN, PACK, Kind, kind_of
from nightshelf.composer.words import small
from nightshelf.contracts.description_rules import DescriptionRules
from nightshelf.contracts.product_fields import ATTRIBUTE, ProductFields, attribute_name


def facts_of(fields: ProductFields, rules: DescriptionRules) -> list[Fact]:
    """
    What has to be mentioned, then what matters, then the rest by kind; nothing that is junk.

    A flag that says no is left out unless a rule asks for it: what a product is not is endless.
    """
    found = [
        fact
        for name, value in fields.attributes.items()
        if (fact := _fact(fields, rules, name, value)) is not None
    ]
    return sorted(_distinct(with_sides_joined(found)), key=lambda fact: fact.rank)


def _fact(fields: ProductFields, rules: DescriptionRules, name: str, value: str) -> Fact | None:
    rank = _rank(rules, name)
    if values.is_junk(value):
        return None
    plain_name, value = values.named_unit(name, value)
    kind = kind_of(plain_name)
    is_known = kind.name == "brand" and value.casefold() in fields.brand.casefold()
    if is_known or (kind.role == HIDDEN and rank[0] >= 2):
        return None
    if kind.letters and not any(char.isalpha() for char in value):
        return None
    says, rest = values.flag(value)
    if says is False and rank[0] >= 2:
        return None
    said = tuple(_cased(kind, part) for part in values.parts(rest, kind.split))
    if (says is None and not said) or (rank[0] >= 2 and _is_nothing(kind, value)):
        return None
    return Fact(
        kind=kind,
        label=kind.en_label or _label(plain_name),
        values=said,
        fields=(ATTRIBUTE + name,),
        rank=(rank[0], rank[1] if rank[0] < 2 else kind.place, name),
        says=says,
    )


def _is_nothing(kind: Kind, value: str) -> bool:
    """None of a thing, or a pack of one: true, and not worth a sentence."""
    is_one = kind.role == PACK and re.fullmatch(r"(pack of )?1", value, re.IGNORECASE)
    return value == "0" or bool(is_one)


def _rank(rules: DescriptionRules, name: str) -> tuple[int, int]:
    plain = attribute_name(name)
    for place, wanted in enumerate((rules.must_mention, rules.matter)):
        for order, one in enumerate(wanted):
            if attribute_name(one) == plain:
                return place, order
    return 2, 0


def _cased(kind: Kind, part: str) -> str:
    return small(part) if kind.lower else part


def _label(name: str) -> str:
    """
    >>> _label("Strap_Color"), _label("RFID protection"), _label("seatHeight")
    ('strap color', 'RFID protection', 'seat height')
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", name.replace("_", " "))
    words = " ".join(apart.split()).rstrip(" :：")
    return " ".join(
        word.lower() if (word[:1].isupper() and word[1:].islower()) or len(word) == 1 else word
        for word in words.split(" ")
    )


def _distinct(found: Iterator[Fact]) -> Iterator[Fact]:
    """A value that was said of the same kind is not said again under another name."""
    said: dict[tuple[str, str], int] = {}
    for fact in sorted(found, key=lambda fact: fact.rank):
        key = (fact.kind.name, " ".join(fact.values).casefold())
        if (
            fact.kind.role == DIMENSION
            or fact.says is not None
            or fact.is_wanted
            or key not in said
            or fact.kind.name in ("other", "noun")
        ):
            yield fact
        said[key] = 1


def brand_of(fields: ProductFields) -> tuple[str, tuple[str, ...]]:
    """Only where the title does not say it."""
    is_said = fields.brand.casefold() in fields.title.casefold()
    return ("", ()) if is_said else (fields.brand, ("brand",))
