"""From a draft to a text that may be published: accept, trim, take the composer's, or abstain."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from nightshelf.grounding.claims import Finding, Verdict, reason_of
from nightshelf.grounding.evidence import Evidence
from nightshelf.grounding.gate import GATE_VERSION, judge
from nightshelf.grounding.index import Index, index
from nightshelf.grounding.lexicon import HAN
from nightshelf.grounding.reading import read

ACCEPTED, TRIMMED, COMPOSED, ABSTAINED = "accepted", "trimmed", "composed", "abstained"
#: What else a text may break: codes, none of which holds a word of it.
Check = Callable[[str], Sequence[str]]

#: Characters that the rest of a trimmed text has at least; a Chinese one counts for three.
MIN_LENGTH = 40


@dataclass(frozen=True)
class Outcome:
    """
    `text` is None if abstained. `findings` prove `text` claim by claim; `refused` are those of the
    draft that kept it from being accepted. `reason` is empty if accepted, and holds no word of a
    text.
    """

    text: str | None
    fate: str
    reason: str
    findings: tuple[Finding, ...]
    refused: tuple[Finding, ...]
    gate_version: str = GATE_VERSION


@dataclass(frozen=True)
class Ladder:
    """
    `check` returns the codes of what a text breaks beyond grounding, `check_sentence` of what a
    sentence of it breaks, of which less may be asked; none by default.
    """

    check: Check = lambda _: ()
    check_sentence: Check | None = None
    min_length: int = MIN_LENGTH

    def publish(self, draft: str | None, composed: str | None, evidence: Evidence) -> Outcome:
        """
        Pure. Either text may be absent; both are judged alike, since either may be wrong.

        >>> from nightshelf.grounding.evidence import product_evidence
        >>> shop = product_evidence(title="Red steel kettle", attributes={"capacity": "1.7 L"})
        >>> text = "This is a red steel kettle. Its capacity is 1.7 L. It cures colds."
        >>> Ladder().publish(text, None, shop).text
        'This is a red steel kettle. Its capacity is 1.7 L.'
        """
        made = index(evidence)
        drafted, refused = self._draft(draft, made)
        if drafted:
            return drafted
        reason = _reason(draft, refused, self.check)
        if composed and composed.strip():
            verdict = judge(composed, made)
            if verdict.passes and not self.check(composed):
                return Outcome(composed, COMPOSED, reason, verdict.findings, refused)
            own = _reason(composed, verdict.refused, self.check)
            reason = f"{reason}; composer: {own}"
        return Outcome(None, ABSTAINED, reason, (), refused)

    def _draft(self, draft: str | None, made: Index) -> tuple[Outcome | None, tuple[Finding, ...]]:
        if not draft or not draft.strip():
            return None, ()
        verdict = judge(draft, made)
        if verdict.passes and not self.check(draft):
            return Outcome(draft, ACCEPTED, "", verdict.findings, ()), ()
        trimmed = self._trim(draft, verdict, made)
        if trimmed:
            reason = _reason(draft, verdict.refused, self.check)
            return replace(trimmed, reason=reason, refused=verdict.refused), verdict.refused
        return None, verdict.refused

    def _trim(self, draft: str, verdict: Verdict, made: Index) -> Outcome | None:
        """Whole sentences that claim nothing wrong; together they are judged once more."""
        kept = []
        for start, end in read(draft).sentences:
            is_refused = any(one.start < end and start < one.end for one in verdict.refused)
            if not is_refused and not (self.check_sentence or self.check)(draft[start:end]):
                kept.append(draft[start:end])
        text = "".join(_joined(kept))
        if _length(text) < self.min_length:
            return None
        again = judge(text, made)
        if not again.passes or self.check(text):
            return None
        return Outcome(text, TRIMMED, "", again.findings, ())


def _joined(sentences: list[str]) -> list[str]:
    """Chinese sentences stand without a blank between them."""
    return [
        one if number == 0 or sentences[number - 1].endswith("\u3002") else f" {one}"
        for number, one in enumerate(sentences)
    ]


def _is_han(char: str) -> bool:
    return bool(char) and any(a <= char <= b for a, b in _RANGES)


_RANGES = [(part[0], part[2]) for part in (HAN[i : i + 3] for i in range(0, len(HAN), 3))]


def _length(text: str) -> int:
    return sum(3 if _is_han(char) else 1 for char in text)


def _reason(text: str | None, refused: Sequence[Finding], check: Check) -> str:
    if not text or not text.strip():
        return "no text"
    parts = [reason_of(refused)] if refused else []
    if broken := sorted(set(check(text))):
        parts.append(f"breaks: {', '.join(broken)}")
    return "; ".join(parts) or "too short"
