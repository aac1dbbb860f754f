"""What the gate has found out about one token of a draft, before tokens become findings."""

from dataclasses import dataclass, field

from nightshelf.grounding.claims import CONTRADICTED, SUPPORTED, UNSUPPORTED
from nightshelf.grounding.evidence import Place
from nightshelf.grounding.index import Hit, Index


@dataclass(slots=True)
class Mark:
    """
    The claim of `tokens[at : at + length]`; `sources` are the numbers of all fields that carry it.
    """

    at: int
    kind: str
    verdict: str
    length: int = 1
    place: Place | None = None
    sources: set[int] = field(default_factory=set)


def carried(at: int, kind: str, hits: list[Hit], made: Index, length: int = 1) -> Mark:
    place = made.where(hits[0])
    return Mark(at, kind, SUPPORTED, length, place, {hit.source for hit in hits})


def denied(at: int, kind: str, hit: Hit, made: Index, length: int = 1) -> Mark:
    return Mark(at, kind, CONTRADICTED, length, made.where(hit))


def unheard(at: int, kind: str, length: int = 1) -> Mark:
    return Mark(at, kind, UNSUPPORTED, length)
