"""One token of a text, and what reading finds out about it."""

from dataclasses import dataclass, field

from nightshelf.grounding.lexicon import Term
from nightshelf.grounding.quantities import Quantity
from nightshelf.grounding.units import unit_at

WORD, NUM, CHINESE, MARK = "word", "number", "han", "mark"


@dataclass(slots=True)
class Token:
    """
    `text[start:end]` of a normal text; `key` is what it is compared by.

    `says` is false for words that make no claim. What else it says is filled in by reading.
    """

    kind: str
    start: int
    end: int
    key: str
    says: bool = True
    quantity: Quantity | None = None
    term: Term | None = None
    phrase: int = 1
    """How many tokens its term spans; 0 for those after the first."""
    clause: int = 0
    sentence: int = 0
    cue: bool = False
    negated: bool = False
    """Of a cue: whether there is anything that it negates."""
    attached: bool = False
    """Whether nothing parts it from the token before."""
    role: str = ""
    capital: bool = False
    imitation: bool = False
    places: tuple[int, ...] = field(default=())


def measured(text: str, start: int, end: int, quantity: Quantity) -> Token:
    if found := unit_at(text, end):
        unit, end = found
        quantity = Quantity(quantity.value, quantity.step, unit)
    return Token(NUM, start, end, f"#{quantity.value:g}", quantity=quantity)
