"""What some kinds of facts say in English: people, counts, sides, materials, lists."""

import re
from collections.abc import Sequence

from nightshelf.composer.fact import Fact
from nightshelf.composer.lexicon import PACK, WORDS
from nightshelf.composer.words import listed, singular
from nightshelf.contracts.product_fields import attribute_name

_AUDIENCE = {
    "women's": "women",
    "men's": "men",
    "children's": "children",
}


def audience(fact: Fact) -> str:
    if fact.values == ("unisex",):
        return "{is} unisex"
    named = (re.sub(r"'s$|s'$", "s", _AUDIENCE.get(value, value)) for value in fact.values)
    return f"{{is}} for {listed(list(dict.fromkeys(named)))}"


def is_count(fact: Fact) -> bool:
    is_number = len(fact.values) == 1 and fact.values[0].isdecimal()
    return is_number and attribute_name(fact.label).startswith("number of ")


def counted(fact: Fact) -> str:
    number = fact.values[0].casefold().removeprefix("pack of ")
    if len(fact.values) > 1 or not number.isdecimal():
        return ""
    if fact.kind.role == PACK:
        return "{comes} as a single piece" if number == "1" else f"{{comes}} as a pack of {number}"
    things = fact.label.removeprefix("number of ")
    one = things if number != "1" else _one(things)
    return f"{{has}} {number} {one}"


def _one(things: str) -> str:
    start, blank, last = things.rpartition(" ")
    return f"{start}{blank}{singular(last)}"


def sides(fact: Fact) -> str:
    """
    `measures 60 × 40 × 30 cm (width × depth × height)`; in words where units differ or fewer.
    """
    units = {measure.lstrip("0123456789.,-–~/ ") for _, measure in fact.sides}
    names = [kind.name for kind, _ in fact.sides]
    is_box = len(fact.sides) == 3 and {"diameter", "thickness"}.isdisjoint(names)
    if is_box and len(units) == 1:
        unit = units.pop()
        numbers = [measure.removesuffix(unit).strip() for _, measure in fact.sides]
        return f"{{measures}} {' × '.join(numbers)} {unit} ({' × '.join(names)})"
    return f"{{is}} {listed([f'{measure} {kind.en}' for kind, measure in fact.sides])}"


def are_materials(found: Sequence[str]) -> bool:
    """Whether the product is made of all of them: no finish, weight or part is among them."""
    if len(found) == 1:
        return found[0].casefold() not in WORDS["material_adjectives"]
    lasts = [value.rpartition(" ")[2].casefold() for value in found]
    return not any(
        last in WORDS["part_words"] or last.endswith("ed") or not last.isalpha() for last in lasts
    )


def enumerated(found: Sequence[str]) -> str:
    """Words are joined by `and`; numbers may qualify one another, so a comma has to do."""
    is_plain = all(re.fullmatch(r"[^\W\d_]+(?:[ -][^\W\d_]+)*", value) for value in found)
    # "Larch, untreated": the second says how the first is.
    is_plain = is_plain and not any(value.endswith("ed") for value in found)
    return listed(found) if is_plain else ", ".join(found)


def is_property(label: str) -> bool:
    """
    Whether a label that says yes names a property rather than a thing.

    >>> is_property("dishwasher safe"), is_property("reversible"), is_property("alarm clock")
    (True, True, False)
    """
    last = attribute_name(label).rpartition(" ")[2]
    return last in WORDS["adjectives"] or re.search(r".{3}[ai]ble$", last) is not None
