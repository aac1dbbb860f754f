"""What one attribute says, and how the sides of a product become one fact."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nightshelf.composer import values
from nightshelf.composer.lexicon import DIMENSION, Kind

#: Sides are named in this order: width × depth × height.
_SIDES = ("length", "width", "depth", "height", "thickness", "diameter")


@dataclass(frozen=True, kw_only=True)
class Fact:
    """
    What one attribute says, or several sides of one measure.

    `says` is None unless the value was a yes or no; `sides` has (kind, measure) of dimensions.
    """

    kind: Kind
    label: str
    values: tuple[str, ...]
    fields: tuple[str, ...]
    rank: tuple[int, int, str]
    says: bool | None = None
    sides: tuple[tuple[Kind, str], ...] = ()

    @property
    def is_wanted(self) -> bool:
        """Whether a rule asks for it."""
        return self.rank[0] < 2


def with_sides_joined(found: Sequence[Fact]) -> Iterator[Fact]:
    """Width, depth and height are one fact, which comes where the first of them would."""
    sides = sorted(
        (fact for fact in found if _is_side(fact)), key=lambda fact: _SIDES.index(fact.kind.name)
    )
    taken: dict[str, Fact] = {}
    for fact in sides:
        taken.setdefault(fact.kind.name, fact)
    if taken:
        first = min(taken.values(), key=lambda fact: fact.rank)
        yield replace(
            first,
            sides=tuple((fact.kind, fact.values[0]) for fact in taken.values()),
            fields=tuple(name for fact in taken.values() for name in fact.fields),
        )
    yield from (fact for fact in found if fact not in taken.values())


def _is_side(fact: Fact) -> bool:
    is_one = fact.kind.role == DIMENSION and len(fact.values) == 1
    return is_one and values.is_measure(fact.values[0])
