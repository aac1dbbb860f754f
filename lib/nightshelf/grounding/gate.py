"""
Judge a draft: every word and number of it is carried by the evidence, or the gate says so.

The world is closed: what no field carries, and is not one of the words that claim nothing, is an
invention, whether or not a list knows it.
"""

from importlib.metadata import version

from nightshelf.grounding.amounts import is_currency, judge_number
from nightshelf.grounding.claims import (
    DISGUISE,
    NEGATION,
    PRICE,
    SUPPORTED,
    SYMBOL,
    UNSUPPORTED,
    Finding,
    Verdict,
)
from nightshelf.grounding.evidence import Evidence
from nightshelf.grounding.index import Index, index
from nightshelf.grounding.lexicon import digest
from nightshelf.grounding.marks import Mark, unheard
from nightshelf.grounding.reading import Reading, read
from nightshelf.grounding.slots import settle
from nightshelf.grounding.token import MARK, NUM, Token
from nightshelf.grounding.wording import judge_word

#: Goes up with every change of what the gate decides; its lists count by themselves.
_RULES = 1

#: Recorded with each verdict: these rules, their lists, and the library that knows the units.
GATE_VERSION = f"rules-{_RULES} words-{digest()} pint-{version('pint')}"

_PLAIN_MARKS = frozenset(
    ".,;:!?'\"()-/&[]%°\u3001\u3002\u300a\u300b\u300c\u300d\u3010\u3011\u00b7\u2026"
)


def judge(draft: str, evidence: Evidence | Index) -> Verdict:
    """
    Pure. `evidence` may be an index of it, made once for several drafts of one product.

    >>> from nightshelf.grounding.evidence import product_evidence
    >>> shop = product_evidence(title="Kettle", attributes={"colour": "red", "height": "60 cm"})
    >>> judge("A red kettle, 600 mm high.", shop).passes
    True
    >>> [f.kind for f in judge("A blue kettle.", shop).refused]
    ['colour']
    """
    made = evidence if isinstance(evidence, Index) else index(evidence)
    reading = read(draft)
    marks = _marks(reading.tokens, made)
    settle(reading.tokens, marks, made)
    findings = [_finding(reading, mark) for mark in marks]
    findings += [Finding(DISGUISE, at, at + 1, UNSUPPORTED) for at in reading.normal.disguises]
    findings.sort(key=lambda one: (one.start, one.end))
    return Verdict(tuple(_merged(findings)), GATE_VERSION)


def _marks(tokens: list[Token], made: Index) -> list[Mark]:
    marks: list[Mark] = []
    place = 0
    while place < len(tokens):
        mark = _mark(tokens, place, made)
        if mark:
            marks.append(mark)
        place += max(mark.length if mark else 1, tokens[place].phrase)
    return marks


def _mark(tokens: list[Token], place: int, made: Index) -> Mark | None:
    token = tokens[place]
    if token.kind == MARK:
        return _judge_mark(token, place, made)
    if token.kind == NUM:
        return judge_number(tokens, place, made)
    if token.cue:
        # What it negates is judged by itself; negating nothing, it may negate anything.
        return None if token.negated else unheard(place, NEGATION)
    return judge_word(tokens, place, made) if token.says else None


def _judge_mark(token: Token, place: int, made: Index) -> Mark | None:
    if token.key in _PLAIN_MARKS:
        return None
    if is_currency(token):
        return unheard(place, PRICE)
    return None if token.key in made.marks else unheard(place, SYMBOL)


def _finding(reading: Reading, mark: Mark) -> Finding:
    tokens = reading.tokens[mark.at : mark.at + mark.length]
    start, end = reading.normal.span(tokens[0].start, tokens[-1].end)
    negated = tokens[0].negated and mark.kind not in (PRICE, SYMBOL)
    return Finding(NEGATION if negated else mark.kind, start, end, mark.verdict, mark.place)


def _merged(findings: list[Finding]) -> list[Finding]:
    """Words that follow one another in the draft and in one field are one claim."""
    made: list[Finding] = []
    for one in findings:
        last = made[-1] if made else None
        if last and _continues(last, one) and last.evidence and one.evidence:
            place = type(one.evidence)(last.evidence.field, last.evidence.start, one.evidence.end)
            made[-1] = Finding(last.kind, last.start, one.end, SUPPORTED, place)
        else:
            made.append(one)
    return made


def _continues(last: Finding, one: Finding) -> bool:
    if last.kind != one.kind or last.verdict != SUPPORTED or one.verdict != SUPPORTED:
        return False
    if last.evidence is None or one.evidence is None or last.evidence.field != one.evidence.field:
        return False
    in_draft = 0 <= one.start - last.end <= 1
    return in_draft and 0 <= one.evidence.start - last.evidence.end <= 1
