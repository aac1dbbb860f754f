"""What a text claims, claim by claim, and what its evidence says to it."""

from collections.abc import Iterable
from dataclasses import dataclass

from nightshelf.grounding.evidence import Place

SUPPORTED = "supported"
UNSUPPORTED = "unsupported"
CONTRADICTED = "contradicted"

#: Kinds of claims. `term` is any other word that says something.
NUMBER, COUNT, SIZE, PRICE = "number", "count", "size", "price"
MATERIAL, COLOUR, NAME, TERM = "material", "colour", "name", "term"
CERTIFICATION, SUPERLATIVE, HEALTH, LEGAL = "certification", "superlative", "health", "legal"
COMPATIBILITY, NEGATION, LABEL = "compatibility", "negation", "label"
#: Marks that a reader does not see, or takes for others.
DISGUISE, SYMBOL = "disguise", "symbol"

#: What a shop answers for: carried by its own fields alone, and by the same phrase.
PROMISES = frozenset({CERTIFICATION, SUPERLATIVE, HEALTH, LEGAL, PRICE})


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One claim: `draft[start:end]`, its kind, the verdict, and the place that carries or denies it.

    `evidence` is None where nothing speaks to the claim.
    """

    kind: str
    start: int
    end: int
    verdict: str
    evidence: Place | None = None

    def as_dict(self) -> dict[str, str | int | None]:
        """As a table keeps it: without a word of the texts."""
        place = self.evidence
        return {
            "kind": self.kind,
            "start": self.start,
            "end": self.end,
            "verdict": self.verdict,
            "field": place.field if place else None,
            "field_start": place.start if place else None,
            "field_end": place.end if place else None,
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings in reading order, and under which rules they were made."""

    findings: tuple[Finding, ...]
    gate_version: str

    @property
    def refused(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.verdict != SUPPORTED)

    @property
    def passes(self) -> bool:
        return not self.refused


def reason_of(refused: Iterable[Finding]) -> str:
    """
    Kinds and verdicts, without a word of any text.

    >>> reason_of([Finding("colour", 0, 3, "contradicted"), Finding("term", 4, 9, "unsupported")])
    'contradicted: colour; unsupported: term'
    """
    parts = []
    found = list(refused)
    for verdict in (CONTRADICTED, UNSUPPORTED):
        if kinds := sorted({one.kind for one in found if one.verdict == verdict}):
            parts.append(f"{verdict}: {', '.join(kinds)}")
    return "; ".join(parts)
